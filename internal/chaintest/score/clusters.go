package score

import (
	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/cluster"
	"github.com/scamtrace/scamtrace/internal/table"
)

// Clusters scores the clusters of a chain pair by pair, over the addresses that
// the guarded run met: what each heuristic would join alone, what all that are
// accepted join, and what they join where no guard holds them back. The links of
// a deposit address say who holds its key; all the others who uses it. The suffix
// stands at the end of each row's name.
func Clusters(t *Truth, c chain.Chain, guarded, unguarded *Run, suffix string) []Row {
	met := guarded.met(c.Name)
	users := t.Controllers()
	out := []Row{}
	for _, h := range cluster.Heuristics() {
		if h.Family != c.Family {
			continue
		}
		owner, of := users, ""
		if h.Name == cluster.DepositSweep {
			owner, of = t.Keyholders(), ", who holds the key"
		}
		out = append(out, Pairs("clusters, "+c.Name+", "+h.Name+of+suffix, met, joined(guarded.Links, c.Name, h.Name), owner))
	}
	return append(out,
		Pairs("clusters, "+c.Name+", all accepted, no guards"+suffix, met, unguarded.cluster, users),
		Pairs("clusters, "+c.Name+", all accepted, guarded"+suffix, met, guarded.cluster, users),
	)
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
