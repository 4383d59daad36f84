// Package byaddress plans questions for servers that are asked for one address
// at a time.
package byaddress

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/fault"
)

// Histories is a server that is asked for one address at a time.
type Histories interface {
	// History is what an address did in a span, in the order of the chain, and
	// what cannot be told of it. The pin is the block at the end of the span.
	// Asking again costs no request. An error that is not fatal in the sense of
	// fault.Fatal means that nothing can be told.
	History(ctx context.Context, a chain.Address, q *chain.Question, pin chain.Block) ([]chain.Transfer, []chain.Gap, error)
}

// mostParts is how many parts a question is cut into at most: more than any
// number of workers.
const mostParts = 256

// Plan cuts a question into shares of its addresses. A transaction that touches
// several of them is told once: with the first of them that is told whole.
func Plan(h Histories, q chain.Question, pin chain.Block) []chain.Part {
	if len(q.Kinds) > 0 && !slices.Contains(q.Kinds, chain.Output) {
		return nil
	}
	addresses := slices.Sorted(maps.Keys(q.Addresses))
	p := &plan{histories: h, question: q, pin: pin, states: make(map[chain.Address]*state, len(addresses))}
	for _, a := range addresses {
		p.states[a] = &state{}
	}
	share := max(1, (len(addresses)+mostParts-1)/mostParts)
	var parts []chain.Part
	for some := range slices.Chunk(addresses, share) {
		parts = append(parts, &part{p, some})
	}
	return parts
}

type plan struct {
	histories Histories
	question  chain.Question
	pin       chain.Block
	states    map[chain.Address]*state
}

// state is whether an address can be told whole. It is found out once, by
// whichever part needs it first, so that all parts agree.
type state struct {
	mu    sync.Mutex
	known bool
	found found
}

// found is what is known of an address: it does not change.
type found struct {
	whole bool
	gaps  []chain.Gap
}

// of is what is known of an address. The transfers come along if they were asked
// for just now, or if again is set.
func (p *plan) of(ctx context.Context, a chain.Address, again bool) ([]chain.Transfer, found, error) {
	s := p.states[a]
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known && (!again || !s.found.whole) {
		return nil, s.found, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, found{}, err
	}
	list, gaps, err := p.histories.History(ctx, a, &p.question, p.pin)
	switch {
	case err != nil && (s.known || fault.Fatal(err)):
		// What was told once, others rely on.
		return nil, found{}, err
	case err != nil:
		gaps = []chain.Gap{fault.Missing(a, p.question.Span, fault.Why(err))}
	}
	if !s.known {
		whole := !slices.ContainsFunc(gaps, func(g chain.Gap) bool { return g.Effect != chain.Unproved })
		s.known, s.found = true, found{whole, gaps}
	}
	if !s.found.whole {
		list = nil
	}
	return list, s.found, nil
}

type part struct {
	*plan
	addresses []chain.Address
}

// Ask implements chain.Part.
func (p *part) Ask(ctx context.Context, emit func(*chain.Transfer) error) (gaps []chain.Gap, err error) {
	for _, a := range p.addresses {
		list, s, err := p.of(ctx, a, true)
		if err != nil {
			return nil, err
		}
		gaps = append(gaps, s.gaps...)
		for i := range list {
			mine, err := p.mine(ctx, a, &list[i])
			if err != nil {
				return nil, err
			}
			if !mine {
				continue
			}
			if err := emit(&list[i]); err != nil {
				return nil, err
			}
		}
	}
	return gaps, nil
}

// mine reports whether no asked address before a tells the transfer.
func (p *plan) mine(ctx context.Context, a chain.Address, t *chain.Transfer) (bool, error) {
	for _, side := range [...][]chain.Entry{t.In, t.Out} {
		for i := range side {
			other := side[i].Address
			if _, asked := p.states[other]; !asked || other >= a {
				continue
			}
			if _, s, err := p.of(ctx, other, false); err != nil || s.whole {
				return false, err
			}
		}
	}
	return true, nil
}
