package btcd

import (
	"context"
	"errors"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/rpc"
	"github.com/scamtrace/scamtrace/internal/fetch"
)

const (
	// fullPage is how many transactions are asked for at once, and firstPage how
	// many where only what is new is wanted.
	fullPage, firstPage = 1000, 25
	// passing is how many blocks may come while an address is asked for, and
	// entering how many unconfirmed transactions of it.
	passing, entering = 10, 50
	// mostSteps is how often a page that does not join the one before is asked
	// for again, from further back.
	mostSteps = 6
)

var errJoin = errors.New("the pages do not join")

// history is what an address did in a span.
type history struct {
	server  *Server
	pin     string
	address chain.Address
	span    chain.Span
	limit   int
	// reverse asks for the newest first. Then a page may be moved by what is new
	// between two requests, but an address that did nothing costs one page.
	reverse bool

	inside []entry // of the span, in the order of the pages
	above  int     // newer than the span, at the front of reverse pages
	last   chain.Hash
}

// read returns the transactions in the order of the chain; hub says that there
// are more than limit and that not all were read.
func (h *history) read(ctx context.Context) (list []entry, hub bool, err error) {
	size := h.server.page
	count := size
	if h.limit > 0 {
		count = min(count, h.limit+1)
	}
	if h.reverse {
		count = min(count, firstPage)
	}
	probed := h.limit <= 0
	skip, steps := 0, 0
	for {
		page, err := h.page(ctx, skip, count)
		if err != nil {
			return nil, false, err
		}
		fresh, joined := h.join(page, skip)
		if !joined {
			if steps++; steps > mostSteps {
				return nil, false, &fetch.Error{Server: h.server.Name(), Call: "searchrawtransactions", Class: fetch.Broken, Reason: errJoin.Error()}
			}
			skip = max(0, skip-1<<(2*steps))
			continue
		}
		full := len(page) == count
		beyond, hub, err := h.take(ctx, fresh, full && !probed)
		if err != nil || hub {
			return nil, hub, err
		}
		probed = true
		if beyond || !full {
			if h.reverse {
				slices.Reverse(h.inside)
			}
			return h.inside, false, nil
		}
		// The last of this page comes first in the next, to show that they join.
		skip += len(page) - 1
		count = size
	}
}

// join drops what is known from the front of a page.
func (h *history) join(page []entry, skip int) (fresh []entry, ok bool) {
	if h.last == (chain.Hash{}) || skip == 0 && !h.reverse {
		return page, h.last == (chain.Hash{})
	}
	for i := range page {
		if page[i].tx.Hash == h.last {
			return page[i+1:], true
		}
	}
	return nil, false
}

// take sorts a page into what is newer than the span, inside, and beyond. With
// probe it also looks whether there are more than limit, in the same request as
// the height of the page.
func (h *history) take(ctx context.Context, page []entry, probe bool) (beyond, hub bool, err error) {
	if len(page) == 0 {
		return true, false, nil
	}
	h.last = page[len(page)-1].tx.Hash
	unconfirmed := func(e entry) bool { return e.block == chain.Hash{} }
	at := slices.IndexFunc(page, func(e entry) bool { return !unconfirmed(e) })
	if at < 0 {
		h.above += len(page)
		return !h.reverse, false, nil
	}
	var anchor rpc.Header
	queries := []rpc.Query{rpc.HeaderQuery(h.pin, page[at].block, &anchor)}
	var probed []entry
	if probe {
		skip := h.limit
		if h.reverse {
			// As many as are newer now, and some that may come until the answer.
			skip += len(page) + entering
		}
		queries = append(queries, h.query(skip, 1, &probed))
	}
	if err := h.server.Ask(ctx, queries...); err != nil {
		return false, false, err
	}
	// All heights of a page follow from one, since they are counted from the
	// same tip.
	tip := anchor.Height + uint64(page[at].confirmations) - 1
	for i := range page {
		e := &page[i]
		if !unconfirmed(*e) {
			e.height = tip + 1 - min(tip+1, uint64(e.confirmations))
		}
		switch {
		case unconfirmed(*e) || e.height > h.span.To:
			h.above++
			beyond = beyond || !h.reverse
		case e.height < h.span.From:
			beyond = beyond || h.reverse
		default:
			h.inside = append(h.inside, *e)
		}
	}
	if h.limit > 0 && len(h.inside) > h.limit {
		return false, true, nil
	}
	if len(probed) == 0 || unconfirmed(probed[0]) || beyond {
		return beyond, false, nil
	}
	height := tip + 1 - min(tip+1, uint64(probed[0].confirmations))
	if h.reverse {
		return false, height >= h.span.From && height+passing <= h.span.To, nil
	}
	return false, height+passing <= h.span.To, nil
}

func (h *history) page(ctx context.Context, skip, count int) (page []entry, err error) {
	err = h.server.Ask(ctx, h.query(skip, count, &page))
	return page, err
}

func (h *history) query(skip, count int, to *[]entry) rpc.Query {
	return rpc.Query{
		Pin: h.pin, Method: "searchrawtransactions", Params: []any{h.address, 1, skip, count, 1, h.reverse},
		Read: func(v jsontext.Value) (err error) {
			*to, err = decodePage(v, h.server.scripts, count, h.reverse)
			return err
		},
	}
}
