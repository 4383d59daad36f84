package names_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/address"
	"github.com/scamtrace/scamtrace/internal/synth/names"
	"github.com/scamtrace/scamtrace/internal/synth/world"
)

func none(world.Party) world.Party { return 0 }

func lookup(t *testing.T, name string) chain.Chain {
	c, err := chain.Lookup(name)
	require.NoError(t, err)
	return c
}

// Names are the same on every machine, today and next year.
func TestComputed_fixed(t *testing.T) {
	n := names.New(1, none)
	a, tx := n.Ethereum(7), n.BitcoinTransaction(7)
	require.Equal(t, []string{
		"0xd835eedc00edaca3133194403a4f511bb6f5e11b",
		"0xb2333b59bcede34ca5e4fef8905d6fe678bcd6c70a0cc4848b7b8117e1db8d88",
	}, []string{names.Hex(a[:]), names.Hex(tx[:])})
	require.Zero(t, n.Ethereum(0))
	require.Equal(t, names.Script{
		Address: "19Eu3QMXs6i9fzLcWuMav26qXg4XAbubrL",
		Hex:     "76a9145a61db1392e6ca09dcda8e34290dd1f84c5b5ebb88ac", Type: "pubkeyhash",
	}, n.Bitcoin(7))
	require.Equal(t, names.Script{Hex: "6a0b68656c6c6f20776f726c64", Type: "nulldata"}, n.Bitcoin(0))
}

// No two have one name, each is a valid one, and another seed has others.
func TestComputed_unique(t *testing.T) {
	n, other := names.New(1, none), names.New(2, none)
	ethereum, bitcoin, hashes := map[[20]byte]bool{}, map[string]int{}, map[[32]byte]bool{}
	types := map[string]int{}
	for p := world.Party(1); p <= 30_000; p++ {
		a, s := n.Ethereum(p), n.Bitcoin(p)
		ethereum[a], ethereum[other.Ethereum(p)] = true, true
		bitcoin[s.Address]++
		types[s.Type]++
		if p <= 300 {
			_, err := address.ParseAddress(lookup(t, "bitcoin"), s.Address)
			require.NoError(t, err)
			_, err = address.ParseAddress(lookup(t, "ethereum"), names.Hex(a[:]))
			require.NoError(t, err)
		}
		i := int64(p)
		hashes[n.Transaction(i)], hashes[n.Block(i)], hashes[n.BitcoinTransaction(i)], hashes[n.BitcoinBlock(i)] = true, true, true, true
	}
	require.Len(t, ethereum, 60_000)
	require.Len(t, bitcoin, 30_000)
	require.Len(t, hashes, 120_000)
	require.InEpsilon(t, 10_000, types["pubkeyhash"], 0.05)
	require.Equal(t, 30_000, types["pubkeyhash"]+types["witness_v0_keyhash"])
}

// A look-alike shares what wallets show of an address: 3 or 4 digits in front
// and 4 at the end.
func TestComputed_lookAlike(t *testing.T) {
	n := names.New(1, func(p world.Party) world.Party {
		if p >= 100 {
			return p - 99
		}
		return 0
	})
	shared := map[int]int{}
	for p := world.Party(100); p < 199; p++ {
		a, b := n.Ethereum(p), n.Ethereum(p-99)
		require.NotEqual(t, a, b)
		x, y := names.Hex(a[:])[2:], names.Hex(b[:])[2:]
		require.Equal(t, y[36:], x[36:])
		front := 0
		for x[front] == y[front] {
			front++
		}
		shared[min(front, 4)]++
	}
	require.Equal(t, map[int]int{3: 49, 4: 50}, shared)
}

func TestToken(t *testing.T) {
	n := names.New(1, none)
	require.Equal(t, "native", names.Asset(n, world.Ether))
	require.Equal(t, "0xdac17f958d2ee523a2206206994597c13d831ec7", names.Asset(n, world.USDT))
	require.Equal(t, "0x6b175474e89094c44da98b954eedeac495271d0f", names.Asset(n, world.DAI))
	require.NotEqual(t, names.Asset(n, world.Counterfeit), names.Asset(n, world.Counterfeit+1))
	require.Equal(t, "USDT", names.About(world.Counterfeit+3).Symbol)

	require.Equal(t, "1000000000", names.Units(world.Ether, 1))
	require.Equal(t, "5000000000", names.Units(world.DAI, 5))
	require.Equal(t, "5", names.Units(world.WBTC, 5))
	require.Equal(t, "0", names.Units(world.Ether, 0))
	for token := world.Ether; token <= world.WBTC; token++ {
		one := names.Units(token, token.Unit())
		require.Len(t, one, int(names.About(token).Decimals)+1, "one %s", names.About(token).Symbol)
	}
}
