package node

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/fetch"
	"github.com/scamtrace/scamtrace/internal/fetch/jsonrpc"
)

// filterPart tells native, internal and fee movements of a list of addresses in
// a span by trace_filter.
type filterPart struct {
	*inquiry
	slot int
	list []int
	span chain.Span
}

// filterWalk is one telling of a filterPart.
type filterWalk struct {
	*filterPart
	teller
	sums   *sums
	gaps   []chain.Gap
	counts map[int]int
	// told are the movements between two addresses of the list: see logWalk.
	told map[string]bool
	lost *untold
}

// rowFilter is the parameter of trace_filter.
type rowFilter struct {
	FromBlock   string   `json:"fromBlock"`
	ToBlock     string   `json:"toBlock"`
	FromAddress []string `json:"fromAddress,omitempty"`
	ToAddress   []string `json:"toAddress,omitempty"`
	After       int      `json:"after,omitzero"`
	Count       int      `json:"count"`
}

func filterRequest(f rowFilter) jsonrpc.Request {
	return jsonrpc.Request{Method: "trace_filter", Params: []any{f}}
}

// rowsAPage is how many traces are asked for at once. A range with more than
// mostPages of them is cut.
const (
	rowsAPage = 1000
	mostPages = 8
)

// Ask implements chain.Part.
func (p *filterPart) Ask(ctx context.Context, emit func(*chain.Transfer) error) ([]chain.Gap, error) {
	if err := p.begin(ctx); err != nil {
		return nil, err
	}
	w := &filterWalk{filterPart: p, sums: newSums(), counts: map[int]int{}, told: map[string]bool{}, teller: newTeller(p.inquiry, emit)}
	for _, at := range p.list {
		if p.hubs[at] {
			w.drop(at)
		}
	}
	if err := w.node(ctx, p.list, p.span); err != nil {
		return nil, err
	}
	more, err := p.finish(ctx, p.slot, w.sums)
	return append(w.gaps, more...), err
}

func (w *filterWalk) drop(at int) {
	w.counts[at] = w.Limit + 1
	w.sums.untold[at] = true
	w.gaps = append(w.gaps, w.hub(at))
}

func (w *filterWalk) dropped(at int) bool { return w.Limit > 0 && w.counts[at] > w.Limit }

// request asks for what a list sent, or what it got, from a row on.
func (w *filterWalk) request(list []int, span chain.Span, side, after int) jsonrpc.Request {
	f := rowFilter{FromBlock: hexText(span.From), ToBlock: hexText(span.To), After: after, Count: rowsAPage}
	who := make([]string, len(list))
	for i, at := range list {
		who[i] = string(w.texts[at])
	}
	if side == 0 {
		f.FromAddress = who
	} else {
		f.ToAddress = who
	}
	return filterRequest(f)
}

// node tells what a list moved in a span, whole or in halves: see logWalk.node.
func (w *filterWalk) node(ctx context.Context, list []int, span chain.Span) error {
	list = slices.DeleteFunc(slices.Clone(list), w.dropped)
	if len(list) == 0 {
		return nil
	}
	if w.lost != nil {
		w.miss(list, span, w.lost, chain.Fee, chain.NativeKind, chain.Internal)
		return nil
	}
	s, archive := w.server, w.server.client.Archive()
	first := w.request(list, span, 0, 0)
	whole, byList := s.ranged.Question(w.pinText, first), s.ranged.Question(w.pinText, first)
	byList.Text += " by list"
	width := span.To - span.From + 1
	switch {
	case archive.Split(whole):
		return w.halves(ctx, list, span)
	case archive.Split(byList):
		return w.lists(ctx, list, span)
	}
	_, known, err := archive.Get(whole)
	if err != nil {
		return err
	}
	if !known {
		wide, long := s.rows.allows(width, len(list))
		if !long && len(list) > 1 {
			return errors.Join(archive.MarkSplit(byList), w.lists(ctx, list, span))
		}
		if !wide && width > 1 {
			return errors.Join(archive.MarkSplit(whole), w.halves(ctx, list, span))
		}
	}
	rows, err := w.answers(ctx, list, span)
	switch {
	case is(err, fetch.TooMany) && len(list) > 1:
		s.rows.tooMany(len(list))
		return errors.Join(archive.MarkSplit(byList), w.lists(ctx, list, span))
	case is(err, fetch.TooWide) && width > 1:
		var failed *fetch.Error
		errors.As(err, &failed)
		s.rows.tooWide(width, hintOf(failed.Reason))
		return errors.Join(archive.MarkSplit(whole), w.halves(ctx, list, span))
	case errors.Is(err, errPages) && width > 1:
		s.rows.tooWide(width, hint{})
		return errors.Join(archive.MarkSplit(whole), w.halves(ctx, list, span))
	case (is(err, fetch.TooWide) || errors.Is(err, errPages)) && len(list) > 1:
		return errors.Join(archive.MarkSplit(byList), w.lists(ctx, list, span))
	}
	if err == nil {
		if !known {
			s.rows.clear()
		}
		var told *facts
		if told, err = w.facts(ctx, rows); err == nil {
			return w.tellAll(told, list)
		}
	}
	if errors.Is(err, errPages) {
		err = &untold{reason: s.name + " finds trace_filter too big even for one block and one address"}
	}
	u, err := s.gapOf(ctx, err)
	if err != nil {
		return err
	}
	if u.lost {
		w.lost = u
	}
	w.miss(list, span, u, chain.Fee, chain.NativeKind, chain.Internal)
	return nil
}

