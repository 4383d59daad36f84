package table

import (
	"context"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// WriteFlows adds up the transfers of a book and writes the flows as one part.
func WriteFlows(ctx context.Context, f Folder, part int, b *ledger.Book) (File, error) {
	return sumFlows(b).write(ctx, f, part, b)
}

// write writes the flows in the order of their texts. Nothing can be added
// afterwards.
func (s *flowSums) write(ctx context.Context, f Folder, part int, b *ledger.Book) (File, error) {
	w, err := newSheet[Flow](f, part)
	if err != nil {
		return File{}, err
	}
	w.of(b)
	rows := make([]flowRow, 0, flowsAhead)
	for ids := range slices.Chunk(s.order(b), flowsAhead) {
		rows = s.rows(b, ids, rows[:0])
		for i := range rows {
			putFlow(w, b, &rows[i])
			if err := w.end(ctx); err != nil {
				return File{}, w.fail(err)
			}
		}
	}
	return w.close(ctx)
}

// flowsAhead is how many flows are looked up at once. Cells and times of flows in
// the order of their texts lie anywhere, and a core waits for many places at once
// as long as none depends on another.
const flowsAhead = 128

// flowRow is all of a flow but its texts; times are seconds.
type flowRow struct {
	flowCell
	sum         chain.Amount
	first, last int64
}

func (s *flowSums) rows(b *ledger.Book, ids []uint32, rows []flowRow) []flowRow {
	for _, id := range ids {
		rows = append(rows, flowRow{flowCell: *s.cell(id)})
	}
	for i := range rows {
		r := &rows[i]
		r.first, r.last = b.Seconds(b.TxOf(int(r.flowCell.first))), b.Seconds(b.TxOf(int(r.flowCell.last)))
	}
	for i, id := range ids {
		rows[i].sum = s.sum(id)
	}
	return rows
}

func putFlow(s *sheet[Flow], b *ledger.Book, r *flowRow) {
	s.text(b.Chain().Name)
	s.asset(ledger.AssetID(r.asset >> 2))
	for _, a := range []uint32{r.from, r.to} {
		if a == 0 {
			s.null()
			continue
		}
		s.address(ledger.AddressID(a - 1))
	}
	s.int(int64(r.transfers))
	s.amount(&r.sum)
	s.int(r.first * 1_000_000)
	s.int(r.last * 1_000_000)
	s.text(split(r.asset & 3).String())
}
