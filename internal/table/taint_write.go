package table

import (
	"context"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// TaintWriter writes one part of taint, row by row. It is used by one
// goroutine; writers of different parts are independent of each other.
type TaintWriter struct {
	ctx   context.Context // of the part: it ends the writing, whoever adds
	sheet *sheet[Taint]
	err   error
}

// NewTaintWriter opens the part. Close or Abandon must be called.
func NewTaintWriter(ctx context.Context, f Folder, part int) (*TaintWriter, error) {
	s, err := newSheet[Taint](f, part)
	if err != nil {
		return nil, err
	}
	return &TaintWriter{ctx: ctx, sheet: s}, nil
}

// Add writes one row: the seed's share of an output of the transfer, or of its
// fee where entry is ledger.NoEntry. After an error every call returns it.
func (w *TaintWriter) Add(caseID, seed, method string, b *ledger.Book, t ledger.Transfer, entry ledger.EntryID, amount *chain.Amount) error {
	if w.err != nil {
		return w.err
	}
	s := w.sheet
	s.of(b)
	s.text(caseID)
	s.text(seed)
	s.text(method)
	s.text(b.Chain().Name)
	s.int(int64(b.Height(t.Tx)))
	s.hash(t.Tx)
	s.text(t.Kind.String())
	putOrdinal(s, &t)
	w.putWay(b, &t, entry)
	s.amount(amount)
	putTrace(s, &t)
	if err := s.end(w.ctx); err != nil {
		w.err = s.fail(err)
	}
	return w.err
}

// putWay writes output_index, asset and the two addresses.
func (w *TaintWriter) putWay(b *ledger.Book, t *ledger.Transfer, entry ledger.EntryID) {
	s := w.sheet
	if t.Kind != chain.Output || entry == ledger.NoEntry {
		s.null()
	} else {
		s.int(int64(b.Entry(entry).Index))
	}
	s.asset(t.Asset)
	if t.Kind != chain.Output && t.First < t.Mid {
		s.address(b.AddressOf(t.First))
	} else {
		s.null()
	}
	if entry != ledger.NoEntry {
		s.address(b.AddressOf(entry))
	} else {
		s.null()
	}
}

// Close completes the part.
func (w *TaintWriter) Close() (File, error) {
	if w.err != nil {
		return File{}, w.err
	}
	file, err := w.sheet.close(w.ctx)
	w.err = err
	return file, err
}

// Abandon gives the part up and leaves no file. It does nothing after Close.
func (w *TaintWriter) Abandon() {
	if w.err == nil {
		w.sheet.file.abandon()
	}
}
