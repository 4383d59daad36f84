package cluster

import "github.com/scamtrace/scamtrace/internal/ledger"

// union keeps the sets of a partition of the ids 0 to n-1, four bytes each. A
// set is named by its smallest id, so its name does not depend on the order of
// joins. Paths are halved as they are walked.
type union []ledger.AddressID

func newUnion(n int) union {
	u := make(union, n)
	for i := range u {
		u[i] = ledger.AddressID(i)
	}
	return u
}

// root is the smallest id of the set.
func (u union) root(a ledger.AddressID) ledger.AddressID {
	for u[a] != a {
		u[a] = u[u[a]]
		a = u[a]
	}
	return a
}

func (u union) join(a, b ledger.AddressID) {
	a, b = u.root(a), u.root(b)
	u[max(a, b)] = min(a, b)
}
