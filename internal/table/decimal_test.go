package table

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/scamtrace/scamtrace/internal/chain"
)

func TestDecimalLimits(t *testing.T) {
	nines := new(big.Int).Sub(tenTo(38), big.NewInt(1))
	top := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 256), big.NewInt(1))
	for _, c := range []struct {
		n    *big.Int
		fits bool
	}{
		{big.NewInt(0), true},
		{big.NewInt(1), true},
		{nines, true},
		{tenTo(38), false},
		{new(big.Int).Add(tenTo(38), big.NewInt(1)), false},
		{tenTo(37), true},
		{tenTo(19), true},
		{tenTo(20), true},
		{new(big.Int).Lsh(big.NewInt(1), 64), true},
		{new(big.Int).Lsh(big.NewInt(1), 127), false},
		{top, false},
	} {
		var a chain.Amount
		require.False(t, a.SetFromBig(c.n))
		value, exact := Pair(&a)
		require.Equal(t, c.n.String(), exact)
		require.Equal(t, c.fits, value != nil, exact)
		if c.fits {
			require.Equal(t, exact, value.String())
		}
	}
}

func tenTo(n int64) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(n), nil) }

func TestDecimalText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var a chain.Amount
		for i := range rapid.IntRange(0, 4).Draw(t, "words") {
			a[i] = rapid.Uint64().Draw(t, "word")
		}
		value, exact := Pair(&a)
		require.Equal(t, a.Dec(), exact)
		require.Equal(t, a.ToBig().Cmp(tenTo(38)) < 0, value != nil)
		n := a.ToBig()
		if value != nil {
			require.Equal(t, exact, value.String())
			raw := n.FillBytes(make([]byte, 16))
			require.Equal(t, raw, value[:])
		}
		n.Neg(n)
		value, exact = signedPair(n)
		require.Equal(t, n.String(), exact)
		if value != nil {
			require.Equal(t, exact, value.String())
		}
	})
}
