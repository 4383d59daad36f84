package cluster

import (
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// Cluster is a set of at least two addresses that links join.
type Cluster struct {
	// ID is the chain's name, a colon and the smallest member, e.g.
	// "bitcoin:bc1q...". It survives a re-run, and changes only when the cluster
	// gets a smaller member or loses its smallest.
	ID string
	// Members are in the order of their texts.
	Members []ledger.AddressID
}

// Union unites the addresses of the links whose heuristic is accepted, and
// gives the clusters in the order of their smallest member. An address that is
// in no cluster stands alone. The links must come from the same book; their
// order does not matter.
func Union(b *ledger.Book, links []Link, accept map[string]bool) []Cluster {
	u := newUnion(b.Addresses())
	u.joinAll(len(links), func(i int) (ledger.AddressID, ledger.AddressID, bool) {
		l := &links[i]
		return l.A, l.B, accept[l.Heuristic]
	})
	return gather(b, u)
}

// gather lists the sets of two and more.
func gather(b *ledger.Book, u union) []Cluster {
	// A set has two and more members if its root is another's root.
	var ends []uint32 // per set: where its members stop in the list below
	set := make([]uint32, len(u))
	for i := range u {
		r := u.root(uint32(i))
		if int(r) == i {
			continue
		}
		if set[r] == 0 {
			ends = append(ends, 1)
			set[r] = uint32(len(ends))
		}
		set[i] = set[r]
		ends[set[r]-1]++
	}
	total := uint32(0)
	for i, n := range ends {
		ends[i] = total
		total += n
	}
	members := make([]ledger.AddressID, total)
	for i, n := range set {
		if n > 0 {
			members[ends[n-1]] = ledger.AddressID(i)
			ends[n-1]++
		}
	}
	out := make([]Cluster, len(ends))
	from := uint32(0)
	for i, end := range ends {
		of := members[from:end:end]
		from = end
		slices.SortFunc(of, b.Compare)
		out[i] = Cluster{ID: clusterID(b.Chain(), b.Text(of[0])), Members: of}
	}
	slices.SortFunc(out, func(x, y Cluster) int { return b.Compare(x.Members[0], y.Members[0]) })
	return out
}

func clusterID(c chain.Chain, smallest chain.Address) string {
	return c.Name + ":" + string(smallest)
}
