package table

import (
	"context"

	"github.com/scamtrace/scamtrace/internal/ledger"
)

// WriteFlows adds up the transfers of a book and writes the flows as one part.
func WriteFlows(ctx context.Context, f Folder, part int, b *ledger.Book) (File, error) {
	s, err := newSheet[Flow](f, part)
	if err != nil {
		return File{}, err
	}
	sums := sumFlows(b)
	known := newTexts(b)
	for _, id := range sums.order(b) {
		putFlow(s, known, sums, id)
		if err := s.end(ctx); err != nil {
			return File{}, s.fail(err)
		}
	}
	return s.close(ctx)
}

func putFlow(s *sheet[Flow], known *texts, sums *flowSums, id uint32) {
	b, c := known.book, sums.cell(id)
	s.text(b.Chain().Name)
	s.text(known.asset(ledger.AssetID(c.asset >> 2)))
	for _, a := range []uint32{c.from, c.to} {
		if a == 0 {
			s.null()
			continue
		}
		s.address(known.address(ledger.AddressID(a - 1)))
	}
	s.int(int64(c.transfers))
	sum := sums.sum(id)
	s.amount(&sum)
	s.int(b.Tx(b.At(int(c.first)).Tx).Time * 1_000_000)
	s.int(b.Tx(b.At(int(c.last)).Tx).Time * 1_000_000)
	s.text(split(c.asset & 3).String())
}
