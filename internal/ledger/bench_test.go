package ledger_test

import (
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// numbered is address n of a made-up EVM chain; the digits look random.
func numbered(n int) chain.Address {
	var a [20]byte
	binary.BigEndian.PutUint64(a[:], uint64(n+1)*0x9e3779b97f4a7c15)
	binary.BigEndian.PutUint64(a[8:], uint64(n))
	return chain.Address("0x" + hex.EncodeToString(a[:]))
}

// payments tells n payments between addresses, each in a transaction of its
// own, newest and oldest blocks mixed as the parts of a crawl mix them.
func payments(b testing.TB, l *ledger.Ledger, n, addresses int) {
	names := make([]chain.Address, addresses)
	for i := range names {
		names[i] = numbered(i)
	}
	r := rand.New(rand.NewPCG(1, 2))
	in, out := make([]chain.Entry, 1), make([]chain.Entry, 1)
	t := chain.Transfer{Kind: chain.Token, Asset: "0xdac17f958d2ee523a2206206994597c13d831ec7", In: in, Out: out}
	for i := range n {
		at := (i*7919 + i/1000) % n
		binary.BigEndian.PutUint64(t.Tx.Hash[:], uint64(i+1)*0x9e3779b97f4a7c15)
		binary.BigEndian.PutUint64(t.Tx.Hash[24:], uint64(i))
		t.Tx.Pos = chain.Pos{Height: 15_000_000 + uint64(at/150), Index: uint32(i)}
		t.Tx.Time, t.Tx.Status = int64(1_700_000_000+at/150*12), chain.Succeeded
		in[0].Address, out[0].Address = names[r.IntN(addresses)], names[r.IntN(addresses)]
		in[0].Amount.SetUint64(r.Uint64() >> 20)
		out[0].Amount = in[0].Amount
		if err := l.Add(&t); err != nil {
			b.Fatal(err)
		}
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkMemory reports what a transfer costs with its transaction and a
// fifth of an address, while crawling and in the book.
func BenchmarkMemory(b *testing.B) {
	const n = 1_000_000
	for b.Loop() {
		before := heap()
		l := ledger.New(network(b, "ethereum"))
		payments(b, l, n, n/5)
		b.ReportMetric(float64(heap()-before)/n, "ledger-B/transfer")
		book, err := l.Seal(nil)
		require.NoError(b, err)
		b.ReportMetric(float64(heap()-before)/n, "book-B/transfer")
		runtime.KeepAlive(book)
	}
}

func BenchmarkSeal(b *testing.B) {
	const n = 5_000_000
	for b.Loop() {
		b.StopTimer()
		l := ledger.New(network(b, "ethereum"))
		payments(b, l, n, 1_000_000)
		before := heap()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		allocated := m.TotalAlloc
		b.StartTimer()
		book, err := l.Seal(nil)
		b.StopTimer()
		require.NoError(b, err)
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(before)/n, "before-B/transfer")
		b.ReportMetric(float64(m.TotalAlloc-allocated)/n, "allocated-B/transfer")
		b.ReportMetric(float64(heap())/n, "after-B/transfer")
		runtime.KeepAlive(book)
		b.StartTimer()
	}
}
