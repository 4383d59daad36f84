package etherscan

import (
	"context"
	"errors"
	"fmt"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// part tells of one address.
type part struct {
	server  *Server
	pin     string
	address chain.Address
	span    chain.Span
	limit   int
	kinds   kinds
	lists   []listing
}

// errEnough ends a list that has more than the limit.
var errEnough = errors.New("more than the limit")

// Ask implements chain.Part. With a limit nothing is told before all lists are
// there, so that nothing is told of a hub; without one, a block is told when it
// is whole.
func (p *part) Ask(ctx context.Context, emit func(*chain.Transfer) error) ([]chain.Gap, error) {
	var gaps []chain.Gap
	told := make([]*told, 0, len(p.lists))
	for i := range p.lists {
		t := newTold(p, &p.lists[i], emit)
		told = append(told, t)
		more, err := p.list(ctx, t)
		if errors.Is(err, errEnough) {
			return []chain.Gap{p.hub()}, nil
		}
		if err != nil {
			return nil, err
		}
		gaps = append(gaps, more...)
	}
	if p.limit > 0 && counted(told) > p.limit {
		return []chain.Gap{p.hub()}, nil
	}
	more, err := p.proveSent(ctx, told, gaps)
	if err != nil {
		return nil, err
	}
	gaps = append(gaps, more...)
	for _, t := range told {
		if err := t.flush(true); err != nil {
			return nil, err
		}
		gaps = append(gaps, t.gaps()...)
	}
	more, err = p.proveBalances(ctx, told, gaps)
	return append(gaps, more...), err
}

// list goes through one list.
func (p *part) list(ctx context.Context, t *told) ([]chain.Gap, error) {
	w := &walk{
		server: p.server, pin: p.pin, list: *t.list, address: p.address, rows: pageRows,
		take: func(rows []row, full bool) error {
			if err := t.take(rows); err != nil {
				return err
			}
			if p.limit > 0 {
				if t.all > p.limit {
					return errEnough
				}
				if full && t.pages == 1 {
					return p.probe(ctx, t)
				}
				return nil
			}
			return t.flush(false)
		},
	}
	return w.run(ctx, p.span)
}

// hub says that the address has more transfers than anybody wants.
func (p *part) hub() chain.Gap {
	return chain.Gap{Address: p.address, Span: p.span, Effect: chain.Hub, Reason: fmt.Sprintf("more than %d transfers", p.limit)}
}
