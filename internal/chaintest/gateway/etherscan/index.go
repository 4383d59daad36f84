package etherscan

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// index is what is known of every address, by the name of the list.
type index struct {
	blocks []string // hashes, by height
	lists  map[string]map[string][]map[string]any
	// genesis are the rows of block 0, by address; nil for who had nothing.
	genesis map[string]map[string]any
	looked  time.Time // when the node was asked for its head
}

// stale is how long the index is taken for complete: less than anybody waits
// for a block.
const stale = 20 * time.Millisecond

func newIndex() *index {
	return &index{lists: map[string]map[string][]map[string]any{}, genesis: map[string]map[string]any{}}
}

// rows are the rows of a list of an address. The index is brought up to the
// node's head first.
func (g *Gateway) rows(ctx context.Context, action, address string) ([]map[string]any, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.catchUp(ctx); err != nil {
		return nil, err
	}
	rows := slices.Clone(g.index.lists[action][address])
	if g.opt.Flavour.Genesis && action == "txlist" {
		row, known := g.index.genesis[address]
		if !known {
			var err error
			if row, err = g.genesis(ctx, address); err != nil {
				return nil, err
			}
			g.index.genesis[address] = row
		}
		if row != nil {
			rows = slices.Insert(rows, 0, row)
		}
	}
	return rows, nil
}

func (g *Gateway) catchUp(ctx context.Context) error {
	if time.Since(g.index.looked) < stale {
		return nil
	}
	var head string
	if err := g.call(ctx, &head, "eth_blockNumber"); err != nil {
		return err
	}
	top := int(quantity(head).Int64())
	if n := len(g.index.blocks); n > 0 {
		var b struct{ Hash string }
		if err := g.call(ctx, &b, "eth_getBlockByNumber", hexOf(min(n-1, top)), false); err != nil {
			return err
		}
		if n-1 > top || b.Hash != g.index.blocks[n-1] {
			g.index = newIndex() // the chain was reorganised
		}
	}
	for height := len(g.index.blocks); height <= top; height++ {
		if err := g.read(ctx, height); err != nil {
			return err
		}
	}
	g.index.looked = time.Now()
	return nil
}

// block is a block with its transactions, as the node tells it.
type block struct {
	Hash         string
	Timestamp    string
	Transactions []struct {
		Hash, From, To, Value, Nonce, Gas, Input string
	}
}

type receipt struct {
	Status, GasUsed, EffectiveGasPrice, CumulativeGasUsed, ContractAddress string

	Logs []struct {
		Address, Data, LogIndex string
		Topics                  []string
	}
}

// frame is a call of callTracer.
type frame struct {
	Type, From, To, Value, Gas, GasUsed, Input, Error string

	Calls []frame
}

// told is all that the node tells of a block.
type told struct {
	block    block
	receipts []receipt
	traces   []struct{ Result frame }
}

// memory is what the node told, for all gateways that share it.
type memory struct {
	mu     sync.Mutex
	blocks map[string]*told // by hash
}

func (g *Gateway) ask(ctx context.Context, height int) (*told, error) {
	var head struct{ Hash string }
	if err := g.call(ctx, &head, "eth_getBlockByNumber", hexOf(height), false); err != nil {
		return nil, err
	}
	g.memory.mu.Lock()
	defer g.memory.mu.Unlock()
	if t := g.memory.blocks[head.Hash]; t != nil {
		return t, nil
	}
	t := &told{}
	if err := g.call(ctx, &t.block, "eth_getBlockByNumber", hexOf(height), true); err != nil {
		return nil, err
	}
	if len(t.block.Transactions) > 0 {
		if err := g.call(ctx, &t.receipts, "eth_getBlockReceipts", hexOf(height)); err != nil {
			return nil, err
		}
		if err := g.call(ctx, &t.traces, "debug_traceBlockByNumber", hexOf(height), map[string]any{"tracer": "callTracer"}); err != nil {
			return nil, err
		}
	}
	g.memory.blocks[t.block.Hash] = t
	return t, nil
}

func (g *Gateway) read(ctx context.Context, height int) error {
	t, err := g.ask(ctx, height)
	if err != nil {
		return err
	}
	b, receipts, traces := &t.block, t.receipts, t.traces
	for i := range b.Transactions {
		tx, r := &b.Transactions[i], &receipts[i]
		common := map[string]any{
			"blockNumber": strconv.Itoa(height), "timeStamp": decimalOf(b.Timestamp), "hash": tx.Hash,
			"nonce": decimalOf(tx.Nonce), "blockHash": b.Hash, "transactionIndex": strconv.Itoa(i),
			"gas": decimalOf(tx.Gas), "gasPrice": decimalOf(r.EffectiveGasPrice), "gasUsed": decimalOf(r.GasUsed),
			"cumulativeGasUsed": decimalOf(r.CumulativeGasUsed),
		}
		failed := "0"
		if r.Status != "0x1" {
			failed = "1"
		}
		g.enter("txlist", with(common, map[string]any{
			"from": tx.From, "to": tx.To, "value": decimalOf(tx.Value), "input": tx.Input, "methodId": clipped(tx.Input, 10),
			"functionName": "", "isError": failed, "txreceipt_status": decimalOf(r.Status), "contractAddress": r.ContractAddress,
		}), tx.From, tx.To, r.ContractAddress)
		g.tokens(common, r)
		if i < len(traces) {
			w := &frames{gateway: g, common: common}
			w.walk(&traces[i].Result, nil, failed == "1")
		}
	}
	g.index.blocks = append(g.index.blocks, b.Hash)
	return nil
}

