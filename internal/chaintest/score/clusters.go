package score

import (
	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/cluster"
	"github.com/scamtrace/scamtrace/internal/table"
)

// Clusters scores the clusters of a chain pair by pair, over the addresses that
// the guarded run met: what each heuristic would join alone, what all that are
// accepted join, and, where a guard can hold them back, what they join without.
//
// The owner is who uses an address: of a deposit address the exchange's customer.
// A sweep and a common signature show who holds the key, so that these two are
// scored by that. The suffix stands at the end of each row's name.
func Clusters(t *Truth, c chain.Chain, guarded, unguarded *Run, suffix string) []Row {
	met := guarded.met(c.Name)
	users, keyholders := t.Controllers(), t.Keyholders()
	row := func(what string, clusters, owner map[Place]string) Row {
		return Pairs("clusters, "+c.Name+", "+what+suffix, met, clusters, owner)
	}
	out := []Row{}
	for _, h := range cluster.Heuristics() {
		if h.Family != c.Family {
			continue
		}
		links := joined(guarded.Links, c.Name, h.Name)
		if h.Name == cluster.DepositSweep || h.Name == cluster.CoSpend {
			out = append(out, row(h.Name+", who holds the key", links, keyholders))
		} else {
			out = append(out, row(h.Name, links, users))
		}
	}
	if c.Family == chain.UTXO { // the only guard is the veto of CoinJoins
		out = append(out, row("all accepted, no guards", unguarded.cluster, users))
	}
	return append(out, row("all accepted, guarded", guarded.cluster, users))
}

// met are the places of a chain that the run met.
func (r *Run) met(chain string) []Place {
	var out []Place
	for _, v := range r.Visits {
		if v.Chain == chain {
			out = append(out, Place{v.Chain, v.Address})
		}
	}
	return out
}

// joined are the clusters that the links of one heuristic make, each by the name
// of one of its members.
func joined(links []table.Link, chain, heuristic string) map[Place]string {
	up := map[Place]Place{}
	root := func(at Place) Place {
		for {
			next, ok := up[at]
			if !ok {
				up[at] = at
				return at
			}
			if next == at {
				return at
			}
			up[at] = up[next]
			at = next
		}
	}
	for _, l := range links {
		if l.Chain != chain || l.Heuristic != heuristic {
			continue
		}
		a, b := root(Place{chain, l.AddressA}), root(Place{chain, l.AddressB})
		up[b] = a
	}
	out := map[Place]string{}
	for at := range up {
		out[at] = root(at).Address
	}
	return out
}
