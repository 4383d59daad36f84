package live

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/fetch"
)

// Source makes a server a chain.Source that remembers. It is safe for
// concurrent use as far as chain.Source asks for it, and closes the client.
func Source(c chain.Chain, driver string, s Server, client *fetch.Client, o chain.Options) (chain.Source, error) {
	m, err := remember(Dir(driver, c, o), o.Offline)
	if err != nil {
		return nil, err
	}
	return &source{chain: c, driver: driver, server: s, client: client, name: o.Endpoint.Name, args: o.Args, offline: o.Offline, dir: Dir(driver, c, o), memory: m}, nil
}

type source struct {
	chain              chain.Chain
	driver, name, args string
	dir                string
	server             Server
	client             *fetch.Client
	offline            bool
	mu                 sync.Mutex
	memory             *memory
	// failing counts the parts in a row that lack something while the server
	// answered nothing at all, and answers its answers at the last of them.
	failing int
	answers int64
}

// Head is the newest final block. Offline it is that of the last run.
// What was asked under a block that is no longer on the chain is forgotten. A
// server that fell behind, or knows nothing of what was final before, is refused:
// its tables must not take the place of better ones.
func (s *source) Head(ctx context.Context) (chain.Block, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.offline {
		if !s.memory.known {
			return chain.Block{}, fmt.Errorf("%s was never asked about %s: run once without --offline: %w", s.name, s.chain.Name, fetch.ErrOffline)
		}
		return s.memory.head, nil
	}
	head, err := s.server.Head(ctx)
	if err != nil {
		return chain.Block{}, err
	}
	if err := s.compare(ctx, head); err != nil {
		return chain.Block{}, err
	}
	if !s.memory.known && head.Height > 1 {
		// A block far below tells a reorganisation from another chain, later.
		deep, err := s.server.Block(ctx, head.Height/2)
		if err != nil {
			return chain.Block{}, err
		}
		if err := s.memory.pin(deep, false); err != nil {
			return chain.Block{}, err
		}
	}
	return head, s.memory.pin(head, true)
}

// compare looks whether the final blocks of former runs are still there, from the
// newest down to the first that is. Those that are not are distrusted for good,
// before the new head is noted.
func (s *source) compare(ctx context.Context, head chain.Block) (err error) {
	pins := s.memory.downward()
	for i, last := range pins {
		if last.Height > head.Height {
			return fmt.Errorf("%s says that block %d is the newest final one, and said %d before: it is behind, or another server answers; run again later, or take %s away if that chain is gone",
				s.name, head.Height, last.Height, s.dir)
		}
		now := head
		if last.Height < head.Height {
			if now, err = s.server.Block(ctx, last.Height); err != nil {
				return err
			}
		}
		if now.Hash != last.Hash {
			continue
		}
		for _, gone := range pins[:i] {
			if err := s.memory.distrust(gone); err != nil {
				return err
			}
		}
		return nil
	}
	if len(pins) > 0 {
		return fmt.Errorf("%w: block %d of %s was final as %s, and no final block that was seen before is there any more: another chain answers; give it an endpoint of its own, or take %s away",
			chain.ErrContradiction, pins[0].Height, s.name, pins[0].Hash.Text(s.chain.Family), s.dir)
	}
	return nil
}

// pin is the block at the end of a span.
func (s *source) pin(ctx context.Context, height uint64) (chain.Block, error) {
	if b, ok := s.memory.pins[height]; ok {
		return b, nil
	}
	if s.offline {
		return chain.Block{}, fmt.Errorf("block %d of %s: %w: run once without --offline", height, s.chain.Name, fetch.ErrOffline)
	}
	b, err := s.server.Block(ctx, height)
	if err != nil {
		return chain.Block{}, err
	}
	return b, s.memory.pin(b, false)
}

// Plan puts every question again that told of the asked addresses before, and
// then one for each stretch of blocks that is still to be told.
func (s *source) Plan(ctx context.Context, q chain.Question) ([]chain.Part, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	want := &asked{kinds: slices.Sorted(slices.Values(q.Kinds)), limit: q.Limit, args: s.args}
	before := map[*asked]bool{}
	open := map[uint64][]chain.Address{}
	whole := within(q.Addresses)
	for address := range q.Addresses {
		from, isHub := q.Span.From, false
		for from <= q.Span.To && !isHub {
			a := s.memory.longest(address, want, from, q.Span.To, whole)
			if a == nil {
				open[from] = append(open[from], address)
				break
			}
			before[a] = true
			from = a.span.To + 1
			isHub = s.memory.hubs[hub{address, a.number}] // and says so again
		}
	}
	questions := slices.SortedFunc(maps.Keys(before), func(a, b *asked) int { return cmp.Compare(a.number, b.number) })
	for _, from := range slices.Sorted(maps.Keys(open)) {
		pin, err := s.pin(ctx, q.Span.To)
		if err != nil {
			return nil, err
		}
		a := &asked{
			pin: pin, span: chain.Span{From: from, To: q.Span.To}, kinds: want.kinds, limit: want.limit, args: want.args,
			addresses: slices.Sorted(slices.Values(open[from])),
		}
		if err := s.memory.begin(a); err != nil {
			return nil, err
		}
		questions = append(questions, a)
	}
	var parts []chain.Part
	for _, a := range questions {
		more, err := s.plan(ctx, a, q)
		if err != nil {
			return nil, err
		}
		parts = append(parts, more...)
	}
	return parts, nil
}

