package etherscan

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/fetch"
)

// param is a parameter of a node's method: its value, and what module=proxy
// calls it.
type param struct {
	name  string
	value any // text or bool
}

// rpc calls a method of the node behind the explorer: by module=proxy, or by
// JSON-RPC where the settings say so. With a pin the answer is archived. good
// says whether a result is one.
func (s *Server) rpc(ctx context.Context, pin, method string, good func(jsontext.Value) error, params ...param) (jsontext.Value, error) {
	open := func(r fetch.Reply) (jsontext.Value, fetch.Verdict) {
		result, v := extract(r)
		if v.Class != fetch.Final {
			return nil, v
		}
		if err := good(result); err != nil {
			return nil, fetch.Verdict{Class: fetch.Broken, Reason: clip(err.Error())}
		}
		return result, v
	}
	call := fetch.Call{Name: method, Pin: pin, Judge: func(r fetch.Reply) fetch.Verdict {
		_, v := open(r)
		return v
	}}
	if s.set.rpc == "" {
		call.Query = url.Values{"chainid": {s.number}, "module": {"proxy"}, "action": {method}}
		for _, p := range params {
			call.Query.Set(p.name, fmt.Sprint(p.value))
		}
	} else {
		list := make([]any, len(params))
		for i, p := range params {
			list[i] = p.value
		}
		body, err := json.Marshal(struct {
			Version string `json:"jsonrpc"`
			ID      int    `json:"id"`
			Method  string `json:"method"`
			Params  []any  `json:"params"`
		}{"2.0", 1, method, list}, json.Deterministic(true))
		if err != nil {
			return nil, err
		}
		call.Path, call.Body = s.set.rpc, body
	}
	reply, err := s.client.Ask(ctx, call)
	if err != nil {
		return nil, err
	}
	result, v := open(reply)
	if v.Class != fetch.Final {
		return nil, &fetch.Error{Server: s.name, Call: method, Class: v.Class, Reason: v.Reason}
	}
	return result, nil
}

// sent is how many transactions an account has sent up to now: its nonce.
func (s *Server) sent(ctx context.Context, pin string, a chain.Address) (uint64, error) {
	v, err := s.rpc(ctx, pin, "eth_getTransactionCount", isQuantity, param{"address", string(a)}, param{"tag", "latest"})
	if err != nil {
		return 0, err
	}
	return quantity(v)
}

// code is the code at an address now, in hex.
func (s *Server) code(ctx context.Context, pin string, a chain.Address) (string, error) {
	v, err := s.rpc(ctx, pin, "eth_getCode", isText, param{"address", string(a)}, param{"tag", "latest"})
	if err != nil {
		return "", err
	}
	var text string
	return text, json.Unmarshal(v, &text)
}

// quantity reads a number such as "0x1f".
func quantity(v jsontext.Value) (uint64, error) {
	var text string
	if err := json.Unmarshal(v, &text); err != nil {
		return 0, fmt.Errorf("the result is not a quantity: %w", err)
	}
	digits, ok := strings.CutPrefix(text, "0x")
	n, err := strconv.ParseUint(digits, 16, 64)
	if !ok || err != nil {
		return 0, fmt.Errorf("the result %q is not a quantity", clip(text))
	}
	return n, nil
}

func isQuantity(v jsontext.Value) error {
	_, err := quantity(v)
	return err
}

func isText(v jsontext.Value) error {
	if v.Kind() != '"' {
		return fmt.Errorf("the result is not text")
	}
	return nil
}
