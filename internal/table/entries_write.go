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
	known := newTexts(b)
	for i := from; i < to; i++ {
		t := b.At(i)
		for id := t.First; id < t.End; id++ {
			putEntry(s, known, &t, id)
			if err := s.end(ctx); err != nil {
				return File{}, s.fail(err)
			}
		}
	}
	return s.close(ctx)
}

func putEntry(s *sheet[Entry], known *texts, t *ledger.Transfer, id ledger.EntryID) {
	b := known.book
	tx, hash := known.transaction(t.Tx)
	e := b.Entry(id)
	s.text(b.Chain().Name)
	s.int(int64(tx.Pos.Height))
	s.bytes(hash)
	side := SideOut
	if id < t.Mid {
		side = SideIn
	}
	s.text(side)
	s.int(int64(e.Index))
	s.address(known.address(e.Address))
	s.amountUnless(!e.Known, &e.Amount)
	if id >= t.Mid {
		s.null()
		s.null()
		return
	}
	s.text(b.SpentTx(id).Text(b.Chain().Family))
	s.int(int64(b.SpentIndex(id)))
}
