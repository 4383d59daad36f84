package dataset

import (
	"context"
	"io"
	"maps"
	"sync"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// timesKept bounds how many block times stay in memory between parts.
const timesKept = 1 << 20

// blockTimes remembers times read from the blocks table.
type blockTimes struct {
	mu    sync.Mutex
	times map[uint64]int64
}

// scanUntimed answers from a table without times. The first pass finds the
// heights that are needed, the second tells.
func (p *part) scanUntimed(ctx context.Context, emit func(*chain.Transfer) error) error {
	need := map[uint64]struct{}{}
	first := p.source.teller(p.file, p.question, func(t *chain.Transfer) error {
		need[t.Tx.Pos.Height] = struct{}{}
		return nil
	})
	if err := p.scan(ctx, first); err != nil {
		return err
	}
	if len(need) == 0 {
		return nil
	}
	times, err := p.source.timesOf(ctx, need)
	if err != nil {
		return err
	}
	return p.scan(ctx, p.source.teller(p.file, p.question, func(t *chain.Transfer) error {
		seconds, ok := times[t.Tx.Pos.Height]
		if !ok {
			return bad(p.file.name, "block_timestamp: the blocks table has no block %d", t.Tx.Pos.Height)
		}
		t.Tx.Time = seconds
		return emit(t)
	}))
}

// timesOf reads the times of the needed heights from the blocks table.
func (s *source) timesOf(ctx context.Context, need map[uint64]struct{}) (map[uint64]int64, error) {
	found := make(map[uint64]int64, len(need))
	s.clock.mu.Lock()
	for h := range need {
		if t, ok := s.clock.times[h]; ok {
			found[h] = t
		}
	}
	s.clock.mu.Unlock()
	if len(found) == len(need) {
		return found, nil
	}
	for _, f := range s.table("blocks") {
		err := s.readBlocks(ctx, f, func(b chain.Block) {
			if _, ok := need[b.Height]; ok {
				found[b.Height] = b.Time
			}
		})
		if err != nil {
			return nil, err
		}
	}
	s.clock.mu.Lock()
	defer s.clock.mu.Unlock()
	if s.clock.times == nil || len(s.clock.times)+len(found) > timesKept {
		s.clock.times = map[uint64]int64{}
	}
	if len(found) <= timesKept {
		maps.Copy(s.clock.times, found)
	}
	return found, nil
}

// readBlocks gives every row of a blocks file to visit.
func (s *source) readBlocks(ctx context.Context, f *file, visit func(chain.Block)) error {
	if f.format == formatParquet {
		return f.readParquetBlocks(ctx, visit)
	}
	in, _, rows, err := f.begin()
	if err != nil {
		return err
	}
	defer in.Close()
	r := f.newRow()
	for n := int64(0); ; n++ {
		if n%checkEvery == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		if err := rows.next(r); err == io.EOF {
			return nil
		} else if err != nil {
			return r.fault("", readable(err))
		}
		h, err := r.cells[f.layout.height].whole()
		if err != nil {
			return r.fault(f.layout.columns[f.layout.height].name, err)
		}
		b, err := f.block(r, h)
		if err != nil {
			return err
		}
		visit(b)
	}
}
