package table

import (
	"context"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// WriteEntries writes the inputs and outputs of transfers from to to-1 of the
// book as one part. The book of an account chain has none.
func WriteEntries(ctx context.Context, f Folder, part int, b *ledger.Book, from, to int) (File, error) {
	s, err := newSheet[Entry](f, part)
	if err != nil {
		return File{}, err
	}
	if b.Chain().Family != chain.UTXO {
		to = from
	}
	s.of(b)
	for i := from; i < to; i++ {
		t := b.At(i)
		for id := t.First; id < t.End; id++ {
			putEntry(s, b, &t, id)
			if err := s.end(ctx); err != nil {
				return File{}, s.fail(err)
			}
		}
	}
	return s.close(ctx)
}

func putEntry(s *sheet[Entry], b *ledger.Book, t *ledger.Transfer, id ledger.EntryID) {
	e := b.Entry(id)
	s.text(b.Chain().Name)
	s.int(int64(b.Height(t.Tx)))
	s.hash(t.Tx)
	side := SideOut
	if id < t.Mid {
		side = SideIn
	}
	s.text(side)
	s.int(int64(e.Index))
	s.address(e.Address)
	s.amountUnless(!e.Known, &e.Amount)
	if id >= t.Mid {
		s.null()
		s.null()
		return
	}
	c := s.next()
	at := c.begin()
	c.data = b.AppendSpent(c.data, id)
	c.done(at)
	s.int(int64(b.SpentIndex(id)))
}