// enter puts a row into a list of each address.
func (g *Gateway) enter(action string, row map[string]any, addresses ...string) {
	lists := g.index.lists[action]
	if lists == nil {
		lists = map[string][]map[string]any{}
		g.index.lists[action] = lists
	}
	for i, a := range addresses {
		if a = strings.ToLower(a); a != "" && !slices.Contains(addresses[:i], a) {
			lists[a] = append(lists[a], row)
		}
	}
}

// genesis is the row for what an account had in block 0, in the form that
// Etherscan has for it; nil if it had nothing.
func (g *Gateway) genesis(ctx context.Context, address string) (map[string]any, error) {
	var balance string
	if err := g.call(ctx, &balance, "eth_getBalance", address, "0x0"); err != nil || quantity(balance).Sign() == 0 {
		return nil, err
	}
	var b block
	if err := g.call(ctx, &b, "eth_getBlockByNumber", "0x0", false); err != nil {
		return nil, err
	}
	return map[string]any{
		"blockNumber": "0", "timeStamp": decimalOf(b.Timestamp), "hash": "GENESIS_" + strings.TrimPrefix(address, "0x"),
		"nonce": "", "blockHash": "", "transactionIndex": "0", "from": "GENESIS", "to": address, "value": decimalOf(balance),
		"gas": "0", "gasPrice": "0", "isError": "0", "txreceipt_status": "", "input": "", "contractAddress": "",
		"cumulativeGasUsed": "0", "gasUsed": "0",
	}, nil
}

// transferTopic is keccak256("Transfer(address,address,uint256)").
const transferTopic = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"

// tokens lists ERC-20 transfers: NFTs have a list of their own.
func (g *Gateway) tokens(common map[string]any, r *receipt) {
	for _, l := range r.Logs {
		if len(l.Topics) != 3 || l.Topics[0] != transferTopic || len(l.Data) != 66 {
			continue
		}
		from, to := "0x"+l.Topics[1][26:], "0x"+l.Topics[2][26:]
		row := with(common, map[string]any{
			"from": from, "to": to, "contractAddress": l.Address, "value": decimalOf(l.Data),
			"tokenName": "Token", "tokenSymbol": "TOK", "tokenDecimal": "6", "input": "deprecated",
		})
		if g.opt.Flavour.LogIndex {
			row["logIndex"] = decimalOf(l.LogIndex)
		}
		g.enter("tokentx", row, from, to)
	}
}

// frames lists the calls of one transaction.
type frames struct {
	gateway *Gateway
	common  map[string]any
	number  int
}

func (w *frames) walk(f *frame, path []string, undone bool) {
	number := w.number
	w.number++
	undone = undone || f.Error != ""
	w.list(f, path, number, undone)
	for i := range f.Calls {
		w.walk(&f.Calls[i], append(slices.Clip(path), strconv.Itoa(i)), undone)
	}
}

func (w *frames) list(f *frame, path []string, number int, undone bool) {
	blockscout := w.gateway.opt.Flavour.CallIndex
	kind, callType := "call", strings.ToLower(f.Type)
	switch f.Type {
	case "CREATE", "CREATE2":
		kind, callType = "create", ""
	case "SELFDESTRUCT":
		kind, callType = "suicide", ""
		if blockscout {
			kind = "selfdestruct"
		}
	}
	if len(path) == 0 && (kind != "create" || !blockscout) {
		return
	}
	// Calls without value are listed by neither, delegate calls by Blockscout.
	if kind == "call" && (quantity(f.Value).Sign() == 0 || callType != "call" && !blockscout) {
		return
	}
	if w.gateway.opt.RawErrors {
		undone = f.Error != ""
	}
	row := map[string]any{
		"blockNumber": w.common["blockNumber"], "timeStamp": w.common["timeStamp"], "from": f.From, "to": f.To,
		"value": quantity(f.Value).String(), "contractAddress": "", "input": "", "type": kind,
		"gas": decimalOf(f.Gas), "gasUsed": decimalOf(f.GasUsed), "isError": "0", "errCode": "",
	}
	if undone {
		row["isError"], row["errCode"] = "1", f.Error
	}
	to := f.To
	if kind == "create" {
		row["to"], row["contractAddress"] = "", f.To
		if undone {
			row["contractAddress"], to = "", "" // nothing was created
		}
	}
	if blockscout {
		row["transactionHash"], row["index"], row["callType"] = w.common["hash"], strconv.Itoa(number), callType
	} else {
		row["hash"], row["traceId"] = w.common["hash"], strings.Join(path, "_")
	}
	w.gateway.enter("txlistinternal", row, f.From, to)
}

// confirm says of rows how many blocks confirm them; internal ones do not say.
func (g *Gateway) confirm(rows []map[string]any) []map[string]any {
	g.mu.Lock()
	head := uint64(len(g.index.blocks) - 1)
	g.mu.Unlock()
	out := make([]map[string]any, len(rows))
	for i, r := range rows {
		out[i] = r
		if _, given := r["cumulativeGasUsed"]; given {
			out[i] = with(r, map[string]any{"confirmations": strconv.FormatUint(head-number(fmt.Sprint(r["blockNumber"]), 0), 10)})
		}
	}
	return out
}

func with(a, b map[string]any) map[string]any {
	out := make(map[string]any, len(a)+len(b))
	for k, v := range a {
		out[k] = v
	}
	for k, v := range b {
		out[k] = v
	}
	return out
}

func clipped(s string, n int) string { return s[:min(n, len(s))] }

func hexOf(n int) string { return fmt.Sprintf("0x%x", n) }

// quantity reads hex; what is empty is 0.
func quantity(hex string) *big.Int {
	n, ok := new(big.Int).SetString(strings.TrimPrefix(hex, "0x"), 16)
	if !ok {
		return new(big.Int)
	}
	return n
}

func decimalOf(hex string) string { return quantity(hex).String() }