func (w *filterWalk) halves(ctx context.Context, list []int, span chain.Span) error {
	middle := span.From + cut(span.To-span.From+1)
	if err := w.node(ctx, list, chain.Span{From: span.From, To: middle - 1}); err != nil {
		return err
	}
	return w.node(ctx, list, chain.Span{From: middle, To: span.To})
}

func (w *filterWalk) lists(ctx context.Context, list []int, span chain.Span) error {
	if err := w.node(ctx, list[:len(list)/2], span); err != nil {
		return err
	}
	return w.node(ctx, list[len(list)/2:], span)
}

func (w *filterWalk) miss(list []int, span chain.Span, u *untold, kinds ...chain.Kind) {
	for _, at := range list {
		w.sums.untold[at] = true
		for _, k := range kinds {
			if w.kinds.has(k) {
				w.gaps = append(w.gaps, chain.Gap{Address: w.texts[at], Kind: k, Span: span, Reason: u.reason})
			}
		}
	}
}

// errPages says that an answer has too many pages.
var errPages = errors.New("too many pages")

// answers gets the traces of a list in a span, page by page.
func (w *filterWalk) answers(ctx context.Context, list []int, span chain.Span) ([]row, error) {
	s := w.server
	in := make(map[[20]byte]bool, len(list))
	for _, at := range list {
		in[w.raw[at]] = true
	}
	var all []row
	for side := range 2 {
		begun := len(all)
		for page := 0; ; page++ {
			if page == mostPages {
				return nil, errPages
			}
			from := len(all)
			err := s.one(ctx, s.ranged, w.pinText, w.request(list, span, side, page*rowsAPage), func(v jsontext.Value, _ bool) error {
				all = all[:from]
				return decodeRows(v, func(r *row) error {
					mine := r.from
					if side == 1 {
						mine = r.to
					}
					if !r.reward && (!span.Has(r.height) || !in[mine]) {
						return errors.New("the server tells traces that were not asked for")
					}
					all = append(all, *r)
					all[len(all)-1].path = slices.Clone(r.path)
					return nil
				})
			})
			if err != nil {
				return nil, err
			}
			n := len(all) - from
			if page > 0 && n > 0 && sameRow(&all[from], &all[begun]) {
				return nil, &untold{reason: s.name + " does not page the answers of trace_filter"}
			}
			if n != rowsAPage {
				break // also where a server knows no pages and told all
			}
		}
	}
	return all, nil
}

func sameRow(a, b *row) bool {
	return a.tx == b.tx && a.block == b.block && slices.Equal(a.path, b.path) && a.reward == b.reward
}

// facts are what rows lead to: the receipts of their transactions, the whole
// traces of those with internal movements, the headers of their blocks.
type facts struct {
	order    []chain.Hash // of transactions, in the order of the chain
	roots    map[chain.Hash]*row
	receipts map[chain.Hash]*receipt
	prices   map[chain.Hash]*chain.Amount
	internal map[chain.Hash][]row
	headers  map[uint64]*header
}

