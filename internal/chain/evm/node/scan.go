package node

import (
	"context"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/core/types"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/fetch"
	"github.com/scamtrace/scamtrace/internal/fetch/jsonrpc"
)

// scanPart tells every movement in the blocks of one epoch, from the newest to
// the oldest.
type scanPart struct {
	*inquiry
	slot int
	span chain.Span
}

// scanned is how many blocks are read at once: those between two multiples of
// it.
const scanned = 16

// scanWalk is one telling of a scanPart.
type scanWalk struct {
	*scanPart
	teller
	sums   *sums
	counts map[int]int
	gaps   []chain.Gap
	mined  bool
	// untraced is why internal movements are missing, from the block on at which
	// the traces ended.
	untraced *untold
	touched  []int
}

// Ask implements chain.Part.
func (p *scanPart) Ask(ctx context.Context, emit func(*chain.Transfer) error) ([]chain.Gap, error) {
	if err := p.begin(ctx); err != nil {
		return nil, err
	}
	w := &scanWalk{scanPart: p, sums: newSums(), counts: map[int]int{}, teller: newTeller(p.inquiry, emit)}
	for at := range p.texts {
		if p.hubs[at] {
			w.drop(at)
		}
	}
	if err := w.tellAll(ctx); err != nil {
		return nil, err
	}
	if w.mined && p.kinds.has(chain.Reward) {
		w.gaps = append(w.gaps, chain.Gap{
			Kind: chain.Reward, Span: p.Span,
			Reason: "rewards of blocks that were mined are not covered: " + p.server.name + " does not tell them",
		})
	}
	more, err := p.finish(ctx, p.slot, w.sums)
	return append(w.gaps, more...), err
}

func (w *scanWalk) drop(at int) {
	w.counts[at] = w.Limit + 2
	w.sums.untold[at] = true
	w.gaps = append(w.gaps, w.hub(at))
}

// tellAll reads the epoch from its anchor down to the first block of the part.
func (w *scanWalk) tellAll(ctx context.Context) error {
	s := w.server
	want, err := s.anchor(ctx, w.inquiry, w.span.To)
	for top := w.span.To; ; {
		low := max(w.span.From, top&^(scanned-1))
		var blocks []*block
		if err == nil {
			// What was read is kept under the hash of the last of these blocks.
			blocks, err = s.scan(ctx, w, want.Text(chain.Account), want, chain.Span{From: low, To: top})
		}
		if err != nil {
			u, err := s.gapOf(ctx, err)
			if err != nil {
				return err
			}
			// What is below is known by what is above alone.
			w.miss(chain.Span{From: w.span.From, To: top}, u)
			return nil
		}
		for _, b := range blocks { // the newest first
			if err := w.tellBlock(b); err != nil {
				return err
			}
			want = b.parent
		}
		if low == w.span.From {
			if err := s.joined(ctx, w.inquiry, low, want); err != nil {
				u, err := s.gapOf(ctx, err)
				if err == nil {
					w.gaps = append(w.gaps, w.unproven(0, u.reason)...)
				}
				return err
			}
			return nil
		}
		top = low - 1
	}
}

// miss declares that blocks could not be read.
func (w *scanWalk) miss(span chain.Span, u *untold) {
	for at := range w.texts {
		w.sums.untold[at] = true
		for _, k := range []chain.Kind{chain.Fee, chain.NativeKind, chain.Internal, chain.Token, chain.Reward} {
			if w.kinds.has(k) && (k != chain.Internal || w.ways.traced) && !w.hubs[at] {
				w.gaps = append(w.gaps, chain.Gap{Address: w.texts[at], Kind: k, Span: span, Reason: u.reason})
			}
		}
	}
}

// blockRequest, receiptsRequest and traceRequest are what a block is read by.
func blockRequest(height uint64) jsonrpc.Request {
	return jsonrpc.Request{Method: "eth_getBlockByNumber", Params: []any{hexText(height), true}}
}

