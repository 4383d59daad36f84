package taint_test

import (
	"encoding/binary"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
	"github.com/scamtrace/scamtrace/internal/taint"
)

// Size of the benchmark's books; five million is a large case.
var benchTransfers = flag.Int("taint.transfers", 500_000, "transfers in a benchmark's book")

// BenchmarkTrace_accounts follows four sources through a book in which they take
// part in one transfer in ten, one address in five moves money often, one transfer in three is ether above 2^64
// wei, one in ten pays a stopped address and one in a thousand a spam token.
func BenchmarkTrace_accounts(b *testing.B) {
	benchmark(b, accountBook(b, *benchTransfers))
}

func BenchmarkTrace_utxo(b *testing.B) { benchmark(b, utxoBook(b, *benchTransfers)) }

func benchmark(b *testing.B, book *ledger.Book) {
	in := taint.Input{Book: book, Stopped: func(a ledger.AddressID) bool { return a%10 == 9 }}
	for i := range 4 {
		in.Sources = append(in.Sources, taint.Source{Address: ledger.AddressID(i)})
	}
	for _, m := range taint.Methods() {
		b.Run(m.Name, func(b *testing.B) {
			b.ReportAllocs()
			rows := 0
			for b.Loop() {
				_, err := taint.Trace(in, m, taint.Sink{Row: func(taint.Row) error { rows++; return nil }})
				require.NoError(b, err)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(book.Len()), "ns/transfer")
			b.ReportMetric(float64(rows)/float64(b.N)/float64(book.Len()), "rows/transfer")
		})
	}
}

func accountBook(t testing.TB, n int) *ledger.Book {
	r := rand.New(rand.NewPCG(1, 2))
	l := ledger.New(mustChain(t, "ethereum"))
	addresses := n / 5
	pick := func() int {
		switch r.IntN(40) {
		case 0, 1, 2, 3:
			return r.IntN(addresses)
		case 4, 5:
			return r.IntN(4) // the seeds
		}
		return r.IntN(addresses/5 + 1) // the busy ones
	}
	var x chain.Transfer
	in, out := make([]chain.Entry, 1), make([]chain.Entry, 1)
	for i := range addresses {
		l.Address(account(i))
	}
	for i := range n {
		binary.BigEndian.PutUint64(x.Tx.Hash[:], uint64(i))
		x.Tx.Pos = chain.Pos{Height: uint64(i / 100), Index: uint32(i % 100)}
		x.Tx.Time = int64(x.Tx.Pos.Height)
		from, to := pick(), pick()
		in[0] = chain.Entry{Address: account(from)}
		x.Kind, x.Asset = chain.Token, "usdt"
		in[0].Amount.SetUint64(1 + r.Uint64N(1e12))
		switch r.IntN(30) {
		case 0, 1, 2, 3, 4, 5, 6, 7, 8, 9:
			x.Kind, x.Asset = chain.NativeKind, chain.Native
			in[0].Amount.Mul(&in[0].Amount, &chain.Amount{1e9})
		case 10, 11:
			x.Asset = chain.Asset(fmt.Sprint("token ", r.IntN(200)))
		case 12:
			if r.IntN(33) == 0 {
				x.Asset = "spam"
				in[0].Amount.Lsh(&in[0].Amount, 180)
			}
		}
		out[0] = chain.Entry{Address: account(to), Amount: in[0].Amount}
		x.In, x.Out = in, out
		require.NoError(t, l.Add(&x))
	}
	return seal(t, l)
}

func account(i int) chain.Address { return chain.Address(fmt.Sprintf("0x%040x", i)) }

// utxoBook is n transactions of one to three inputs and two outputs.
func utxoBook(t testing.TB, n int) *ledger.Book {
	r := rand.New(rand.NewPCG(3, 4))
	l := ledger.New(mustChain(t, "bitcoin"))
	type coin struct {
		tx    int
		index uint32
		owner int
		value uint64
	}
	var coins []coin
	name := func(i int) (h chain.Hash) {
		binary.BigEndian.PutUint64(h[:], uint64(i))
		return h
	}
	for i := range 4 {
		l.Address(account(i))
	}
	for i := range n {
		x := chain.Transfer{
			Tx:   chain.Tx{Hash: name(i), Pos: chain.Pos{Height: uint64(i / 1000), Index: uint32(i % 1000)}, Time: int64(i / 1000)},
			Kind: chain.Output, Asset: chain.Native,
		}
		var sum uint64
		for k := range 1 + r.IntN(3) {
			var c coin
			if len(coins) < 100 || r.IntN(50) == 0 {
				c = coin{tx: n + 3*i + k, owner: r.IntN(n / 3), value: 1 + r.Uint64N(1e9)}
			} else {
				at := r.IntN(len(coins))
				c = coins[at]
				coins[at] = coins[len(coins)-1]
				coins = coins[:len(coins)-1]
			}
			sum += c.value
			x.In = append(x.In, chain.Entry{
				Address: account(c.owner), Amount: chain.Amount{c.value}, Index: uint32(k),
				Spends: chain.Outpoint{Tx: name(c.tx), Index: c.index},
			})
		}
		left := sum - sum/1000
		for k := range 3 {
			value := left
			if k < 2 {
				value = r.Uint64N(left + 1)
			}
			left -= value
			owner := r.IntN(n / 3)
			coins = append(coins, coin{i, uint32(k), owner, value})
			x.Out = append(x.Out, chain.Entry{Address: account(owner), Amount: chain.Amount{value}, Index: uint32(k)})
		}
		require.NoError(t, l.Add(&x))
	}
	return seal(t, l)
}