// facts asks for what rows lead to.
func (w *filterWalk) facts(ctx context.Context, rows []row) (*facts, error) {
	s := w.server
	f := &facts{
		roots: map[chain.Hash]*row{}, receipts: map[chain.Hash]*receipt{}, prices: map[chain.Hash]*chain.Amount{},
		internal: map[chain.Hash][]row{},
	}
	met := map[chain.Hash]bool{}
	heights := map[uint64]bool{}
	var inner []chain.Hash
	for i := range rows {
		r := &rows[i]
		if r.reward {
			continue
		}
		inside := len(r.path) > 0
		if inside && (!r.moves || r.failed || r.value.IsZero()) {
			continue
		}
		if !met[r.tx] {
			met[r.tx] = true
			f.order = append(f.order, r.tx)
			heights[r.height] = true
		}
		if !inside {
			f.roots[r.tx] = r
		} else if _, ok := f.internal[r.tx]; !ok {
			f.internal[r.tx] = nil
			inner = append(inner, r.tx)
		}
	}
	var tops []uint64
	for h := range heights {
		tops = append(tops, h)
	}
	slices.Sort(tops)
	var err error
	if f.headers, err = s.sparse(ctx, w.inquiry, tops); err != nil {
		return nil, err
	}
	if err := w.traces(ctx, f, inner); err != nil {
		return nil, err
	}
	if err := w.receiptsOf(ctx, f); err != nil {
		return nil, err
	}
	slices.SortFunc(f.order, func(a, b chain.Hash) int {
		x, y := f.receipts[a], f.receipts[b]
		return chain.Pos{Height: x.height, Index: x.index}.Compare(chain.Pos{Height: y.height, Index: y.index})
	})
	return f, nil
}

// traces gets the whole traces of transactions: whether an inner call counts
// depends on those around it.
func (w *filterWalk) traces(ctx context.Context, f *facts, txs []chain.Hash) error {
	s := w.server
	for from := 0; from < len(txs); from += lightBatch {
		some := txs[from:min(from+lightBatch, len(txs))]
		rs := make([]jsonrpc.Request, len(some))
		for i, h := range some {
			rs[i] = jsonrpc.Request{Method: "trace_transaction", Params: []any{h.Text(chain.Account)}}
		}
		replies, err := s.ask(ctx, s.light, w.pinText, rs)
		if err != nil {
			return err
		}
		for i := range replies {
			var rows []row
			err := s.settle(ctx, s.light, &replies[i], func(v jsontext.Value, _ bool) error {
				rows = rows[:0]
				err := decodeRows(v, func(r *row) error {
					if r.tx != some[i] {
						return errors.New("a trace is of another transaction")
					}
					rows = append(rows, *r)
					rows[len(rows)-1].path = slices.Clone(r.path)
					return nil
				})
				if err == nil && len(rows) == 0 {
					err = fmt.Errorf("the trace %w", errNull)
				}
				return err
			})
			if err != nil {
				return err
			}
			fallen(rows)
			f.internal[some[i]] = rows
		}
	}
	return nil
}