// plan cuts one question into parts that tell of the addresses wanted now.
func (s *source) plan(ctx context.Context, a *asked, q chain.Question) ([]chain.Part, error) {
	whole := chain.Question{Addresses: make(map[chain.Address]struct{}, len(a.addresses)), Span: a.span, Kinds: a.kinds, Limit: a.limit}
	for _, address := range a.addresses {
		whole.Addresses[address] = struct{}{}
	}
	parts, err := s.server.Plan(ctx, whole, a.pin)
	if err != nil {
		return nil, err
	}
	left := new(atomic.Int32)
	left.Store(int32(len(parts)))
	for i, p := range parts {
		parts[i] = &part{source: s, part: p, asked: a, wanted: q.Addresses, left: left}
	}
	return parts, nil
}

// part tells of one part what is wanted of it.
type part struct {
	source *source
	part   chain.Part
	asked  *asked
	wanted map[chain.Address]struct{}
	left   *atomic.Int32 // parts of the question that were not told to their end
	told   atomic.Bool
}

// mostFailing is after how many parts in a row without any answer a server counts
// as away: better no tables than tables of nothing.
const mostFailing = 4

// Ask implements chain.Part.
func (p *part) Ask(ctx context.Context, emit func(*chain.Transfer) error) ([]chain.Gap, error) {
	found, err := p.part.Ask(ctx, func(t *chain.Transfer) error {
		if !p.asked.span.Has(t.Tx.Pos.Height) || !p.wants(t) {
			return nil
		}
		return emit(t)
	})
	if err != nil {
		return nil, err
	}
	var gaps []chain.Gap
	failed := false
	for _, g := range found {
		if g.Effect == chain.Hub {
			if err := p.hub(g.Address); err != nil {
				return nil, err
			}
		}
		failed = failed || g.Effect == chain.Missing && g.Address != ""
		if _, ok := p.wanted[g.Address]; ok || g.Address == "" {
			gaps = append(gaps, g)
		}
	}
	if err := p.judge(failed); err != nil {
		return nil, err
	}
	return gaps, p.end()
}

func (p *part) hub(address chain.Address) error {
	p.source.mu.Lock()
	defer p.source.mu.Unlock()
	return p.source.memory.note(hub{address, p.asked.number})
}

// judge counts failures.
func (p *part) judge(failed bool) error {
	s := p.source
	s.mu.Lock()
	defer s.mu.Unlock()
	answers := s.client.Answers()
	if !failed || answers != s.answers {
		s.failing = 0
	}
	s.answers = answers
	if !failed || s.offline {
		return nil
	}
	if s.failing++; s.failing >= mostFailing {
		return fmt.Errorf("%s does not answer: %d questions in a row failed; what was answered is kept, run again when it does", s.name, mostFailing)
	}
	return nil
}

// end notes that the question was told whole, with the last of its parts.
func (p *part) end() error {
	if p.told.Swap(true) || p.left.Add(-1) > 0 {
		return nil
	}
	p.source.mu.Lock()
	defer p.source.mu.Unlock()
	return p.source.memory.end(p.asked)
}

// wants reports whether a transfer touches a wanted address, or tells of a
// transaction only.
func (p *part) wants(t *chain.Transfer) bool {
	if len(t.In)+len(t.Out) == 0 {
		return true
	}
	for _, side := range [][]chain.Entry{t.In, t.Out} {
		for i := range side {
			if _, ok := p.wanted[side[i].Address]; ok {
				return true
			}
		}
	}
	return false
}

// Inputs names the server and the hash of all its answers that were used.
func (s *source) Inputs(context.Context) ([]chain.Input, error) {
	sum, answers, bytes := s.client.Archive().Root()
	return []chain.Input{{
		Name: fmt.Sprintf("%s %s, %d answers", s.driver, s.name, answers), Bytes: bytes, SHA256: hex.EncodeToString(sum[:]),
	}}, nil
}

// Usage implements chain.Metered.
func (s *source) Usage() chain.Usage { return chain.Usage(s.client.Usage()) }

// Skew is how far this machine's clock is ahead of the server's.
func (s *source) Skew() (ahead time.Duration, known bool) { return s.client.Skew() }

// Doctor implements Doctor if the server does.
func (s *source) Doctor(ctx context.Context) []Finding {
	if d, ok := s.server.(Doctor); ok {
		return d.Doctor(ctx)
	}
	return nil
}

// Estimate implements Estimator if the server does.
func (s *source) Estimate(addresses int, span chain.Span, kinds []chain.Kind) (int64, string) {
	if e, ok := s.server.(Estimator); ok {
		return e.Estimate(addresses, span, kinds)
	}
	return 0, ""
}

// Close implements chain.Source.
func (s *source) Close() error { return errors.Join(s.memory.close(), s.client.Close()) }
