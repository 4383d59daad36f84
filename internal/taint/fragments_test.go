package taint_test

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
	"github.com/scamtrace/scamtrace/internal/taint"
)

// fragments is the worst case of FIFO: n payments reach one account, clean and
// tainted by turns, so that no two lots can be merged, and then all of it moves
// on, hop by hop.
func fragments(t testing.TB, n, hops int) *ledger.Book {
	l := ledger.New(mustChain(t, "ethereum"))
	i := 0
	pay := func(from, to chain.Address, value uint64) {
		var h chain.Hash
		binary.BigEndian.PutUint64(h[:], uint64(i))
		require.NoError(t, l.Add(&chain.Transfer{
			Tx: chain.Tx{Hash: h, Pos: chain.Pos{Height: uint64(i)}}, Kind: chain.NativeKind, Asset: chain.Native,
			In:  []chain.Entry{{Address: from, Amount: chain.Amount{value}}},
			Out: []chain.Entry{{Address: to, Amount: chain.Amount{value}}},
		}))
		i++
	}
	for k := range n {
		pay([]chain.Address{"s", "c"}[k%2], "hop0", 3)
	}
	for k := range hops {
		pay(chain.Address("hop"+string(rune('0'+k))), chain.Address("hop"+string(rune('1'+k))), uint64(3*n))
	}
	// And then it is paid out unit by unit, which splits every lot.
	last := chain.Address("hop" + string(rune('0'+hops)))
	for range n {
		pay(last, "end", 2)
	}
	return seal(t, l)
}

func TestFIFO_fragments(t *testing.T) {
	const n, hops = 10_000, 8
	b := fragments(t, n, hops)
	for _, m := range taint.Methods() {
		r, err := taint.Trace(input(t, b, options{seeds: "s"}), m, taint.Sink{})
		require.NoError(t, err)
		if m.Conserves {
			require.Equal(t, chain.Amount{3 * n / 2}, r.Conservation[0].Injected)
		}
		require.Len(t, r.Endpoints, 2, m.Name)
	}
}

// Lots that come and go take no new memory, even those above 2^127: once warm, a
// book twice as long allocates nothing more per transfer.
func TestTrace_steadyStateAllocatesNothing(t *testing.T) {
	book := func(n int) *ledger.Book {
		l := ledger.New(mustChain(t, "ethereum"))
		people := []chain.Address{"s", "a", "b", "c", "d"}
		for i := range n {
			var h chain.Hash
			binary.BigEndian.PutUint64(h[:], uint64(i))
			a := chain.Amount{uint64(1 + i%7)}
			if i%3 == 0 {
				a.Lsh(&a, 150)
			}
			require.NoError(t, l.Add(&chain.Transfer{
				Tx: chain.Tx{Hash: h, Pos: chain.Pos{Height: uint64(i)}}, Kind: chain.NativeKind, Asset: chain.Native,
				In:  []chain.Entry{{Address: people[i%5], Amount: a}},
				Out: []chain.Entry{{Address: people[(i*3+i/5)%5], Amount: a}},
			}))
		}
		return seal(t, l)
	}
	short, long := book(4_000), book(8_000)
	for _, m := range taint.Methods() {
		allocations := func(b *ledger.Book) float64 {
			in := input(t, b, options{seeds: "s b"})
			return testing.AllocsPerRun(2, func() {
				_, err := taint.Trace(in, m, taint.Sink{Row: func(taint.Row) error { return nil }})
				require.NoError(t, err)
			})
		}
		require.LessOrEqual(t, allocations(long), allocations(short)+50, m.Name)
	}
}
