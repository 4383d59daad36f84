package table

import (
	"context"
	"iter"

	"github.com/scamtrace/scamtrace/internal/ledger"
)

// Met is a row of visits by the ids of a book.
type Met struct {
	Address ledger.AddressID
	Hop     int
	// Parent and Tx mean nothing unless HasParent is set.
	Parent    ledger.AddressID
	Tx        ledger.TxID
	HasParent bool
	// Stop is "" where the address was followed.
	Stop      string
	Direction string
}

// WriteVisits writes rows of visits, which come in the table's order, as one
// part.
func WriteVisits(ctx context.Context, f Folder, part int, b *ledger.Book, rows iter.Seq[Met]) (File, error) {
	s, err := newSheet[Visit](f, part)
	if err != nil {
		return File{}, err
	}
	s.of(b)
	for r := range rows {
		putVisit(s, b, &r)
		if err := s.end(ctx); err != nil {
			return File{}, s.fail(err)
		}
	}
	return s.close(ctx)
}

func putVisit(s *sheet[Visit], b *ledger.Book, r *Met) {
	s.text(b.Chain().Name)
	s.address(r.Address)
	s.int(int64(r.Hop))
	if r.HasParent {
		s.address(r.Parent)
	} else {
		s.null()
	}
	s.textUnlessEmpty(r.Stop)
	s.text(r.Direction)
	if !r.HasParent {
		s.null()
		s.null()
		s.null()
		return
	}
	s.int(int64(b.Height(r.Tx)))
	s.int(b.Seconds(r.Tx) * 1_000_000)
	s.hash(r.Tx)
}
