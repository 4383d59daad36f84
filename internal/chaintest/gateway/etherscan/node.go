package etherscan

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"strings"
)

// call calls a method of the node.
func (g *Gateway) call(ctx context.Context, out any, method string, params ...any) error {
	if params == nil {
		params = []any{}
	}
	body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
	if err != nil {
		return err
	}
	raw, err := g.forward(ctx, body)
	if err != nil {
		return err
	}
	var reply struct {
		Result json.RawMessage
		Error  *struct{ Message string }
	}
	if err := json.Unmarshal(raw, &reply); err != nil {
		return err
	}
	if reply.Error != nil {
		return errors.New(reply.Error.Message)
	}
	return json.Unmarshal(reply.Result, out)
}

// forward sends a JSON-RPC body to the node.
func (g *Gateway) forward(ctx context.Context, body []byte) (json.RawMessage, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.node, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var buffer bytes.Buffer
	_, err = buffer.ReadFrom(res.Body)
	return buffer.Bytes(), err
}

// proxy answers module=proxy: the node's own answer, for the methods that
// Etherscan lets through.
func (g *Gateway) proxy(ctx context.Context, action string, q url.Values) *answer {
	var params []any
	switch action {
	case "eth_blockNumber":
		params = []any{}
	case "eth_getBlockByNumber":
		params = []any{q.Get("tag"), q.Get("boolean") == "true"}
	case "eth_getTransactionCount", "eth_getCode":
		params = []any{q.Get("address"), q.Get("tag")}
	case "eth_getTransactionByHash":
		params = []any{q.Get("txhash")}
	default:
		return g.unknown("action")
	}
	body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": action, "params": params})
	if err != nil {
		return failure(err)
	}
	raw, err := g.forward(ctx, body)
	if err != nil {
		return failure(err)
	}
	return &answer{body: raw}
}

// rpc answers JSON-RPC, where there is no module=proxy. Ref: Blockscout,
// "ETH RPC API".
func (g *Gateway) rpc(w http.ResponseWriter, r *http.Request, body string) {
	var request struct {
		ID     json.RawMessage
		Method string
	}
	if g.opt.Flavour.Proxy || !strings.HasSuffix(r.URL.Path, "/api/eth-rpc") || json.Unmarshal([]byte(body), &request) != nil {
		http.NotFound(w, r)
		return
	}
	q := r.URL.Query()
	q.Set("action", request.Method)
	if a := g.admit(q); a != nil {
		a.write(w)
		return
	}
	switch request.Method {
	case "eth_blockNumber", "eth_getBlockByNumber", "eth_getTransactionCount", "eth_getCode", "eth_getTransactionByHash", "eth_chainId":
	default:
		(&answer{body: map[string]any{"jsonrpc": "2.0", "id": request.ID, "error": "Action not found."}}).write(w)
		return
	}
	raw, err := g.forward(r.Context(), []byte(body))
	if err != nil {
		(&answer{status: http.StatusInternalServerError, body: map[string]any{"message": "Something went wrong.", "result": nil, "status": "0"}}).write(w)
		return
	}
	(&answer{body: raw}).write(w)
}

// balance is what an account has now, in decimal.
func (g *Gateway) balance(ctx context.Context, address string) *answer {
	var hex string
	if err := g.call(ctx, &hex, "eth_getBalance", address, "latest"); err != nil {
		return failure(err)
	}
	return decimal(hex)
}

// tokenBalance is what an account has of a token.
func (g *Gateway) tokenBalance(ctx context.Context, token, address string) *answer {
	var hex string
	data := "0x70a08231" + strings.Repeat("0", 24) + strings.TrimPrefix(address, "0x")
	if err := g.call(ctx, &hex, "eth_call", map[string]any{"to": token, "input": data}, "latest"); err != nil {
		return failure(err)
	}
	return decimal(hex)
}

func decimal(hex string) *answer {
	n, ok := new(big.Int).SetString(strings.TrimPrefix(hex, "0x"), 16)
	if !ok {
		return failure(fmt.Errorf("%s is not a number", hex))
	}
	return &answer{body: map[string]any{"status": "1", "message": "OK", "result": n.String()}}
}
