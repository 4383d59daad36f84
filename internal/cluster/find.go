package cluster

import (
	"errors"
	"fmt"
	"slices"

	"github.com/scamtrace/scamtrace/internal/ledger"
)

// Find runs the named heuristics over a book. Heuristics for another family of
// chains are left out, so that one list of names serves every chain of a run.
// The links are ordered by heuristic, then evidence in chain order, then the
// texts of A and B. The error names a heuristic or guard that does not exist,
// or a parameter that makes no sense.
func Find(in Input, cfg Config, names []string) ([]Link, error) {
	if in.Book == nil {
		return nil, errors.New("cluster: no book")
	}
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("cluster: %w", err)
	}
	s := &search{Input: in, Config: cfg, nameless: nameless(in.Book)}
	for _, name := range cfg.Guards {
		i := slices.IndexFunc(Guards(), func(g Guard) bool { return g.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("cluster: no guard is called %q", name)
		}
		s.guards = append(s.guards, Guards()[i])
	}
	for _, name := range names {
		if !slices.ContainsFunc(Heuristics(), func(h Heuristic) bool { return h.Name == name }) {
			return nil, fmt.Errorf("cluster: no heuristic is called %q", name)
		}
	}
	var out []Link
	for _, h := range Heuristics() {
		if h.Family == in.Book.Chain().Family && slices.Contains(names, h.Name) {
			out = append(out, h.find(s)...)
		}
	}
	return out, nil
}

// search is one call of Find.
type search struct {
	Input
	Config
	guards   []Guard
	floors   []floor // per asset, made when first asked for
	nameless ledger.AddressID
	index    *depositIndex // made when first asked for
	// Buffers of deposit-amount, kept from one deposit address to the next.
	depositors []ledger.AddressID
	open       []payment
}

func (s *search) vetoed(t ledger.Transfer) bool {
	return slices.ContainsFunc(s.guards, func(g Guard) bool { return g.Vetoes(s.Book, t) })
}
