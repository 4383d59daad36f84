package etherscan

import (
	"context"
	"errors"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/fetch"
)

// walk goes through the pages of one list of one address.
type walk struct {
	server  *Server
	pin     string
	list    listing
	address chain.Address
	rows    int // a page
	facts   *facts
	// take gets each row once, in the order of the blocks, a page at a time;
	// full says that more may follow. It may end the walk with errEnough.
	take func(rows []row, full bool) error

	// open are the stretches of blocks still to be asked for, the next one last.
	open []chain.Span
	// carried are the rows of the first open block that were taken already.
	carried []row
	gaps    []chain.Gap
	// disagrees is set if a page contradicts other rows, however often it is
	// asked for.
	disagrees bool
}

// run asks for the whole span. What could not be had is returned as gaps; the
// error is one that must end the question.
func (w *walk) run(ctx context.Context, span chain.Span) ([]chain.Gap, error) {
	w.open = []chain.Span{span}
	for len(w.open) > 0 {
		s := w.open[len(w.open)-1]
		w.open = w.open[:len(w.open)-1]
		if err := w.step(ctx, s); err != nil {
			return w.gaps, err
		}
	}
	return w.gaps, nil
}

// step asks for the first page of a stretch.
func (w *walk) step(ctx context.Context, s chain.Span) error {
	p := &page{list: w.list, address: w.address, span: s, number: 1, rows: w.rows, carried: w.carried, facts: w.facts}
	mark := w.mark(p)
	archive := w.server.client.Archive()
	if archive.Split(mark) {
		w.split(s)
		return nil
	}
	rows, err := w.server.page(ctx, w.pin, p)
	switch classOfError(err) {
	case fetch.Final:
	case fetch.TooWide, fetch.TooMany:
		if err := archive.MarkSplit(mark); err != nil {
			return err
		}
		w.split(s)
		return nil
	default:
		return w.fail(s, err)
	}
	if err != nil {
		return err
	}
	fresh, _ := without(rows, w.carried)
	w.carried = nil
	full := mayBeCut(len(rows), w.rows) && len(fresh) > 0
	if err := w.take(fresh, full); err != nil || !full {
		return err
	}
	last := rows[len(rows)-1].tx.Pos.Height
	if last == rows[0].tx.Pos.Height {
		return w.crowded(ctx, chain.Span{From: last, To: s.To}, len(rows))
	}
	for i := range rows {
		if rows[i].tx.Pos.Height == last {
			w.carried = append(w.carried, rows[i])
		}
	}
	w.open = append(w.open, chain.Span{From: last, To: s.To})
	return nil
}

// crowded goes on inside a block that filled a whole page, which began with it,
// and opens what follows it.
func (w *walk) crowded(ctx context.Context, s chain.Span, rows int) error {
	block := chain.Span{From: s.From, To: s.From}
	if s.From < s.To {
		w.open = append(w.open, chain.Span{From: s.From + 1, To: s.To})
	}
	for number := 2; ; number++ {
		p := &page{list: w.list, address: w.address, span: block, number: number, rows: rows, facts: w.facts}
		mark := w.mark(p)
		if w.server.client.Archive().Split(mark) {
			w.miss(block, w.server.name+" does not give all rows of so busy a block")
			return nil
		}
		more, err := w.server.page(ctx, w.pin, p)
		switch classOfError(err) {
		case fetch.Final:
		case fetch.TooWide, fetch.TooMany:
			if err := w.server.client.Archive().MarkSplit(mark); err != nil {
				return err
			}
			continue // the mark is met at once
		default:
			return w.fail(block, err)
		}
		if err != nil {
			return err
		}
		full := len(more) >= rows
		if err := w.take(more, full); err != nil || !full {
			return err
		}
	}
}

// split opens the halves of a stretch. A single block cannot be halved.
func (w *walk) split(s chain.Span) {
	if s.From >= s.To {
		w.carried = nil
		w.miss(s, w.server.name+" does not give all rows of so busy a block")
		return
	}
	middle := s.From + (s.To-s.From)/2
	w.open = append(w.open, chain.Span{From: middle + 1, To: s.To}, chain.Span{From: s.From, To: middle})
}

// mark is the name under which the archive notes that a page is too much.
func (w *walk) mark(p *page) fetch.Question {
	return fetch.Question{Pin: w.pin, Text: "too much: " + p.query(w.server.number).Encode()}
}

// fail ends the walk with a gap to the end, or with the error if it ends more
// than that.
func (w *walk) fail(s chain.Span, err error) error {
	reason, ok := w.server.excuse(w.list.action, err)
	if !ok {
		return err
	}
	if e, is := errors.AsType[*fetch.Error](err); is {
		w.disagrees = strings.Contains(e.Reason, errBlock.Error()) || strings.Contains(e.Reason, errTx.Error())
	}
	if len(w.open) > 0 {
		s.To = w.open[0].To
	}
	w.open, w.carried = nil, nil
	w.miss(s, reason)
	return nil
}

func (w *walk) miss(s chain.Span, reason string) {
	for _, k := range w.list.kinds {
		w.gaps = append(w.gaps, chain.Gap{Address: w.address, Kind: k, Span: s, Reason: reason, Effect: chain.Missing})
	}
}

// mayBeCut reports whether a page may have been cut off: it is full, or its
// length is one that servers use as a cap without saying so.
func mayBeCut(rows, wanted int) bool {
	if rows >= wanted {
		return true
	}
	switch rows {
	case 10, 20, 25, 50, 100, 200, 250, 300, 400, 500, 600, 700, 750, 800, 900:
		return true
	}
	return false
}
