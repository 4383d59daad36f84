package cluster

import (
	"math/rand"
	"testing"

	"github.com/scamtrace/scamtrace/internal/ledger"
)

// BenchmarkJoin is the union alone: 8 M random links among 16 M ids, without
// the listing of clusters, whose time goes into texts.
func BenchmarkJoin(b *testing.B) {
	const n, m = 16_000_000, 8_000_000
	rng := rand.New(rand.NewSource(1))
	list := make([][2]ledger.AddressID, m)
	for i := range list {
		list[i] = [2]ledger.AddressID{ledger.AddressID(rng.Intn(n)), ledger.AddressID(rng.Intn(n))}
	}
	for b.Loop() {
		newUnion(n).joinAll(m, func(i int) (a, b ledger.AddressID, accepted bool) { return list[i][0], list[i][1], true })
	}
	b.ReportMetric(m*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mlinks/s")
}

// However many join at once, the sets are those of one after the other.
func TestJoinAllIsOrderFree(t *testing.T) {
	const n, m = 1 << 17, 4 * aShare
	rng := rand.New(rand.NewSource(2))
	list := make([][2]ledger.AddressID, m)
	for i := range list {
		list[i] = [2]ledger.AddressID{ledger.AddressID(rng.Intn(n)), ledger.AddressID(rng.Intn(n / 3))}
	}
	pair := func(i int) (a, b ledger.AddressID, accepted bool) { return list[i][0], list[i][1], i%3 == 0 }
	all, one := newUnion(n), newUnion(n)
	all.joinAll(m, pair)
	for i := range list {
		if a, b, ok := pair(i); ok {
			one.join(uint32(a), uint32(b))
		}
	}
	for i := range uint32(n) {
		if all.root(i) != one.root(i) {
			t.Fatalf("%d is in %d and in %d", i, all.root(i), one.root(i))
		}
	}
}