func receiptsRequest(height uint64) jsonrpc.Request {
	return jsonrpc.Request{Method: "eth_getBlockReceipts", Params: []any{hexText(height)}}
}

func traceRequest(height uint64) jsonrpc.Request {
	type options struct {
		Tracer string `json:"tracer"`
	}
	return jsonrpc.Request{Method: "debug_traceBlockByNumber", Params: []any{hexText(height), options{"callTracer"}}}
}

// scan reads blocks, the newest first, with receipts and, while there are any,
// traces.
func (s *Server) scan(ctx context.Context, w *scanWalk, pin string, want chain.Hash, span chain.Span) ([]*block, error) {
	traced := w.ways.traced && w.untraced == nil
	blocks := make([]*block, 0, scanned)
	var rs []jsonrpc.Request
	for h := span.To; ; h-- {
		x := s.blocks.get(shelfKey{pin, h, traced})
		blocks = append(blocks, x)
		if x == nil {
			rs = append(rs, blockRequest(h), receiptsRequest(h))
		}
		if h == span.From {
			break
		}
	}
	replies, err := s.ask(ctx, s.light, pin, rs)
	if err != nil {
		return nil, err
	}
	var fresh []*block
	for i, b := range blocks {
		if b == nil {
			k := 2 * len(fresh)
			if b, err = s.assemble(ctx, pin, replies[k:k+2], span.To-uint64(i), want); err != nil {
				return nil, err
			}
			blocks[i], fresh = b, append(fresh, b)
		}
		want = b.parent
	}
	if traced {
		if err := w.trace(ctx, pin, fresh); err != nil {
			return nil, err
		}
	}
	for _, b := range fresh {
		if !traced || w.untraced == nil {
			s.blocks.add(shelfKey{pin, b.height, traced}, b, b.size())
		}
	}
	return blocks, nil
}

// trace adds the traces of blocks, the newest first, or notes why there are none
// from some block down.
func (w *scanWalk) trace(ctx context.Context, pin string, blocks []*block) error {
	s := w.server
	var rs []jsonrpc.Request
	var full []*block
	for _, b := range blocks {
		if len(b.txs) > 0 {
			rs, full = append(rs, traceRequest(b.height)), append(full, b)
		}
	}
	replies, err := s.ask(ctx, s.heavy, pin, rs)
	if err != nil {
		return err
	}
	for i, b := range full {
		err := s.settle(ctx, s.heavy, &replies[i], func(v jsontext.Value, _ bool) error { return b.traces(v) })
		if err != nil {
			u, err := s.gapOf(ctx, err)
			if err != nil {
				return err
			}
			w.untrace(full[i:], u)
			return nil
		}
	}
	return nil
}

// untrace declares that internal movements are missing from the first of the
// blocks down to the end of the part.
func (w *scanWalk) untrace(blocks []*block, u *untold) {
	w.untraced = u
	span := chain.Span{From: w.span.From, To: blocks[0].height}
	for _, b := range blocks {
		b.moves = nil
	}
	for at := range w.texts {
		w.sums.mined[at] = true // the balance cannot be proved
		if !w.hubs[at] {
			w.gaps = append(w.gaps, chain.Gap{Address: w.texts[at], Kind: chain.Internal, Span: span, Reason: u.reason})
		}
	}
}

// assemble makes a block of what the server tells of it, and checks it.
func (s *Server) assemble(ctx context.Context, pin string, replies []reply, height uint64, want chain.Hash) (*block, error) {
	var b *block
	var txs []*types.Transaction
	err := s.settle(ctx, s.light, &replies[0], func(v jsontext.Value, kept bool) (err error) {
		if b, err = decodeBlock(v); err != nil {
			return err
		}
		if err := linked(&b.header, height, want); err != nil || kept || !s.strict() {
			return err
		}
		if err := s.sealed(v, &b.header); err != nil {
			return err
		}
		txs, err = checkBody(v, b)
		return err
	})
	if err != nil {
		return nil, err
	}
	if is(replies[1].err, fetch.Unsupported) {
		return b, s.receiptsOneByOne(ctx, pin, b, txs)
	}
	return b, s.settle(ctx, s.light, &replies[1], func(v jsontext.Value, kept bool) error {
		if err := b.receipts(v); err != nil || kept || !s.strict() || txs == nil && len(b.txs) > 0 {
			return err
		}
		return checkReceipts(v, b, txs)
	})
}

