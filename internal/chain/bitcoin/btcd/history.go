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
	// leastPage is the smallest page that leads on: its first is the last of the
	// page before.
	leastPage = 2
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
	beyond bool    // the pages reached the other end of the span
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
		page, big, err := h.page(ctx, skip, count)
		if err != nil {
			return nil, false, err
		}
		if big {
			count /= 2
			size = count
			continue
		}
		fresh, joined := h.join(page, skip)
		full := len(page) == count
		var m more
		if joined {
			if m, err = h.more(ctx, page, fresh, skip, full, full && !probed); err != nil {
				return nil, false, err
			}
		}
		if !joined || m.lost {
			// Another question for the same: from further back, or one more.
			if steps++; steps > mostSteps {
				return nil, false, h.server.fail(errJoin)
			}
			if !joined {
				skip = max(0, skip-1<<(2*steps))
			}
			count++
			continue
		}
		if inside := h.take(fresh, m.tip); m.many || h.limit > 0 && inside > h.limit {
			return nil, true, nil
		}
		probed = true
		if h.beyond || !full {
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

// more is what was asked about a page besides.
type more struct {
	// tip is the chain's height when the page was made.
	tip uint64
	// lost says that the page ended early and is not the last, many that the
	// address has more than limit transactions.
	lost, many bool
}

func (e *entry) unconfirmed() bool { return e.block == chain.Hash{} }

// more asks, in one request, for the height of a page, for what comes behind the
// last, which must be nothing, and with probe whether there are more than limit.
func (h *history) more(ctx context.Context, page, fresh []entry, skip int, full, probe bool) (m more, err error) {
	var queries []rpc.Query
	var anchor rpc.Header
	at := slices.IndexFunc(fresh, func(e entry) bool { return !e.unconfirmed() })
	if at >= 0 {
		queries = append(queries, rpc.HeaderQuery(h.pin, fresh[at].block, &anchor))
	}
	var behind, probed []entry
	if !full {
		queries = append(queries, h.query(skip+len(page), 1, &behind))
	}
	if probe && at >= 0 {
		far := h.limit
		if h.reverse {
			// As many as are newer now, and some that may come until the answer.
			far += skip + len(page) + entering
		}
		queries = append(queries, h.query(far, 1, &probed))
	}
	if err := h.server.Ask(ctx, queries...); err != nil {
		return m, err
	}
	if at >= 0 {
		// All heights of a page follow from one, since they are counted from the
		// same tip.
		m.tip = anchor.Height + uint64(fresh[at].confirmations) - 1
	}
	if len(behind) > 0 {
		if m.lost, err = h.lost(ctx, page, &behind[0]); err != nil {
			return m, err
		}
	}
	if len(probed) > 0 && !probed[0].unconfirmed() {
		height := probed[0].at(m.tip)
		m.many = height+passing <= h.span.To && (!h.reverse || height >= h.span.From)
	}
	return m, nil
}

// lost reports whether a page lacks something of the span, since e comes behind
// it. What is newer than the span may have come just now.
func (h *history) lost(ctx context.Context, page []entry, e *entry) (bool, error) {
	if e.unconfirmed() {
		return false, nil
	}
	if h.reverse || slices.ContainsFunc(page, func(p entry) bool { return p.tx.Hash == e.tx.Hash }) {
		return true, nil
	}
	var header rpc.Header
	err := h.server.Ask(ctx, rpc.HeaderQuery(h.pin, e.block, &header))
	return header.Height <= h.span.To, err
}

// at is the height of a transaction, counted from the tip.
func (e *entry) at(tip uint64) uint64 { return tip + 1 - min(tip+1, uint64(e.confirmations)) }

// take sorts a page into what is newer than the span, inside, and beyond. It
// returns how many are inside.
func (h *history) take(page []entry, tip uint64) int {
	for i := range page {
		e := page[i]
		e.height = e.at(tip)
		h.last = e.tx.Hash
		switch {
		case e.unconfirmed() || e.height > h.span.To:
			h.beyond = h.beyond || !h.reverse
		case e.height < h.span.From:
			h.beyond = h.beyond || h.reverse
		default:
			h.inside = append(h.inside, e)
		}
	}
	return len(h.inside)
}

// page asks for a page. big says that fewer must be asked for.
func (h *history) page(ctx context.Context, skip, count int) (page []entry, big bool, err error) {
	q := h.query(skip, count, &page)
	if h.server.TooBig(q) {
		return nil, true, nil
	}
	err = h.server.Ask(ctx, q)
	var failed *fetch.Error
	if errors.As(err, &failed) && failed.Class == fetch.TooWide && count >= 2*leastPage {
		return nil, true, h.server.MarkTooBig(q)
	}
	return page, false, err
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
