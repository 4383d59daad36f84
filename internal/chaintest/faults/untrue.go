package faults

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// untrueKinds are replies of JSON-RPC in good form that answer something else.
func untrueKinds() []Kind {
	kinds := []Kind{
		{
			Name: "null-result", Doc: "The result is null: a node that does not have the block yet.", Ref: "Ekubo 164; ethereum-etl #362", Nature: Passing,
			apply: func(x *exchange) bool {
				value, set, ok := x.result()
				return ok && string(value) != "null" && set(json.RawMessage("null"))
			},
		},
		{
			Name: "wrong-chain", Doc: "The endpoint serves another chain, from now on.", Ref: "reliability 6 B", Nature: Fatal, Onward: true,
			fits: func(c call) bool { return c.method == "eth_chainId" || c.method == "net_version" },
			apply: func(x *exchange) bool {
				_, set, ok := x.result()
				if x.calls[x.target].method == "net_version" {
					return ok && set(json.RawMessage(`"42"`))
				}
				return ok && set(json.RawMessage(`"0x2a"`))
			},
		},
		{
			Name: "head-moves-back", Doc: "The newest block is older than it was a moment ago.", Ref: "lotus #13749", Nature: Lying,
			fits:  func(c call) bool { return tagged(c) || c.method == "eth_blockNumber" },
			apply: moveBack,
		},
		{
			Name: "another-block", Doc: "The answer is that of the block before.", Ref: "lasso-rpc #11", Nature: Lying,
			fits:  func(c call) bool { return numbered(c) && strings.HasPrefix(c.method, "eth_getBlockByNumber") },
			apply: askBefore,
		},
		{
			Name: "receipts-of-another-block", Doc: "The receipts are those of the block before.", Ref: "graph-node #4917", Nature: Lying,
			fits:  func(c call) bool { return numbered(c) && c.method == "eth_getBlockReceipts" },
			apply: askBefore,
		},
		{
			Name: "traces-of-another-block", Doc: "The traces are those of the block before.", Ref: "graph-node #4917", Nature: Lying,
			fits:  func(c call) bool { return numbered(c) && strings.HasPrefix(c.method, "debug_traceBlock") },
			apply: askBefore,
		},
		{
			Name: "stale-count", Doc: "A nonce or balance that is one too small: a node that lags.", Ref: "lotus #13749", Nature: Lying,
			fits: func(c call) bool { return c.method == "eth_getTransactionCount" || c.method == "eth_getBalance" },
			apply: func(x *exchange) bool {
				value, set, ok := x.result()
				var text string
				if !ok || json.Unmarshal(value, &text) != nil {
					return false
				}
				n, err := strconv.ParseUint(strings.TrimPrefix(text, "0x"), 16, 64)
				return err == nil && n > 0 && set(encode(fmt.Sprintf("0x%x", n-1)))
			},
		},
		{
			Name: "wrong-header", Doc: "A header with another state root than its hash says.", Ref: "reliability 6 B", Nature: Lying,
			fits: func(c call) bool { return c.method == "eth_getBlockByNumber" },
			apply: func(x *exchange) bool {
				value, set, ok := x.result()
				var block reply
				if !ok || json.Unmarshal(value, &block) != nil || block["stateRoot"] == nil {
					return false
				}
				block["stateRoot"] = change(block["stateRoot"])
				return set(encode(block))
			},
		},
	}
	for i := range kinds {
		kinds[i].Speaks = JSONRPC
	}
	return kinds
}

// firstParam is the first parameter of a call as text, "" if it is none.
func firstParam(c call) string {
	var params []json.RawMessage
	var text string
	if json.Unmarshal(c.params, &params) != nil || len(params) == 0 || json.Unmarshal(params[0], &text) != nil {
		return ""
	}
	return text
}

// tagged calls name a block by a word.
func tagged(c call) bool {
	switch firstParam(c) {
	case "latest", "finalized", "safe":
		return c.method == "eth_getBlockByNumber"
	}
	return false
}

// numbered calls name a block by its number.
func numbered(c call) bool {
	n, err := strconv.ParseUint(strings.TrimPrefix(firstParam(c), "0x"), 16, 64)
	return strings.HasPrefix(firstParam(c), "0x") && len(firstParam(c)) < 18 && err == nil && n > 0
}

// askBefore answers with what the server says of the block before.
func askBefore(x *exchange) bool {
	n, err := strconv.ParseUint(strings.TrimPrefix(firstParam(x.calls[x.target]), "0x"), 16, 64)
	return err == nil && x.instead(fmt.Sprintf("0x%x", n-1))
}

// moveBack answers with what the server says of a block five below the head.
func moveBack(x *exchange) bool {
	value, set, ok := x.result()
	if !ok {
		return false
	}
	var block struct{ Number string }
	var text string
	isNumber := json.Unmarshal(value, &text) == nil
	if !isNumber && json.Unmarshal(value, &block) == nil {
		text = block.Number
	}
	n, err := strconv.ParseUint(strings.TrimPrefix(text, "0x"), 16, 64)
	if err != nil || n < 6 {
		return false
	}
	if isNumber {
		return set(encode(fmt.Sprintf("0x%x", n-5)))
	}
	return x.instead(fmt.Sprintf("0x%x", n-5))
}

// instead answers the target with what the server says with another first
// parameter.
func (x *exchange) instead(param string) bool {
	c := x.calls[x.target]
	var params []json.RawMessage
	if json.Unmarshal(c.params, &params) != nil || len(params) == 0 {
		return false
	}
	params[0] = encode(param)
	other := x.ask(encode(map[string]any{"jsonrpc": "2.0", "id": c.id, "method": c.method, "params": params}))
	var r reply
	if json.Unmarshal(other, &r) != nil || r["result"] == nil {
		return false
	}
	_, set, ok := x.result()
	return ok && set(r["result"])
}