// receiptsOneByOne is for servers without eth_getBlockReceipts.
func (s *Server) receiptsOneByOne(ctx context.Context, pin string, b *block, txs []*types.Transaction) error {
	rs := make([]jsonrpc.Request, len(b.txs))
	for i := range b.txs {
		rs[i] = jsonrpc.Request{Method: "eth_getTransactionReceipt", Params: []any{b.txs[i].hash.Text(chain.Account)}}
	}
	list, fresh := []byte("["), false
	for from := 0; from < len(rs); from += lightBatch {
		replies, err := s.ask(ctx, s.light, pin, rs[from:min(from+lightBatch, len(rs))])
		if err != nil {
			return err
		}
		for k := range replies {
			r := &replies[k]
			err := s.settle(ctx, s.light, r, func(v jsontext.Value, _ bool) error {
				rc, err := decodeReceipt(v)
				if err == nil && (rc.tx != b.txs[from+k].hash || rc.block != b.hash) {
					err = fmt.Errorf("receipt of transaction %d of block %d: is of another transaction", from+k, b.height)
				}
				return err
			})
			if err != nil {
				return err
			}
			fresh = fresh || !r.kept
			if len(list) > 1 {
				list = append(list, ',')
			}
			list = append(list, r.value...)
		}
	}
	list = append(list, ']')
	err := b.receipts(list)
	if err == nil && fresh && s.strict() && txs != nil {
		err = checkReceipts(list, b, txs)
	}
	if err != nil {
		return s.giveUp(&fetch.Error{}, err, "eth_getTransactionReceipt")
	}
	return nil
}

// size is about how many bytes a block takes in memory.
func (b *block) size() int64 {
	n := int64(1024 + 208*len(b.txs) + 104*len(b.tokens) + 120*len(b.moves) + 56*len(b.withdrawals) + 20*len(b.authorities))
	for i := range b.moves {
		n += 4 * int64(len(b.moves[i].path))
	}
	return n
}

// tellBlock emits what the block moved of the asked addresses.
func (w *scanWalk) tellBlock(b *block) error {
	for i := range b.txs {
		if err := w.tellTransaction(b, uint32(i)); err != nil {
			return err
		}
	}
	for i := range b.moves {
		m := &b.moves[i]
		w.place(b, m.tx)
		t := &w.transfer
		t.Kind, t.Path = chain.Internal, m.path
		if err := w.move(&m.from, side(&m.to, m.hasTo), &m.value, true, m.creates); err != nil {
			return err
		}
	}
	for i := range b.tokens {
		x := &b.tokens[i]
		if !w.kinds.has(chain.Token) || !w.wants(&x.from, &x.to) {
			continue
		}
		tx := &b.txs[x.tx]
		err := w.token(&entry{token: x.asset, from: x.from, to: x.to, value: x.value, tx: tx.hash, height: b.height, txIndex: x.tx, index: x.index, time: b.time})
		if err != nil {
			return err
		}
	}
	return w.tellRewards(b)
}

// place begins a transfer of a transaction.
func (w *scanWalk) place(b *block, tx uint32) {
	w.transfer = chain.Transfer{
		Tx:    chain.Tx{Hash: b.txs[tx].hash, Pos: chain.Pos{Height: b.height, Index: tx}, Time: b.time},
		Asset: chain.Native,
	}
}

func side(a *[20]byte, there bool) *[20]byte {
	if there {
		return a
	}
	return nil
}

