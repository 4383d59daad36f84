package job

import (
	"context"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
	"github.com/scamtrace/scamtrace/internal/taint"
)

// windowTransfers is how many transfers the methods trace before their rows are
// put together: many enough that nobody waits, few enough to stay in memory.
const windowTransfers = 1 << 15

// windows cuts a book into ranges of transfers that end where a transaction
// ends. It returns the end of each.
func windows(b *ledger.Book) []int {
	var ends []int
	for end := 0; end < b.Len(); {
		end = min(end+windowTransfers, b.Len())
		for end < b.Len() && b.At(end).Tx == b.At(end-1).Tx {
			end++
		}
		ends = append(ends, end)
	}
	return ends
}

// traceCase runs the methods side by side over one book and emits their rows
// together: in chain order, and for each output one method after the other. So a
// transaction's rows stand together in the table, which is how they are read and
// what makes them small. Each method works ahead by at most three windows.
func traceCase(ctx context.Context, in taint.Input, list []taint.Method, emit func(method int, r *windowRow) error) ([]traced, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ready, err := taint.Prepare(in)
	if err != nil {
		return nil, err
	}
	ends := windows(in.Book)
	out := make([]traced, len(list))
	feeds := make([]feed, len(list))
	for m := range feeds {
		feeds[m] = feed{ctx: ctx, ends: ends, full: make(chan []windowRow, 2), free: make(chan []windowRow, 4)}
	}
	var failed error
	done := make(chan error, 1)
	go func() {
		err := parallel(ctx, len(list), len(list), func(_ context.Context, m int) error {
			return feeds[m].trace(in.Book, ready, list[m], &out[m])
		})
		if err != nil {
			cancel()
		}
		done <- err
	}()
	rows := make([][]windowRow, len(list))
merge:
	for range ends {
		for m := range feeds {
			select {
			case rows[m] = <-feeds[m].full:
			case <-ctx.Done():
				break merge
			}
		}
		if failed = mergeRows(rows, emit); failed != nil {
			cancel()
			break
		}
		for m := range feeds {
			feeds[m].free <- rows[m][:0]
		}
	}
	if err := <-done; failed == nil {
		failed = err
	}
	return out, failed
}

// mergeRows emits the rows of one window by transfer and output, then by method.
func mergeRows(rows [][]windowRow, emit func(int, *windowRow) error) error {
	at := make([]int, len(rows))
	for {
		next := -1
		for m := range rows {
			if at[m] < len(rows[m]) && (next < 0 || before(rows[m][at[m]], rows[next][at[next]])) {
				next = m
			}
		}
		if next < 0 {
			return nil
		}
		group := rows[next][at[next]]
		for ; at[next] < len(rows[next]); at[next]++ {
			r := &rows[next][at[next]]
			if r.transfer != group.transfer || r.entry != group.entry {
				break
			}
			if err := emit(next, r); err != nil {
				return err
			}
		}
	}
}

func before(a, b windowRow) bool {
	return a.transfer < b.transfer || a.transfer == b.transfer && a.entry < b.entry
}

// feed is one method's rows on their way to the merge.
type feed struct {
	ctx  context.Context // of one traceCase
	ends []int
	full chan []windowRow
	free chan []windowRow
	rows []windowRow
}

// trace runs the method and hands over its rows window by window.
func (f *feed) trace(b *ledger.Book, ready *taint.Prepared, m taint.Method, one *traced) (err error) {
	one.opening = map[openingKey]chain.Amount{}
	at := 0
	one.result, err = ready.Trace(m, taint.Sink{
		Row: func(r taint.Row) error {
			for r.Transfer >= f.ends[at] {
				if err := f.flush(); err != nil {
					return err
				}
				at++
			}
			f.rows = append(f.rows, windowRow{uint32(r.Transfer), uint32(r.Source), r.Entry, r.Amount})
			return nil
		},
		Injection: func(i taint.Injection) error {
			if i.Opening {
				key := openingKey{i.Source, b.At(i.Transfer).Asset}
				sum := one.opening[key]
				sum.Add(&sum, &i.Amount)
				one.opening[key] = sum
			}
			return nil
		},
	})
	for ; err == nil && at < len(f.ends); at++ {
		err = f.flush()
	}
	return err
}

func (f *feed) flush() error {
	// Inside a transaction a trace may do a later transfer first.
	if !slices.IsSortedFunc(f.rows, compareRows) {
		slices.SortStableFunc(f.rows, compareRows)
	}
	select {
	case f.full <- f.rows:
	case <-f.ctx.Done():
		return f.ctx.Err()
	}
	select {
	case f.rows = <-f.free:
	default:
		f.rows = nil
	}
	return nil
}
