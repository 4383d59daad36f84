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
		u := newUnion(n)
		for _, l := range list {
			u.join(l[0], l[1])
		}
	}
	b.ReportMetric(m*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mlinks/s")
}
