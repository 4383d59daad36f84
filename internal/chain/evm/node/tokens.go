package node

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/fetch"
	"github.com/scamtrace/scamtrace/internal/fetch/jsonrpc"
)

// listLength is how many addresses go in one question at first: go-ethereum
// takes no more.
const listLength = 1000

// logPart tells the token movements of a list of addresses in a span.
type logPart struct {
	*inquiry
	slot int
	list []int // places of addresses
	span chain.Span
}

// logWalk is one telling of a logPart.
type logWalk struct {
	*logPart
	teller
	sums *sums
	gaps []chain.Gap
	// counts are the transfers told of each address of the list.
	counts map[int]int
	// told are the transfers between two addresses of the list: where it was
	// cut, both halves are told of them.
	told map[place]bool
	lost *untold // once the server is not there at all
}

// Ask implements chain.Part.
func (p *logPart) Ask(ctx context.Context, emit func(*chain.Transfer) error) ([]chain.Gap, error) {
	if err := p.begin(ctx); err != nil {
		return nil, err
	}
	w := &logWalk{logPart: p, sums: newSums(), counts: map[int]int{}, told: map[place]bool{}, teller: newTeller(p.inquiry, emit)}
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

// drop stops telling of an address.
func (w *logWalk) drop(at int) {
	w.counts[at] = w.Limit + 1
	w.sums.untold[at] = true
	w.gaps = append(w.gaps, w.hub(at))
}

func (w *logWalk) dropped(at int) bool { return w.Limit > 0 && w.counts[at] > w.Limit }

// logFilter is the parameter of eth_getLogs.
type logFilter struct {
	FromBlock string `json:"fromBlock"`
	ToBlock   string `json:"toBlock"`
	Topics    []any  `json:"topics"`
}

// questions are those for what a list sent and what it got.
func (w *logWalk) questions(list []int, span chain.Span) []jsonrpc.Request {
	words := make([]string, len(list))
	for i, at := range list {
		words[i] = "0x000000000000000000000000" + string(w.texts[at][2:])
	}
	ask := func(topics ...any) jsonrpc.Request {
		return jsonrpc.Request{Method: "eth_getLogs", Params: []any{logFilter{hexText(span.From), hexText(span.To), topics}}}
	}
	return []jsonrpc.Request{ask(transferTopic, words), ask(transferTopic, nil, words)}
}

// node tells what a list moved in a span, whole or in halves.
func (w *logWalk) node(ctx context.Context, list []int, span chain.Span) error {
	list = slices.DeleteFunc(slices.Clone(list), w.dropped)
	if len(list) == 0 {
		return nil
	}
	if w.lost != nil {
		w.miss(list, span, w.lost)
		return nil
	}
	s, archive := w.server, w.server.client.Archive()
	rs := w.questions(list, span)
	whole, byList := s.ranged.Question(w.pinText, rs[0]), s.ranged.Question(w.pinText, rs[0])
	byList.Text += " by list"
	width := span.To - span.From + 1
	switch {
	case archive.Split(whole):
		return w.halves(ctx, list, span)
	case archive.Split(byList):
		return w.lists(ctx, list, span)
	}
	replies, known, err := s.kept(s.ranged, w.pinText, rs)
	if err != nil {
		return err
	}
	if !known {
		wide, long := s.logs.allows(width, len(list))
		if !long && len(list) > 1 {
			return errors.Join(archive.MarkSplit(byList), w.lists(ctx, list, span))
		}
		if !wide && width > 1 {
			return errors.Join(archive.MarkSplit(whole), w.halves(ctx, list, span))
		}
	}
	logs, err := w.answers(ctx, replies, list, span)
	switch {
	case is(err, fetch.TooMany) && len(list) > 1:
		s.logs.tooMany(len(list))
		return errors.Join(archive.MarkSplit(byList), w.lists(ctx, list, span))
	case is(err, fetch.TooWide) && width > 1:
		var failed *fetch.Error
		errors.As(err, &failed)
		s.logs.tooWide(width, hintOf(failed.Reason))
		return errors.Join(archive.MarkSplit(whole), w.halves(ctx, list, span))
	case is(err, fetch.TooWide) && len(list) > 1:
		return errors.Join(archive.MarkSplit(byList), w.lists(ctx, list, span))
	case errors.Is(err, errCapped):
		return errors.Join(archive.MarkSplit(whole), w.halves(ctx, list, span))
	case err != nil:
		u, err := s.gapOf(ctx, err)
		if err != nil {
			return err
		}
		if u.lost {
			w.lost = u
		}
		w.miss(list, span, u)
		return nil
	}
	if !known {
		s.logs.clear()
	}
	return w.tellAll(ctx, logs, list, span)
}

func (w *logWalk) halves(ctx context.Context, list []int, span chain.Span) error {
	middle := span.From + cut(span.To-span.From+1)
	if err := w.node(ctx, list, chain.Span{From: span.From, To: middle - 1}); err != nil {
		return err
	}
	return w.node(ctx, list, chain.Span{From: middle, To: span.To})
}

func (w *logWalk) lists(ctx context.Context, list []int, span chain.Span) error {
	if err := w.node(ctx, list[:len(list)/2], span); err != nil {
		return err
	}
	return w.node(ctx, list[len(list)/2:], span)
}

// miss declares what was not told.
func (w *logWalk) miss(list []int, span chain.Span, u *untold) {
	for _, at := range list {
		w.sums.untold[at] = true
		w.gaps = append(w.gaps, chain.Gap{Address: w.texts[at], Kind: chain.Token, Span: span, Reason: u.reason})
	}
}

// errCapped says that an answer seems to have been cut at a round number.
var errCapped = errors.New("the answer was cut short")

// answers gets the logs of a list in a span, in the order of the chain, each
// once: what the list sent and what it got are asked for and checked together,
// since a block's bloom does not tell the one from the other.
func (w *logWalk) answers(ctx context.Context, replies []reply, list []int, span chain.Span) ([]entry, error) {
	s := w.server
	tries := s.client.Tries("eth_getLogs")
	var headers map[uint64]*header
	for {
		if err := s.send(ctx, s.ranged, replies); err != nil {
			return nil, err
		}
		for i := range replies {
			if replies[i].err != nil {
				return nil, replies[i].err
			}
		}
		var err error
		if headers == nil {
			if headers, err = s.window(ctx, w.inquiry, span); err != nil {
				return nil, err
			}
		}
		logs, err := w.check(ctx, replies, headers, list, span)
		var o *outside
		switch {
		case err == nil:
			for i := range replies {
				err = errors.Join(err, s.keep(s.ranged, &replies[i]))
			}
			return logs, err
		case errors.As(err, &o):
			return nil, o.err
		case replies[0].kept && replies[1].kept:
			return nil, fmt.Errorf("%w: %s: what the archive keeps of eth_getLogs does not fit: %w", chain.ErrContradiction, s.name, err)
		}
		wrong := err
		if err := tries.Again(ctx, fetch.Verdict{Class: fetch.Broken, Reason: wrong.Error()}); err != nil {
			return nil, s.giveUp(err, wrong, "eth_getLogs")
		}
	}
}

// check decodes and checks both answers.
func (w *logWalk) check(ctx context.Context, replies []reply, headers map[uint64]*header, list []int, span chain.Span) ([]entry, error) {
	in := make(map[[20]byte]bool, len(list))
	for _, at := range list {
		in[w.raw[at]] = true
	}
	var sides [2][]entry
	for side := range replies {
		n := 0
		err := decodeLogs(replies[side].value, func(e *entry) error {
			n++
			if !e.transfer {
				return nil
			}
			mine := e.from
			if side == 1 {
				mine = e.to
			}
			if !span.Has(e.height) || !in[mine] {
				return errors.New("the server tells logs that were not asked for")
			}
			sides[side] = append(sides[side], *e)
			return nil
		})
		if err == nil {
			err = ordered(sides[side])
		}
		if err == nil {
			err = bloomed(headers, sides[side], &w.signature)
		}
		if err != nil {
			return nil, err
		}
		if !replies[side].kept && round(n) && span.From < span.To {
			if err := w.count(ctx, list, span, side, n); err != nil {
				return nil, &outside{err}
			}
		}
	}
	for side := range replies {
		if err := w.reallyNone(ctx, &replies[side], headers, sides[side], list); err != nil {
			return nil, err
		}
	}
	logs := merge(sides)
	return logs, w.complete(ctx, headers, logs, list, span)
}

// reallyNone asks a second time whether there is nothing, where a bloom says that
// there may be something: a node behind a balancer that has not read its own
// blocks yet says [] of all of them.
func (w *logWalk) reallyNone(ctx context.Context, r *reply, headers map[uint64]*header, logs []entry, list []int) error {
	if r.kept || len(logs) > 0 || len(suspects(headers, nil, list, w.inquiry)) == 0 {
		return nil
	}
	v, err := w.server.ranged.Call(ctx, "", r.request)
	if err != nil {
		return &outside{err}
	}
	if err := decodeLogs(v, func(e *entry) error {
		if e.transfer {
			return errLeftOut
		}
		return nil
	}); err != nil {
		return fmt.Errorf("the server %w", errLeftOut)
	}
	return nil
}

// ordered puts logs in the order of the chain and refuses one that comes twice.
func ordered(logs []entry) error {
	place := func(a, b entry) int { return cmp.Or(cmp.Compare(a.height, b.height), cmp.Compare(a.index, b.index)) }
	if !slices.IsSortedFunc(logs, place) {
		slices.SortFunc(logs, place)
	}
	for i := 1; i < len(logs); i++ {
		if place(logs[i-1], logs[i]) == 0 {
			return errors.New("the server tells a log twice")
		}
	}
	return nil
}

// merge joins what was sent with what was got; what is both comes once.
func merge(sides [2][]entry) []entry {
	a, b := sides[0], sides[1]
	out := make([]entry, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch c := cmp.Or(cmp.Compare(a[0].height, b[0].height), cmp.Compare(a[0].index, b[0].index)); {
		case c <= 0:
			if c == 0 {
				b = b[1:]
			}
			out, a = append(out, a[0]), a[1:]
		default:
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// round reports whether a server may have cut an answer at this length.
func round(n int) bool {
	switch n {
	case 100, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000:
		return true
	}
	return false
}

// count asks for the two halves of a question whose answer has a round length:
// together they must be as long.
func (w *logWalk) count(ctx context.Context, list []int, span chain.Span, side, n int) error {
	middle := span.From + (span.To-span.From+1)/2
	s := w.server
	for _, half := range []chain.Span{{From: span.From, To: middle - 1}, {From: middle, To: span.To}} {
		v, err := s.ranged.Call(ctx, "", w.questions(list, half)[side])
		if err != nil {
			return err
		}
		if err := decodeLogs(v, func(*entry) error { n--; return nil }); err != nil {
			return errCapped
		}
	}
	if n != 0 {
		return errCapped
	}
	return nil
}

// errLeftOut says that an answer lacks a log that the receipts have.
var errLeftOut = errors.New("leaves out logs that are there")

// complete looks for logs that were left out, in suspicious blocks.
func (w *logWalk) complete(ctx context.Context, headers map[uint64]*header, logs []entry, list []int, span chain.Span) error {
	s := w.server
	heights := some(suspects(headers, logs, list, w.inquiry), span, w.inquiry)
	if len(heights) == 0 {
		return nil
	}
	all, err := s.transfersIn(ctx, w.inquiry, heights, headers)
	if err != nil {
		return &outside{err}
	}
	told := make(map[place]bool, len(logs))
	for i := range logs {
		told[place{logs[i].height, logs[i].index}] = true
	}
	asked := make(map[int]bool, len(list))
	for _, at := range list {
		asked[at] = true
	}
	for i := range all {
		e := &all[i]
		from, ok1 := w.at[e.from]
		to, ok2 := w.at[e.to]
		if (ok1 && asked[from] || ok2 && asked[to]) && !told[place{e.height, e.index}] {
			return fmt.Errorf("block %d: the server %w", e.height, errLeftOut)
		}
	}
	return nil
}

// place is a log's place on the chain.
type place struct {
	height uint64
	index  uint32
}

// tellAll emits logs in the order of the chain.
func (w *logWalk) tellAll(ctx context.Context, logs []entry, list []int, span chain.Span) error {
	times, err := w.times(ctx, logs)
	if err != nil {
		u, err := w.server.gapOf(ctx, err)
		if err != nil {
			return err
		}
		w.miss(list, span, u)
		return nil
	}
	mine := make(map[int]bool, len(list))
	for _, at := range list {
		mine[at] = true
	}
	before := len(w.gaps)
	for i := range logs {
		e := &logs[i]
		if e.time < 0 {
			e.time = times[e.height].time
		}
		open := false
		for side, a := range [2][20]byte{e.from, e.to} {
			at, ok := w.at[a]
			if !ok || !mine[at] || side == 1 && e.from == e.to {
				continue
			}
			if w.dropped(at) {
				continue
			}
			open = true
			if w.counts[at]++; w.dropped(at) {
				w.drop(at)
			}
		}
		w.balance(e, mine)
		if !open || w.again(e) {
			continue
		}
		if err := w.token(e); err != nil {
			return err
		}
	}
	if len(w.gaps) > before {
		w.server.logs.relieved()
	}
	return nil
}

// again reports whether a transfer was told before.
func (w *logWalk) again(e *entry) bool {
	from, ok1 := w.at[e.from]
	to, ok2 := w.at[e.to]
	if !ok1 || !ok2 || !w.has(from) || !w.has(to) {
		return false
	}
	p := place{e.height, e.index}
	before := w.told[p]
	w.told[p] = true
	return before
}

// has reports whether an address is one of the part's list.
func (p *logPart) has(at int) bool { return p.list[0] <= at && at <= p.list[len(p.list)-1] }

// balance notes what a log changed of the list's balances.
func (w *logWalk) balance(e *entry, mine map[int]bool) {
	if at, ok := w.at[e.from]; ok && mine[at] {
		a := entryOf(w.sums.tokens, holding{at, e.token})
		a.Sub(a, &e.value)
	}
	if at, ok := w.at[e.to]; ok && mine[at] {
		a := entryOf(w.sums.tokens, holding{at, e.token})
		a.Add(a, &e.value)
	}
}

// times gets the headers of blocks whose logs came without a time.
func (w *logWalk) times(ctx context.Context, logs []entry) (map[uint64]*header, error) {
	var heights []uint64
	for i := range logs {
		if logs[i].time < 0 && (len(heights) == 0 || heights[len(heights)-1] != logs[i].height) {
			heights = append(heights, logs[i].height)
		}
	}
	headers, err := w.server.sparse(ctx, w.inquiry, heights)
	if err != nil {
		return nil, err
	}
	for i := range logs {
		if h := headers[logs[i].height]; h != nil && logs[i].block != h.hash {
			return nil, fmt.Errorf("%w: %s: a log of block %d is of another block", chain.ErrContradiction, w.server.name, logs[i].height)
		}
	}
	return headers, nil
}
