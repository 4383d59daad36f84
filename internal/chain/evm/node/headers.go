package node

import (
	"context"
	"fmt"
	"sync"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/fetch/jsonrpc"
)

// epochBlocks is how many blocks hang from one anchor: the hash of the last of
// them, as the run's pin knows it. Further down each block is known by the one
// above. What is asked together, headersAtOnce or scanned blocks between two
// multiples of that, is kept under the hash of the last of them: it stays good
// for every later pin.
const (
	epochBlocks   = 1024
	headersAtOnce = 64
)

// epochs cuts a span at the ends of epochs.
func epochs(span chain.Span) []chain.Span {
	var out []chain.Span
	for from := span.From; ; {
		to := min(span.To, from|(epochBlocks-1))
		out = append(out, chain.Span{From: from, To: to})
		if to >= span.To {
			return out
		}
		from = to + 1
	}
}

// anchor is the block at the end of an epoch, as the run's pin knows it.
func (s *Server) anchor(ctx context.Context, q *inquiry, to uint64) (chain.Hash, error) {
	if to == q.pin.Height {
		return q.pin.Hash, nil
	}
	found, err := s.sparse(ctx, q, []uint64{to})
	if err != nil {
		return chain.Hash{}, err
	}
	return found[to].hash, nil
}

// sparse gets headers here and there, under the run's pin.
func (s *Server) sparse(ctx context.Context, q *inquiry, heights []uint64) (map[uint64]*header, error) {
	found := make(map[uint64]*header, len(heights))
	var rs []jsonrpc.Request
	var want []uint64
	for _, h := range heights {
		if x := s.headers.get(shelfKey{pin: q.pinText, height: h}); x != nil {
			found[h] = x
			continue
		}
		want = append(want, h)
		rs = append(rs, headerRequest(hexText(h)))
	}
	for from := 0; from < len(rs); from += lightBatch {
		to := min(from+lightBatch, len(rs))
		replies, err := s.ask(ctx, s.light, q.pinText, rs[from:to])
		if err != nil {
			return nil, err
		}
		for i := range replies {
			height := want[from+i]
			h, err := s.header(ctx, &replies[i], func(h *header) error {
				if h.height != height || height == q.pin.Height && h.hash != q.pin.Hash {
					return lief("block %d is not the one that was asked for", h.height)
				}
				return nil
			})
			if err != nil {
				return nil, err
			}
			found[height] = h
			s.headers.add(shelfKey{pin: q.pinText, height: height}, h, headerSize)
		}
	}
	return found, nil
}

// headerSize is about what a header takes in memory.
const headerSize = 640

// dense gets the headers of a span of the question, each known by the parent
// hash of the one above it, down from the anchor of its epoch.
func (s *Server) dense(ctx context.Context, q *inquiry, span chain.Span) (map[uint64]*header, error) {
	found := make(map[uint64]*header, span.To-span.From+1)
	for _, e := range epochs(chain.Span{From: span.From, To: min(q.Span.To, span.To|(epochBlocks-1))}) {
		e.From = max(q.Span.From, e.From&^(epochBlocks-1))
		if err := s.epoch(ctx, q, e, span, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (s *Server) epoch(ctx context.Context, q *inquiry, e, span chain.Span, found map[uint64]*header) error {
	want, err := s.anchor(ctx, q, e.To)
	if err != nil {
		return err
	}
	defer s.loading.lock(want.Text(chain.Account))()
	for top := e.To; ; {
		pin := want.Text(chain.Account)
		var rs []jsonrpc.Request
		var shelved []*header
		low := top + 1
		for low > e.From && (low > top || low%headersAtOnce != 0) {
			low--
			x := s.headers.get(shelfKey{pin: pin, height: low})
			shelved = append(shelved, x)
			if x == nil {
				rs = append(rs, headerRequest(hexText(low)))
			}
		}
		replies, err := s.ask(ctx, s.light, pin, rs)
		if err != nil {
			return err
		}
		for i, next := 0, 0; i < len(shelved); i++ {
			height, h := top-uint64(i), shelved[i]
			if h == nil {
				expected := want
				if h, err = s.header(ctx, &replies[next], func(h *header) error { return linked(h, height, expected) }); err != nil {
					return err
				}
				next++
				s.headers.add(shelfKey{pin: pin, height: height}, h, headerSize)
			}
			want = h.parent
			if span.Has(height) {
				found[height] = h
			}
		}
		if low == e.From {
			return s.joined(ctx, q, low, want)
		}
		top = low - 1
	}
}

// joined compares the parent hash of an epoch's first block with the anchor of
// the epoch before.
func (s *Server) joined(ctx context.Context, q *inquiry, first uint64, parent chain.Hash) error {
	if first == q.Span.From {
		return nil
	}
	before, err := s.anchor(ctx, q, first-1)
	if err == nil && before != parent {
		err = fmt.Errorf("%w: %s: block %d is not the one that the block above it names", chain.ErrContradiction, s.name, first-1)
	}
	return err
}

// linked compares a header with the parent hash of the one above it.
func linked(h *header, height uint64, want chain.Hash) error {
	if h.height != height {
		return lief("block %d came when block %d was asked for", h.height, height)
	}
	if h.hash != want {
		return lief("block %d is not the one that the block above it names", height)
	}
	return nil
}

// locks are mutexes by name, so that two parts do not load the same.
type locks struct {
	mu   sync.Mutex
	held map[string]*sync.Mutex
}

// lock locks a name and returns what unlocks it.
func (l *locks) lock(name string) func() {
	l.mu.Lock()
	if l.held == nil {
		l.held = map[string]*sync.Mutex{}
	}
	m, ok := l.held[name]
	if !ok {
		m = new(sync.Mutex)
		l.held[name] = m
	}
	l.mu.Unlock()
	m.Lock()
	return m.Unlock
}
