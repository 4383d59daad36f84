package cluster_test

import (
	"encoding/binary"
	"fmt"
	"math/rand"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/cluster"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// bigBook has n token transfers among n/6 accounts; one in four of them is
// forwarded to one of 20 exchange wallets by a deposit address.
func bigBook(b *testing.B, n int) *ledger.Book {
	b.Helper()
	c, err := chain.Lookup("ethereum")
	require.NoError(b, err)
	l := ledger.New(c)
	rng := rand.New(rand.NewSource(1))
	account := func(i int) chain.Address { return chain.Address(fmt.Sprintf("0x%040x", i)) }
	users := n / 6
	deposit := 0
	for i := range n {
		from, to := rng.Intn(users), rng.Intn(users)
		amount := uint64(rng.Intn(1_000_000) + 1)
		switch i % 4 {
		case 2:
			deposit = 20 + rng.Intn(users/4)
			to = deposit
		case 3:
			from, to = deposit, rng.Intn(20)
		}
		var e chain.Entry
		e.Amount.SetUint64(amount)
		x := chain.Transfer{
			Tx:   chain.Tx{Pos: chain.Pos{Height: uint64(i / 100), Index: uint32(i % 100)}, Time: 1, Status: chain.Succeeded},
			Kind: chain.Token, Asset: "0xdac17f958d2ee523a2206206994597c13d831ec7", In: []chain.Entry{e}, Out: []chain.Entry{e},
		}
		binary.BigEndian.PutUint64(x.Tx.Hash[:], uint64(i)+1)
		x.In[0].Address, x.Out[0].Address = account(from+1), account(to+1)
		require.NoError(b, l.Add(&x))
	}
	book, err := l.Seal(nil)
	require.NoError(b, err)
	return book
}

func exchangeInput(book *ledger.Book) cluster.Input {
	wallets := map[ledger.AddressID]bool{}
	for i := 1; i <= 20; i++ {
		if id, ok := book.Find(chain.Address(fmt.Sprintf("0x%040x", i))); ok {
			wallets[id] = true
		}
	}
	return cluster.Input{
		Book:     book,
		Exchange: func(id ledger.AddressID) (string, bool) { return "binance", wallets[id] },
		Floor:    func(ledger.AssetID) (least chain.Amount, counts bool) { return least, true },
	}
}

// BenchmarkFindDeposits: 6 M transfers among 1 M accounts.
func BenchmarkFindDeposits(b *testing.B) {
	book := bigBook(b, 6_000_000)
	in := exchangeInput(book)
	for _, names := range [][]string{{cluster.DepositSweep}, {cluster.DepositAmount}, all()} {
		b.Run(fmt.Sprint(names), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				links, err := cluster.Find(in, cluster.Defaults(), names)
				require.NoError(b, err)
				b.ReportMetric(float64(len(links)), "links")
			}
		})
	}
}

// BenchmarkFindCoSpend: 1 M transactions of 1 to 4 inputs among 2 M addresses.
func BenchmarkFindCoSpend(b *testing.B) {
	c, err := chain.Lookup("bitcoin")
	require.NoError(b, err)
	l := ledger.New(c)
	rng := rand.New(rand.NewSource(1))
	const n = 1_000_000
	for i := range n {
		x := chain.Transfer{
			Tx:   chain.Tx{Pos: chain.Pos{Height: uint64(i / 1000), Index: uint32(i % 1000)}, Time: 1},
			Kind: chain.Output, Asset: chain.Native,
		}
		binary.BigEndian.PutUint64(x.Tx.Hash[:], uint64(i)+1)
		for k := range uint32(1 + rng.Intn(4)) {
			e := chain.Entry{Address: chain.Address(fmt.Sprintf("bc1q%038d", rng.Intn(2*n))), Index: k}
			e.Spends = chain.Outpoint{Tx: x.Tx.Hash, Index: k}
			e.Spends.Tx[31] = 1
			e.Amount.SetUint64(100_000)
			x.In = append(x.In, e)
		}
		for k := range uint32(2) {
			e := chain.Entry{Address: chain.Address(fmt.Sprintf("bc1q%038d", rng.Intn(2*n))), Index: k}
			e.Amount.SetUint64(uint64(1 + rng.Intn(50_000)))
			x.Out = append(x.Out, e)
		}
		require.NoError(b, l.Add(&x))
	}
	book, err := l.Seal(nil)
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		links, err := cluster.Find(cluster.Input{Book: book}, cluster.Defaults(), all())
		require.NoError(b, err)
		b.ReportMetric(float64(len(links)), "links")
	}
}

// BenchmarkUnion unites random links, the worst case for the cache, among as
// many addresses, and lists the clusters.
func BenchmarkUnion(b *testing.B) {
	for _, n := range []int{1_000_000, 4_000_000} {
		c, err := chain.Lookup("ethereum")
		require.NoError(b, err)
		l := ledger.New(c)
		for i := range n {
			l.Address(chain.Address(fmt.Sprintf("0x%040x", i)))
		}
		book, err := l.Seal(nil)
		require.NoError(b, err)
		rng := rand.New(rand.NewSource(1))
		links := make([]cluster.Link, n/2)
		for i := range links {
			links[i] = cluster.Link{A: ledger.AddressID(rng.Intn(n)), B: ledger.AddressID(rng.Intn(n)), Heuristic: cluster.CoSpend}
		}
		runtime.GC()
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				cluster.Union(book, links, united())
			}
			b.ReportMetric(float64(len(links))*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mlinks/s")
		})
	}
}
