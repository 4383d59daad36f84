package etherscan

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// part tells of one address.
type part struct {
	*plan
	address chain.Address
	// ahead parts only find out what the part itself will be able to tell.
	ahead bool
}

// errEnough ends a list that has more than the limit.
var errEnough = errors.New("more than the limit")

// Ask implements chain.Part. With a limit nothing is told before all lists are
// there, so that nothing is told of a hub; without one, a block is told when it
// is whole.
func (p *part) Ask(ctx context.Context, emit func(*chain.Transfer) error) ([]chain.Gap, error) {
	s, err := p.hold(ctx, p.address)
	if err != nil {
		return nil, err
	}
	told, gaps, err := p.collect(ctx, s, emit)
	s.release()
	if err != nil || told == nil {
		return gaps, err
	}
	for _, t := range told {
		if err := t.flush(ctx, true); err != nil {
			return nil, err
		}
		gaps = append(gaps, t.gaps()...)
	}
	more, err := p.proveBalances(ctx, told, gaps)
	return append(gaps, more...), err
}

// collect asks for all lists and notes how far they came. A hub has no lists.
func (p *part) collect(ctx context.Context, s *state, emit func(*chain.Transfer) error) ([]*told, []chain.Gap, error) {
	var gaps []chain.Gap
	lists := make([]*told, 0, len(p.lists))
	cut := map[string]bool{}
	known := newFacts(numbersOnce(p.server.chain.ID))
	s.shared = map[fingerprint]int{}
	for i := range p.lists {
		t := newTold(p, &p.lists[i], known, emit)
		lists = append(lists, t)
		more, err := p.list(ctx, t)
		if errors.Is(err, errEnough) {
			s.known, s.hub = true, true
			return nil, []chain.Gap{p.hub()}, nil
		}
		if err != nil {
			return nil, nil, err
		}
		cut[t.list.action] = len(more) > 0
		gaps = append(gaps, more...)
	}
	if p.limit > 0 && counted(lists...) > p.limit {
		s.known, s.hub = true, true
		return nil, []chain.Gap{p.hub()}, nil
	}
	more, err := p.proveSent(ctx, lists, gaps)
	if err != nil {
		return nil, nil, err
	}
	if len(more) > 0 {
		cut[transactions().action] = true
	}
	if slices.ContainsFunc(lists, func(t *told) bool { return t.odd != "" }) {
		for _, t := range lists {
			t.odd = ""
			if !cut[t.list.action] { // else it has a gap already
				t.odd = p.server.name + " gives lists that disagree about blocks or transactions"
			}
		}
	}
	s.known, s.cut = true, cut
	return lists, append(gaps, more...), nil
}

// list goes through one list. That there are no tokens at all is what no
// balance can prove, since nothing says of which: with proof=tokens it is asked
// again.
func (p *part) list(ctx context.Context, t *told) ([]chain.Gap, error) {
	gaps, err := p.walk(ctx, t, pageRows)
	if err == nil && len(gaps) == 0 && p.server.set.tokens && t.list.action == tokens().action && t.all == 0 {
		return p.walk(ctx, t, pageRows-1)
	}
	return gaps, err
}

// walk goes through the pages of a list.
func (p *part) walk(ctx context.Context, t *told, rows int) ([]chain.Gap, error) {
	w := &walk{
		server: p.server, pin: p.pin, list: *t.list, address: p.address, rows: rows, facts: t.facts,
		take: func(rows []row, full bool) error {
			if err := t.take(rows); err != nil {
				return err
			}
			if p.limit <= 0 {
				if p.ahead {
					t.drop()
					return nil
				}
				return t.flush(ctx, false)
			}
			if t.tooMany() {
				return errEnough
			}
			if full && t.pages == 1 {
				return p.probe(ctx, t)
			}
			return nil
		},
	}
	gaps, err := w.run(ctx, p.span)
	if w.disagrees {
		t.odd = p.server.name + " gives lists that disagree about blocks or transactions"
	}
	return gaps, err
}

// hub says that the address has more transfers than anybody wants.
func (p *part) hub() chain.Gap {
	return chain.Gap{Address: p.address, Span: p.span, Effect: chain.Hub, Reason: fmt.Sprintf("more than %d transfers", p.limit)}
}
