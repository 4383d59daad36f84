package btcnode

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/btcsuite/btcd/wire/v2"
)

type rpcRequest struct {
	JSONRPC string `json:"jsonrpc"`
	ID      int    `json:"id"`
	Method  string `json:"method"`
	Params  []any  `json:"params"`
}

type rpcReply struct {
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
}

// Call calls a method and fails the test if the node says no.
func (n *Node) Call(method string, params ...any) json.RawMessage {
	n.tb.Helper()
	result, err := n.call(method, params...)
	if err != nil {
		n.tb.Fatal(err)
	}
	return result
}

func (n *Node) call(method string, params ...any) (json.RawMessage, error) {
	return Ask(n.URL, method, params...)
}

// Ask calls a method of the node at a URL.
func Ask(url, method string, params ...any) (json.RawMessage, error) {
	if params == nil {
		params = []any{}
	}
	var reply rpcReply
	if err := post(url, rpcRequest{"1.0", 1, method, params}, &reply); err != nil {
		return nil, fmt.Errorf("%s: %w", method, err)
	}
	if reply.Error != nil {
		return nil, fmt.Errorf("%s: %d %s", method, reply.Error.Code, reply.Error.Message)
	}
	return reply.Result, nil
}

func post(url string, body, reply any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(text))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.SetBasicAuth(User, Password)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("HTTP %d %s", resp.StatusCode, got)
	}
	return json.Unmarshal(got, reply)
}

// Submit gives blocks to the node, in one request.
func (n *Node) Submit(blocks ...*wire.MsgBlock) {
	n.tb.Helper()
	if len(blocks) == 0 {
		return
	}
	var batch []rpcRequest
	for i, b := range blocks {
		batch = append(batch, rpcRequest{"2.0", i, "submitblock", []any{serialized(b)}})
	}
	var replies []rpcReply
	if err := post(n.URL, batch, &replies); err != nil {
		n.tb.Fatal(err)
	}
	for i, r := range replies {
		if r.Error != nil || string(r.Result) != "null" {
			n.tb.Fatalf("block %d of %d: %s %v", i+1, len(blocks), r.Result, r.Error)
		}
	}
	if len(replies) != len(blocks) {
		n.tb.Fatalf("%d replies to %d blocks", len(replies), len(blocks))
	}
}

// Reorganize takes blocks off the node's chain, from the first of the old ones
// on, and puts others in their place.
func (n *Node) Reorganize(old *wire.MsgBlock, blocks ...*wire.MsgBlock) {
	n.tb.Helper()
	n.Call("invalidateblock", old.BlockHash().String())
	n.Submit(blocks...)
}

// Send gives an unconfirmed transaction to the node.
func (n *Node) Send(tx *wire.MsgTx) {
	n.tb.Helper()
	var b bytes.Buffer
	_ = tx.Serialize(&b)
	n.Call("sendrawtransaction", hex.EncodeToString(b.Bytes()), true)
}

func serialized(b *wire.MsgBlock) string {
	var out strings.Builder
	if err := b.Serialize(hex.NewEncoder(&out)); err != nil {
		panic(err) // a writer into memory does not fail
	}
	return out.String()
}
