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
	s.of(b)
	for _, id := range sums.order(b) {
		putFlow(s, b, sums, id)
		if err := s.end(ctx); err != nil {
			return File{}, s.fail(err)
		}
	}
	return s.close(ctx)
}

func putFlow(s *sheet[Flow], b *ledger.Book, sums *flowSums, id uint32) {
	c := sums.cell(id)
	s.text(b.Chain().Name)
	s.asset(ledger.AssetID(c.asset >> 2))
	for _, a := range []uint32{c.from, c.to} {
		if a == 0 {
			s.null()
			continue
		}
		s.address(ledger.AddressID(a - 1))
	}
	s.int(int64(c.transfers))
	sum := sums.sum(id)
	s.amount(&sum)
	s.int(b.Seconds(b.TxOf(int(c.first))) * 1_000_000)
	s.int(b.Seconds(b.TxOf(int(c.last))) * 1_000_000)
	s.text(split(c.asset & 3).String())
}
