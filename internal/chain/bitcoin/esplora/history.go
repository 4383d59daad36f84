package esplora

import (
	"bytes"
	"context"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/fault"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/rpc"
	"github.com/scamtrace/scamtrace/internal/fetch"
)

// stats are the sums of all that is confirmed of an address.
type stats struct {
	Count       int    `json:"tx_count"`
	FundedCount int    `json:"funded_txo_count"`
	FundedSum   uint64 `json:"funded_txo_sum"`
	SpentCount  int    `json:"spent_txo_count"`
	SpentSum    uint64 `json:"spent_txo_sum"`
}

// history is what an address did. Esplora tells it newest first, page by page.
type history struct {
	server  *Server
	pin     string
	address chain.Address
	lock    []byte // its locking script
	span    chain.Span
	limit   int
	said    stats // by the server
	came    stats // in the pages, also what is newer than the span
	inside  []entry
	above   int
	beyond  bool // the pages reached what is older than the span
	seen    map[chain.Hash]bool
}

// History implements byaddress.Histories.
func (s *Server) History(ctx context.Context, a chain.Address, q *chain.Question, pin chain.Block) ([]chain.Transfer, []chain.Gap, error) {
	h := history{server: s, pin: rpc.Pin(pin), address: a, span: q.Span, limit: q.Limit, seen: map[chain.Hash]bool{}}
	var err error
	if h.lock, err = s.scripts.Lock(a); err != nil {
		return nil, nil, &fetch.Error{Server: s.client.Name(), Call: "address", Class: fetch.Unsupported, Reason: err.Error()}
	}
	hub, err := h.read(ctx)
	if err != nil {
		return nil, nil, err
	}
	if hub {
		return nil, []chain.Gap{fault.Hub(a, q.Span, q.Limit)}, nil
	}
	slices.Reverse(h.inside)
	var gaps []chain.Gap
	if !h.proved() {
		gaps = append(gaps, chain.Gap{
			Address: a, Kind: chain.Output, Span: q.Span, Effect: chain.Unproved,
			Reason: s.client.Name() + ": the transactions do not add up to the sums of the address",
		})
	}
	out := make([]chain.Transfer, len(h.inside))
	for i := range h.inside {
		e := &h.inside[i]
		if e.height == pin.Height && e.block != pin.Hash {
			return nil, nil, s.broken("a transaction is in a block that is no longer on the chain")
		}
		pos := chain.Pos{Height: e.height, Index: chain.UnknownIndex}
		if e.tx.Coinbase() {
			pos.Index = 0
		}
		if s.index {
			b, list, err := s.contents(ctx, e.block)
			if err != nil {
				return nil, nil, err
			}
			at := slices.Index(list, e.tx.Hash)
			if at < 0 || b.Height != e.height || b.Time != e.time {
				return nil, nil, s.broken("a transaction is not in the block that it is said to be in")
			}
			pos.Index = uint32(at)
		}
		out[i] = s.scripts.Transfer(&e.tx, pos, e.time, e.spent)
	}
	return out, gaps, nil
}

func (s *Server) broken(reason string) error {
	return &fetch.Error{Server: s.client.Name(), Call: "address/txs", Class: fetch.Broken, Reason: reason}
}

// read asks for pages until the span is covered. Where the whole history is
// wanted the sums are asked for first: with them an address with very many
// transactions is known by its first page, and a history that ends too early is
// asked for again. Where only what is new is wanted, a page mostly does.
func (h *history) read(ctx context.Context) (hub bool, err error) {
	if h.span.From == 0 {
		if err := h.sums(ctx); err != nil || h.said.Count == 0 {
			return false, err
		}
	}
	s := h.server
	first, last := 0, ""
	for {
		var page []entry
		if err := s.get(ctx, h.pin, "address/txs", "/address/"+string(h.address)+"/txs/chain"+last, func(body []byte) (err error) {
			if page, err = decodePage(body, s.scripts); err != nil {
				return err
			}
			return h.follows(page)
		}); err != nil {
			return false, err
		}
		h.take(page)
		first = max(first, len(page))
		switch {
		case h.limit > 0 && len(h.inside) > h.limit,
			// Whatever was not seen yet is older, so it lies in a span that begins
			// with the chain.
			h.limit > 0 && h.span.From == 0 && len(h.inside) > 0 && h.said.Count-h.above > h.limit:
			return true, nil
		case h.beyond:
			return false, nil
		case len(page) < max(first, fullPage) && h.said == stats{}:
			// The history begins inside the span.
			if err := h.sums(ctx); err != nil {
				return false, err
			}
		}
		if len(page) == 0 && h.came.Count < h.said.Count {
			return false, s.broken(errShort.Error())
		}
		if len(page) == 0 || len(page) < max(first, fullPage) && h.came.Count >= h.said.Count {
			return false, nil
		}
		last = "/" + page[len(page)-1].tx.Hash.Text(chain.UTXO)
	}
}

// sums asks for the sums of the address.
func (h *history) sums(ctx context.Context) error {
	return h.server.get(ctx, h.pin, "address", "/address/"+string(h.address), func(body []byte) error {
		var v struct {
			Chain *stats `json:"chain_stats"`
		}
		if err := json.Unmarshal(body, &v); err != nil {
			return err
		}
		if v.Chain == nil || v.Chain.Count < 0 {
			return errSums
		}
		h.said = *v.Chain
		return nil
	})
}

// fullPage is how many transactions a page of Esplora has.
const fullPage = 25

// follows checks that a page can follow those before.
func (h *history) follows(page []entry) error {
	if len(page) == 0 && h.came.Count < h.said.Count {
		return errShort
	}
	for i := range page {
		if h.seen[page[i].tx.Hash] {
			return errJoin
		}
		if n := len(h.inside); i == 0 && n > 0 && page[0].height > h.inside[n-1].height {
			return errOrder
		}
		if sums := h.share(&page[i]); sums.FundedCount+sums.SpentCount == 0 {
			return errStranger
		}
	}
	return nil
}

// take sorts a page.
func (h *history) take(page []entry) {
	for i := range page {
		e := &page[i]
		h.seen[e.tx.Hash] = true
		sums := h.share(e)
		h.came.Count++
		h.came.FundedCount += sums.FundedCount
		h.came.FundedSum += sums.FundedSum
		h.came.SpentCount += sums.SpentCount
		h.came.SpentSum += sums.SpentSum
		switch {
		case e.height > h.span.To:
			h.above++
		case e.height < h.span.From:
			h.beyond = true
		default:
			h.inside = append(h.inside, *e)
		}
	}
}

// share is what a transaction adds to the sums of the address.
func (h *history) share(e *entry) (s stats) {
	for i := range e.tx.Outputs {
		if bytes.Equal(e.tx.Outputs[i].Script, h.lock) {
			s.FundedCount++
			s.FundedSum += e.tx.Outputs[i].Value
		}
	}
	for i := range e.spent {
		if e.spent[i].Address == h.address {
			s.SpentCount++
			s.SpentSum += e.spent[i].Value
		}
	}
	return s
}

// proved reports whether the transactions add up to what the server says of the
// address. If there are more, some came while it was asked, and if the pages
// ended at the beginning of the span, the rest was not asked for: then there is
// nothing to compare.
func (h *history) proved() bool {
	return h.came.Count != h.said.Count || h.came == h.said
}
