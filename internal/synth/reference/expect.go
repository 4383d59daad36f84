package reference

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"math/big"
	"slices"
)

// Result is what a tracer has to find.
type Result struct {
	Visits []Visit // by chain and address
	Rows   []Row   // by case, seed, method, chain, asset, address and stop
	Sums   []Sum   // by case, seed, method, chain and asset
}

// Visit is an address that the crawl meets.
type Visit struct {
	Chain, Address string
	Hop            int
	// Stop is the rule that keeps it from being followed, empty if it is.
	Stop string
}

// Row says where money of a seed is in the end, in base units. Under poison the
// values of several seeds or addresses must not be added.
type Row struct {
	CaseID, Seed, Method, Chain, Asset string
	// Address is empty for outputs without one.
	Address string
	// Stop is the rule that stopped the money there, empty if it rests.
	Stop  string
	Value *big.Int
}

// Sum accounts for a seed's money in one asset, by a method that conserves it:
// Injected is Resting and Stopped and Fees.
type Sum struct {
	CaseID, Seed, Method, Chain, Asset string

	Injected, Resting, Stopped, Fees *big.Int
}

// Expect traces every case through the movements, which are the whole of the
// chains, in any order. The error names a movement that no chain can have, a
// method that there is not, or a sum that does not add up, which is a bug here; or
// it is that of the context.
func Expect(ctx context.Context, c Case, movements iter.Seq[Movement]) (Result, error) {
	var result Result
	all, err := histories(movements)
	if err != nil {
		return result, err
	}
	for _, method := range c.Methods {
		if newPurse(method) == nil {
			return result, fmt.Errorf("method %q is none of fifo, lifo, haircut and poison", method)
		}
	}
	for _, h := range all {
		r := explore(c, h)
		result.Visits = append(result.Visits, r.visits()...)
		book := r.book()
		for seeds := range byCase(r.seeds) {
			for _, method := range c.Methods {
				t, err := follow(ctx, r, book, seeds, method)
				if err != nil {
					return result, err
				}
				result.Rows = append(result.Rows, t.rows()...)
				if method == "poison" {
					continue
				}
				sums, err := t.sums()
				if err != nil {
					return result, err
				}
				result.Sums = append(result.Sums, sums...)
			}
		}
	}
	slices.SortFunc(result.Rows, Row.compare)
	slices.SortFunc(result.Sums, Sum.compare)
	return result, nil
}

// byCase yields the seeds of each case, which stand together.
func byCase(seeds []Seed) iter.Seq[[]Seed] {
	return func(yield func([]Seed) bool) {
		for len(seeds) > 0 {
			n := 1
			for n < len(seeds) && seeds[n].CaseID == seeds[0].CaseID {
				n++
			}
			if !yield(seeds[:n]) {
				return
			}
			seeds = seeds[n:]
		}
	}
}

func (t *trace) rows() []Row {
	var out []Row
	for e, value := range t.ends {
		s := t.sources[e.source]
		out = append(out, Row{s.CaseID, s.Name(), t.method, t.chain.Name, e.asset, e.address, e.stop, value})
	}
	return out
}

func (t *trace) sums() ([]Sum, error) {
	byFlow := map[flow]*Sum{}
	of := func(f flow) *Sum {
		if byFlow[f] == nil {
			s := t.sources[f.source]
			byFlow[f] = &Sum{s.CaseID, s.Name(), t.method, t.chain.Name, f.asset, new(big.Int), new(big.Int), new(big.Int), new(big.Int)}
		}
		return byFlow[f]
	}
	for f, v := range t.flows {
		of(f).Injected, of(f).Fees = v.injected, v.fees
	}
	for e, value := range t.ends {
		if s := of(e.flow); e.stop == "" {
			s.Resting = plus(s.Resting, value)
		} else {
			s.Stopped = plus(s.Stopped, value)
		}
	}
	var out []Sum
	for _, s := range byFlow {
		if s.Injected.Cmp(plus(s.Resting, plus(s.Stopped, s.Fees))) != 0 {
			return nil, fmt.Errorf("%s of %s, %s: %s injected, but %s rest, %s stopped and %s were fees",
				s.Asset, s.Seed, s.Method, s.Injected, s.Resting, s.Stopped, s.Fees)
		}
		out = append(out, *s)
	}
	return out, nil
}

func (r Row) compare(s Row) int {
	return cmp.Or(cmp.Compare(r.CaseID, s.CaseID), cmp.Compare(r.Seed, s.Seed), cmp.Compare(r.Method, s.Method),
		cmp.Compare(r.Chain, s.Chain), cmp.Compare(r.Asset, s.Asset), cmp.Compare(r.Address, s.Address), cmp.Compare(r.Stop, s.Stop))
}

func (s Sum) compare(o Sum) int {
	return cmp.Or(cmp.Compare(s.CaseID, o.CaseID), cmp.Compare(s.Seed, o.Seed), cmp.Compare(s.Method, o.Method),
		cmp.Compare(s.Chain, o.Chain), cmp.Compare(s.Asset, o.Asset))
}