// tellTransaction tells a transaction's fee and its own value.
func (w *scanWalk) tellTransaction(b *block, i uint32) error {
	x := &b.txs[i]
	if at, ok := w.at[x.from]; ok {
		w.sums.sent[at]++
		a := entryOf(w.sums.native, at)
		a.Sub(a, &x.fee)
	}
	w.place(b, i)
	w.transfer.Kind, w.transfer.Tx.Status = chain.Fee, x.status
	if w.kinds.has(chain.Fee) && w.wants(&x.from, nil) {
		if err := w.pay(&chain.Entry{Address: w.face(&x.from), Amount: x.fee}, nil); err != nil {
			return err
		}
	}
	if x.status == chain.Failed || x.value.IsZero() {
		return nil
	}
	w.transfer.Kind = chain.NativeKind
	return w.move(&x.from, side(&x.to, x.hasTo), &x.value, false, x.creates)
}

// move tells native value that moved.
func (w *scanWalk) move(from, to *[20]byte, value *chain.Amount, fromContract, toContract bool) error {
	if at, ok := w.at[*from]; ok {
		a := entryOf(w.sums.native, at)
		a.Sub(a, value)
	}
	if to != nil {
		if at, ok := w.at[*to]; ok {
			a := entryOf(w.sums.native, at)
			a.Add(a, value)
		}
	}
	if !w.kinds.has(w.transfer.Kind) || !w.wants(from, to) {
		return nil
	}
	out := chain.Entry{Amount: *value, Contract: toContract}
	if to != nil {
		out.Address = w.face(to)
	}
	return w.pay(&chain.Entry{Address: w.face(from), Amount: *value, Contract: fromContract}, &out)
}

// Ordinals of rewards are as in package dataset: three apart, so that what has
// the same number and another sort does not collide. Tips are of no number.
const (
	rewardStep  = 3
	tipsOrdinal = 1
)

// tellRewards tells what a block creates: withdrawals from the beacon chain and
// tips, which left the senders as part of their fees.
func (w *scanWalk) tellRewards(b *block) error {
	for _, a := range b.authorities {
		if at, ok := w.at[a]; ok {
			w.sums.signed[at] = true
		}
	}
	if b.mined || !w.server.strict() {
		w.mined = true
		if at, ok := w.at[b.miner]; ok {
			w.sums.mined[at] = true
		}
		return nil
	}
	w.transfer = chain.Transfer{
		Tx:   chain.Tx{Hash: b.hash, Pos: chain.Pos{Height: b.height, Index: chain.UnknownIndex}, Time: b.time},
		Kind: chain.Reward, Asset: chain.Native,
	}
	for i := range b.withdrawals {
		x := &b.withdrawals[i]
		w.transfer.Ordinal = rewardStep * uint32(i)
		if err := w.reward(&x.to, &x.value); err != nil {
			return err
		}
	}
	w.transfer.Ordinal = tipsOrdinal
	return w.reward(&b.miner, &b.tips)
}

func (w *scanWalk) reward(to *[20]byte, value *chain.Amount) error {
	if at, ok := w.at[*to]; ok {
		a := entryOf(w.sums.native, at)
		a.Add(a, value)
	}
	if value.IsZero() || !w.kinds.has(chain.Reward) || !w.wants(nil, to) {
		return nil
	}
	return w.pay(nil, &chain.Entry{Address: w.face(to), Amount: *value})
}

// wants reports whether a transfer touches an asked address that has not passed
// the limit, and counts it. One more than the limit is told.
func (w *scanWalk) wants(from, to *[20]byte) bool {
	w.touched = w.touched[:0]
	for _, a := range [2]*[20]byte{from, to} {
		if a == nil {
			continue
		}
		if at, ok := w.at[*a]; ok && !slices.Contains(w.touched, at) {
			w.touched = append(w.touched, at)
		}
	}
	open := false
	for _, at := range w.touched {
		if w.Limit <= 0 {
			return true
		}
		if w.counts[at] > w.Limit {
			continue
		}
		open = true
		if w.counts[at]++; w.counts[at] > w.Limit {
			w.drop(at)
		}
	}
	return open
}
