package table

import (
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

func lookup(tb testing.TB, name string) chain.Chain {
	tb.Helper()
	c, err := chain.Lookup(name)
	require.NoError(tb, err)
	return c
}

func evmAddress(n uint64) chain.Address {
	var b [20]byte
	binary.BigEndian.PutUint64(b[:], n*0x9e3779b97f4a7c15)
	binary.BigEndian.PutUint64(b[8:], n*0xd6e8feb86659fd93+1)
	binary.BigEndian.PutUint32(b[16:], uint32(n))
	return chain.Address("0x" + hex.EncodeToString(b[:]))
}

func txHash(n uint64) (h chain.Hash) {
	for i := range 4 {
		binary.BigEndian.PutUint64(h[8*i:], (n+uint64(i))*0x9e3779b97f4a7c15^n<<uint(i))
	}
	binary.BigEndian.PutUint64(h[24:], n)
	return h
}

// accountBook is a made-up Ethereum book: hubs and a long tail, tokens, ether,
// calls inside and fees, some amounts above 38 digits.
func accountBook(tb testing.TB, transfers int) *ledger.Book {
	tb.Helper()
	l := ledger.New(lookup(tb, "ethereum"))
	r := rand.New(rand.NewPCG(1, 2))
	party := func() chain.Address {
		if r.IntN(3) == 0 {
			return evmAddress(r.Uint64N(1000))
		}
		return evmAddress(1000 + r.Uint64N(uint64(transfers/3+1)))
	}
	var t chain.Transfer
	var in, out [1]chain.Entry
	for i := range transfers {
		n := uint64(i)
		t = chain.Transfer{Kind: chain.Token, Ordinal: uint32(i % 1000), Asset: chain.Asset(evmAddress(1 << 40)), Inexact: i%97 == 0}
		t.Tx = chain.Tx{Hash: txHash(n / 2), Pos: chain.Pos{Height: 18_000_000 + n/200, Index: uint32(n/2) % 100}, Time: 1_700_000_000 + int64(n/200)*12, Status: chain.Succeeded}
		in[0] = chain.Entry{Address: party(), Amount: chain.Amount{r.Uint64N(1e12)}}
		out[0] = chain.Entry{Address: party(), Amount: in[0].Amount}
		t.In, t.Out = in[:], out[:]
		switch i % 10 {
		case 0:
			t.Kind, t.Ordinal, t.Asset, t.Out = chain.Fee, 0, chain.Native, nil
		case 2, 4:
			t.Kind, t.Ordinal, t.Asset = chain.NativeKind, 0, chain.Native
			in[0].Amount = chain.Amount{r.Uint64(), r.Uint64N(50)}
			out[0].Amount = in[0].Amount
		case 6:
			t.Kind, t.Ordinal, t.Asset, t.Path = chain.Internal, 0, chain.Native, []uint32{0, uint32(i % 7)}
		case 7:
			t.Asset = chain.Asset(evmAddress(1<<40 + r.Uint64N(200)))
			if i%70 == 7 {
				in[0].Address = chain.NullAddress
				in[0].Amount = chain.Amount{1, 2, 3, r.Uint64N(1 << 20)}
				out[0].Amount = in[0].Amount
			}
		}
		require.NoError(tb, l.Add(&t))
	}
	b, err := l.Seal(nil)
	require.NoError(tb, err)
	return b
}

// bitcoinBook is a made-up Bitcoin book with coinbases, unknown inputs, outputs
// without an address, repeated addresses and change.
func bitcoinBook(tb testing.TB, transactions int, seed uint64) *ledger.Book {
	tb.Helper()
	l := ledger.New(lookup(tb, "bitcoin"))
	r := rand.New(rand.NewPCG(seed, 3))
	type coin struct {
		at    chain.Outpoint
		entry chain.Entry
	}
	var coins []coin
	for i := range transactions {
		n := uint64(i)
		t := chain.Transfer{Kind: chain.Output, Asset: chain.Native}
		t.Tx = chain.Tx{Hash: txHash(n + 7777), Pos: chain.Pos{Height: 800_000 + n/20, Index: uint32(n % 20)}, Time: 1_690_000_000 + int64(n/20)*600, Status: chain.Succeeded}
		left := r.Uint64N(5_000_000_000)
		if i%5 > 0 && len(coins) > 0 {
			left = 0
			for k := range 1 + r.IntN(4) {
				if len(coins) == 0 {
					break
				}
				c := r.IntN(len(coins))
				e := coins[c].entry
				e.Spends, e.Index = coins[c].at, uint32(k)
				left += e.Amount.Uint64()
				t.In = append(t.In, e)
				coins[c] = coins[len(coins)-1]
				coins = coins[:len(coins)-1]
			}
		}
		if i%11 == 5 {
			t.In = append(t.In, chain.Entry{Address: "1Unknown", AmountUnknown: true, Index: uint32(len(t.In)), Spends: chain.Outpoint{Tx: txHash(1 << 50), Index: uint32(i)}})
		}
		for k := range 1 + r.IntN(4) {
			e := chain.Entry{Index: uint32(k), Address: chain.Address("bc1q" + hex.EncodeToString(binary.BigEndian.AppendUint32(nil, uint32(r.IntN(transactions/4+2)))))}
			if r.IntN(10) == 0 {
				e.Address = ""
			}
			e.Amount.SetUint64(r.Uint64N(left + 1))
			left -= e.Amount.Uint64()
			t.Out = append(t.Out, e)
			coins = append(coins, coin{chain.Outpoint{Tx: t.Tx.Hash, Index: uint32(k)}, e})
		}
		require.NoError(tb, l.Add(&t))
	}
	b, err := l.Seal(nil)
	require.NoError(tb, err)
	return b
}
