package faults

import (
	"bytes"
	"encoding/json"
	"slices"
)

// rowKinds are lists that lack rows, or have rows that are not true.
func rowKinds() []Kind {
	changed := func(change func(x *exchange, rows []json.RawMessage, i int) []json.RawMessage) func(*exchange) bool {
		return func(x *exchange) bool {
			rows, set, ok := x.rows()
			if !ok || len(rows) == 0 {
				return false
			}
			rows = change(x, rows, x.draw.IntN(len(rows)))
			return rows != nil && set(rows)
		}
	}
	capped := func(n int) func(*exchange) bool {
		return changed(func(_ *exchange, rows []json.RawMessage, _ int) []json.RawMessage {
			if len(rows) <= n {
				return nil
			}
			return rows[:n]
		})
	}
	kinds := []Kind{
		{
			Name: "empty-list", Doc: "[] for what is not empty.", Ref: "lotus #13749; ponder #1852",
			apply: changed(func(*exchange, []json.RawMessage, int) []json.RawMessage { return []json.RawMessage{} }),
		},
		{Name: "capped-10", Doc: "Exactly 10 rows of more.", Ref: "smartbch #54", apply: capped(10)},
		{Name: "capped-100", Doc: "Exactly 100 rows of more.", Ref: "ethers #1389", apply: capped(100)},
		{Name: "capped-1000", Doc: "Exactly 1,000 rows of more.", Ref: "sources 4.7", apply: capped(1000)},
		{
			Name: "dropped-row", Doc: "One log, receipt or transaction is left out.", Ref: "public-datasets #16",
			apply: changed(func(_ *exchange, rows []json.RawMessage, i int) []json.RawMessage { return slices.Delete(rows, i, i+1) }),
		},
		{
			Name: "last-row-dropped", Doc: "The last row is left out: the tail of a page.", Ref: "hyperindex #388",
			apply: changed(func(_ *exchange, rows []json.RawMessage, _ int) []json.RawMessage { return rows[:len(rows)-1] }),
		},
		{
			Name: "duplicated-row", Doc: "One row comes twice.", Ref: "ethereum-etl streaming",
			apply: changed(func(_ *exchange, rows []json.RawMessage, i int) []json.RawMessage {
				return slices.Insert(rows, i, rows[i])
			}),
		},
		{
			Name: "reversed-rows", Doc: "The rows come in the opposite order.", Ref: "scenario 7.2 Faults",
			apply: changed(func(_ *exchange, rows []json.RawMessage, _ int) []json.RawMessage {
				if len(rows) < 2 {
					return nil
				}
				slices.Reverse(rows)
				return rows
			}),
		},
		{
			Name: "added-row", Doc: "A row of a transaction that does not exist.", Ref: "reliability 6 B",
			apply: changed(func(_ *exchange, rows []json.RawMessage, i int) []json.RawMessage {
				added := alter(rows[i], "transactionHash", "hash", "txHash", "txid")
				if added == nil {
					return nil
				}
				return slices.Insert(rows, i, added)
			}),
		},
		{
			Name: "altered-amount", Doc: "A row tells another amount.", Ref: "reliability 6 B",
			apply: changed(func(_ *exchange, rows []json.RawMessage, i int) []json.RawMessage {
				altered := alter(rows[i], "data", "value", "logs", "vout", "result", "action")
				if altered == nil {
					return nil
				}
				rows[i] = altered
				return rows
			}),
		},
		{
			Name: "altered-party", Doc: "A row tells another party.", Ref: "reliability 6 B",
			apply: changed(func(_ *exchange, rows []json.RawMessage, i int) []json.RawMessage {
				altered := alter(rows[i], "to", "logs", "topics", "scriptPubKey", "vout", "result", "action")
				if altered == nil {
					return nil
				}
				rows[i] = altered
				return rows
			}),
		},
		{
			Name: "altered-status", Doc: "A failed transaction succeeds, or the other way.", Ref: "ponder", Speaks: JSONRPC | Etherscan,
			apply: changed(func(_ *exchange, rows []json.RawMessage, i int) []json.RawMessage {
				var row reply
				if json.Unmarshal(rows[i], &row) != nil {
					return nil
				}
				for _, name := range []string{"isError", "txreceipt_status", "status"} {
					switch s := string(row[name]); s {
					case `"0x1"`:
						row[name] = json.RawMessage(`"0x0"`)
					case `"0x0"`:
						row[name] = json.RawMessage(`"0x1"`)
					case `"1"`:
						row[name] = json.RawMessage(`"0"`)
					case `"0"`:
						row[name] = json.RawMessage(`"1"`)
					default:
						continue
					}
					rows[i] = encode(row)
					return rows
				}
				return nil
			}),
		},
		{
			Name: "row-of-another-block", Doc: "A row claims to lie in another block.", Ref: "etherscan #reorg; lasso-rpc #11",
			apply: changed(func(_ *exchange, rows []json.RawMessage, i int) []json.RawMessage {
				altered := alter(rows[i], "blockNumber", "blockhash", "status")
				if altered == nil {
					return nil
				}
				rows[i] = altered
				return rows
			}),
		},
	}
	for i := range kinds {
		if kinds[i].Speaks == 0 {
			kinds[i].Speaks = anyProtocol
		}
		kinds[i].Nature = Lying
	}
	return kinds
}

// alter changes the first of the named members of a row that it finds, also
// below lists and objects; nil if there is none.
func alter(row json.RawMessage, names ...string) json.RawMessage {
	var object reply
	if json.Unmarshal(row, &object) == nil && object != nil {
		for _, name := range names {
			old, found := object[name]
			if !found {
				continue
			}
			fresh := alter(old, names...)
			if fresh == nil {
				continue
			}
			object[name] = fresh
			return encode(object)
		}
		return nil
	}
	var list []json.RawMessage
	if json.Unmarshal(row, &list) == nil {
		if len(list) == 0 {
			return nil
		}
		last := len(list) - 1
		if list[last] = alter(list[last], names...); list[last] == nil {
			return nil
		}
		return encode(list)
	}
	return change(row)
}

// change changes the last digit of a number or a text; nil if it has none.
func change(value json.RawMessage) json.RawMessage {
	out := bytes.Clone(value)
	i := bytes.LastIndexAny(out, "0123456789abcdefABCDEF")
	if i < 0 || string(out) == "null" || string(out) == "true" || string(out) == "false" || string(out) == `"0x"` {
		return nil
	}
	switch c := out[i]; {
	case c >= '1' && c <= '9':
		out[i]--
	default:
		out[i] = '1'
	}
	return out
}