// receiptsOf gets the receipts of all transactions, and the price of those whose
// receipt has none.
func (w *filterWalk) receiptsOf(ctx context.Context, f *facts) error {
	s := w.server
	for from := 0; from < len(f.order); from += lightBatch {
		some := f.order[from:min(from+lightBatch, len(f.order))]
		rs := make([]jsonrpc.Request, len(some))
		for i, h := range some {
			rs[i] = jsonrpc.Request{Method: "eth_getTransactionReceipt", Params: []any{h.Text(chain.Account)}}
		}
		replies, err := s.ask(ctx, s.light, w.pinText, rs)
		if err != nil {
			return err
		}
		for i := range replies {
			var rc *receipt
			err := s.settle(ctx, s.light, &replies[i], func(v jsontext.Value, _ bool) (err error) {
				if rc, err = decodeReceipt(v); err != nil {
					return err
				}
				h := f.headers[rc.height]
				if rc.tx != some[i] || h == nil || rc.block != h.hash {
					return errors.New("the receipt is of another transaction or block")
				}
				return nil
			})
			if err != nil {
				return err
			}
			f.receipts[some[i]] = rc
			if !rc.hasPrice {
				if err := w.priceOf(ctx, f, some[i]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (w *filterWalk) priceOf(ctx context.Context, f *facts, hash chain.Hash) error {
	r := jsonrpc.Request{Method: "eth_getTransactionByHash", Params: []any{hash.Text(chain.Account)}}
	err := w.server.one(ctx, w.server.light, w.pinText, r, func(v jsontext.Value, _ bool) error {
		if v.Kind() == 'n' {
			return fmt.Errorf("the transaction %w", errNull)
		}
		var t transaction
		if err := new(block).anyTransaction(walk(v), &t); err != nil {
			return err
		}
		if t.hash != hash {
			return errors.New("the transaction is another one")
		}
		f.prices[hash] = &t.price
		return nil
	})
	return err
}

// tellAll emits what the rows told, in the order of the chain.
func (w *filterWalk) tellAll(f *facts, list []int) error {
	mine := make(map[int]bool, len(list))
	for _, at := range list {
		mine[at] = true
	}
	for _, hash := range f.order {
		rc := f.receipts[hash]
		tx := chain.Tx{Hash: hash, Pos: chain.Pos{Height: rc.height, Index: rc.index}, Time: f.headers[rc.height].time}
		if root := f.roots[hash]; root != nil {
			price := f.prices[hash]
			if price == nil {
				price = new(chain.Amount)
			}
			fee, err := rc.fee(price)
			if err != nil {
				return fmt.Errorf("%w: %s: transaction %s: %w", chain.ErrContradiction, w.server.name, hash.Text(chain.Account), err)
			}
			if at, ok := w.at[root.from]; ok && mine[at] {
				w.sums.sent[at]++
			}
			w.transfer = chain.Transfer{Tx: tx, Kind: chain.Fee, Asset: chain.Native}
			w.transfer.Tx.Status = rc.status
			if err := w.tell(mine, &root.from, nil, &fee, false, false); err != nil {
				return err
			}
			if rc.status != chain.Failed && !root.failed && !root.value.IsZero() {
				to, created := side(&root.to, root.hasTo), root.creates
				w.transfer.Kind = chain.NativeKind
				if err := w.tell(mine, &root.from, to, &root.value, false, created); err != nil {
					return err
				}
			}
		}
		rows := f.internal[hash]
		for i := range rows {
			r := &rows[i]
			if len(r.path) == 0 || r.failed || !r.moves || r.value.IsZero() || rc.status == chain.Failed {
				continue
			}
			w.transfer = chain.Transfer{Tx: tx, Kind: chain.Internal, Path: r.path, Asset: chain.Native}
			if err := w.tell(mine, &r.from, side(&r.to, r.hasTo), &r.value, true, r.creates); err != nil {
				return err
			}
		}
	}
	return nil
}

// tell emits one movement if it touches the list, and counts it.
func (w *filterWalk) tell(mine map[int]bool, from, to *[20]byte, value *chain.Amount, fromContract, toContract bool) error {
	touches, open := false, false
	for i, a := range [2]*[20]byte{from, to} {
		if a == nil {
			continue
		}
		at, ok := w.at[*a]
		if !ok || !mine[at] {
			continue
		}
		sum := entryOf(w.sums.native, at)
		if i == 0 {
			sum.Sub(sum, value)
		} else {
			sum.Add(sum, value)
		}
		if i == 1 && *from == *a {
			continue
		}
		touches = true
		if w.dropped(at) || !w.kinds.has(w.transfer.Kind) {
			continue
		}
		open = true
		if w.counts[at]++; w.dropped(at) {
			w.drop(at)
		}
	}
	if !touches || !open || !w.kinds.has(w.transfer.Kind) || w.again(from, to) {
		return nil
	}
	payer := chain.Entry{Address: w.face(from), Amount: *value, Contract: fromContract}
	if w.transfer.Kind == chain.Fee {
		return w.pay(&payer, nil)
	}
	payee := chain.Entry{Amount: *value, Contract: toContract}
	if to != nil {
		payee.Address = w.face(to)
	}
	return w.pay(&payer, &payee)
}

// again reports whether a movement was told before.
func (w *filterWalk) again(from, to *[20]byte) bool {
	if to == nil {
		return false
	}
	a, ok1 := w.at[*from]
	b, ok2 := w.at[*to]
	has := func(at int) bool { return w.list[0] <= at && at <= w.list[len(w.list)-1] }
	if !ok1 || !ok2 || !has(a) || !has(b) {
		return false
	}
	t := &w.transfer
	id := string(t.Tx.Hash[:]) + string(rune(t.Kind))
	for _, step := range t.Path {
		id += "." + strconv.Itoa(int(step))
	}
	before := w.told[id]
	w.told[id] = true
	return before
}
