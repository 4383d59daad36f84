package cluster

import (
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/scamtrace/scamtrace/internal/ledger"
)

// union keeps the sets of a partition of the ids 0 to n-1, four bytes each. A
// set is named by its smallest id, so its name does not depend on the order of
// joins, nor on how many join at once: a root only ever gets a smaller parent,
// by compare and swap (Anderson and Woll 1991). Paths are halved as they are
// walked.
type union []uint32

func newUnion(n int) union {
	u := make(union, n)
	inShares(n, func(from, to int) {
		for i := from; i < to; i++ {
			u[i] = uint32(i)
		}
	})
	return u
}

// root is the smallest id of the set, once nobody joins any more.
func (u union) root(a uint32) uint32 {
	for {
		p := atomic.LoadUint32(&u[a])
		if p == a {
			return a
		}
		g := atomic.LoadUint32(&u[p])
		if g == p {
			return p
		}
		atomic.CompareAndSwapUint32(&u[a], p, g)
		a = g
	}
}

func (u union) join(a, b uint32) {
	for {
		a, b = u.root(a), u.root(b)
		if a == b || atomic.CompareAndSwapUint32(&u[max(a, b)], max(a, b), min(a, b)) {
			return
		}
	}
}

// joinsAhead is how many links are looked up at once: looking up is waiting for
// memory, and a core waits for many places at once as long as none of them
// depends on another.
const joinsAhead = 256

// joiner joins links in batches. Whoever is done flushes it.
type joiner struct {
	sets union
	n    int
	a, b [joinsAhead]uint32
}

func (j *joiner) join(a, b ledger.AddressID) {
	j.a[j.n], j.b[j.n] = uint32(a), uint32(b)
	if j.n++; j.n == joinsAhead {
		j.flush()
	}
}

// flush joins what is waiting. A step up from a member leads to a member of the
// same set, whatever was joined in between, so the first steps of all links can
// be taken before any of them is joined.
func (j *joiner) flush() {
	a, b, u := j.a[:j.n], j.b[:j.n], j.sets
	b = b[:len(a)]
	for range 3 {
		for i := range a {
			a[i], b[i] = atomic.LoadUint32(&u[a[i]]), atomic.LoadUint32(&u[b[i]])
		}
	}
	for i := range a {
		u.join(a[i], b[i])
	}
	j.n = 0
}

// aShare is the least number of ids or links worth a goroutine of its own.
const aShare = 1 << 16

// inShares does 0 to n-1 in consecutive shares, all cores at once.
func inShares(n int, do func(from, to int)) {
	shares := max(1, min(runtime.GOMAXPROCS(0), n/aShare))
	var all sync.WaitGroup
	for s := range shares {
		all.Go(func() { do(n*s/shares, n*(s+1)/shares) })
	}
	all.Wait()
}

// joinAll joins the pairs 0 to n-1.
func (u union) joinAll(n int, pair func(i int) (a, b ledger.AddressID, accepted bool)) {
	inShares(n, func(from, to int) {
		j := joiner{sets: u}
		for i := from; i < to; i++ {
			if a, b, ok := pair(i); ok {
				j.join(a, b)
			}
		}
		j.flush()
	})
}
