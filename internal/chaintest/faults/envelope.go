package faults

import (
	"encoding/json"
	"slices"
)

// envelopeKinds are JSON-RPC replies whose ids and members are not as they
// should be.
func envelopeKinds() []Kind {
	batched := func(change func(x *exchange, list []reply, mine int) []reply) func(*exchange) bool {
		return func(x *exchange) bool {
			list := x.replies()
			i := x.mine(list)
			if !x.batch || len(list) < 2 || i < 0 {
				return false
			}
			return x.write(change(x, list, i))
		}
	}
	kinds := []Kind{
		{
			Name: "wrong-id", Doc: "The reply has the id of nobody's question.", Ref: "reliability 0.3",
			apply: func(x *exchange) bool {
				return x.edit(func(r reply) bool { r["id"] = json.RawMessage("987654321"); return true })
			},
		},
		{
			Name: "absent-id", Doc: "The reply has no id.", Ref: "reliability 6 B",
			apply: func(x *exchange) bool { return x.edit(func(r reply) bool { delete(r, "id"); return true }) },
		},
		{
			Name: "null-id", Doc: "The reply has the id null.", Ref: "JSON-RPC 2.0, 5",
			apply: func(x *exchange) bool {
				return x.edit(func(r reply) bool { r["id"] = json.RawMessage("null"); return true })
			},
		},
		{
			Name: "duplicate-id", Doc: "Two replies of a batch have one id, and tell different things.", Ref: "reliability 0.3",
			apply: batched(func(_ *exchange, list []reply, i int) []reply {
				list[(i+1)%len(list)]["id"] = list[i]["id"]
				return list
			}),
		},
		{
			Name: "swapped-ids", Doc: "Two replies of a batch have each other's id.", Ref: "reliability 6 B", Nature: Lying,
			apply: batched(func(_ *exchange, list []reply, i int) []reply {
				k := (i + 1) % len(list)
				list[i]["id"], list[k]["id"] = list[k]["id"], list[i]["id"]
				return list
			}),
		},
		{
			Name: "reordered", Doc: "The replies of a batch come in another order, as they may.", Ref: "JSON-RPC 2.0, 6", Nature: Harmless,
			apply: batched(func(_ *exchange, list []reply, _ int) []reply { slices.Reverse(list); return list }),
		},
		{
			Name: "missing-member", Doc: "A batch has no reply to one of its calls.", Ref: "reliability 6 B",
			apply: batched(func(_ *exchange, list []reply, i int) []reply { return slices.Delete(list, i, i+1) }),
		},
		{
			Name: "extra-member", Doc: "A batch has a reply that nobody asked for.", Ref: "reliability 6 B",
			apply: batched(func(_ *exchange, list []reply, i int) []reply {
				extra := reply{"jsonrpc": json.RawMessage(`"2.0"`), "id": json.RawMessage("424242"), "result": list[i]["result"]}
				return append(list, extra)
			}),
		},
		{
			Name: "result-and-error", Doc: "The reply has a result and an error.", Ref: "JSON-RPC 2.0, 5",
			apply: func(x *exchange) bool {
				return x.edit(func(r reply) bool {
					r["error"] = encode(map[string]any{"code": -32000, "message": "partial result"})
					return true
				})
			},
		},
		{
			Name: "neither", Doc: "The reply has neither result nor error.", Ref: "JSON-RPC 2.0, 5",
			apply: func(x *exchange) bool {
				return x.edit(func(r reply) bool { delete(r, "result"); delete(r, "error"); return true })
			},
		},
		{
			Name: "single-for-batch", Doc: "A batch is answered by one error, of the first id.", Ref: "sources 1.5",
			apply: func(x *exchange) bool {
				return x.batch && x.answer(200, "application/json",
					`[{"jsonrpc":"2.0","id":`+string(x.calls[0].id)+`,"error":{"code":-32600,"message":"batch too large"}}]`)
			},
		},
		{
			Name: "tail-too-large", Doc: "The last replies of a batch are errors, since the answer grew too large.", Ref: "sources 1.5",
			apply: batched(func(_ *exchange, list []reply, i int) []reply {
				for _, r := range list[max(1, i):] {
					delete(r, "result")
					r["error"] = encode(map[string]any{"code": -32003, "message": "response too large"})
				}
				return list
			}),
		},
	}
	for i := range kinds {
		kinds[i].Speaks = JSONRPC
		if kinds[i].Nature == Harmless && kinds[i].Name != "reordered" {
			kinds[i].Nature = Passing
		}
	}
	return kinds
}
