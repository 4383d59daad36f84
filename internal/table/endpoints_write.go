package table

import (
	"context"
	"iter"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// End is a row of endpoints by the ids of a book.
type End struct {
	CaseID, Seed, Method string
	Asset                ledger.AssetID
	Address              ledger.AddressID
	// Stop is "" where the money rests.
	Stop   string
	Amount chain.Amount
}

// WriteEndpoints writes rows of endpoints, which come in the table's order, as
// one part.
func WriteEndpoints(ctx context.Context, f Folder, part int, b *ledger.Book, rows iter.Seq[End]) (File, error) {
	s, err := newSheet[Endpoint](f, part)
	if err != nil {
		return File{}, err
	}
	s.of(b)
	for r := range rows {
		s.text(r.CaseID)
		s.text(r.Seed)
		s.text(r.Method)
		s.text(b.Chain().Name)
		s.asset(r.Asset)
		s.address(r.Address)
		s.textUnlessEmpty(r.Stop)
		s.amount(&r.Amount)
		if err := s.end(ctx); err != nil {
			return File{}, s.fail(err)
		}
	}
	return s.close(ctx)
}
