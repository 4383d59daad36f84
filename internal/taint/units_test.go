package taint

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Amounts keep their value through every change of width, and the places of wide
// ones are used again.
func TestVault(t *testing.T) {
	var v vault
	var a, b units
	for _, x := range []chain.Amount{{}, {1}, {0, 1<<63 - 1}, {0, 1 << 63}, {0, 0, 1}, {1, 2, 3, 4}, {7}, {0, 0, 0, 1 << 63}} {
		v.save(&a, &x)
		require.Equal(t, x, v.load(&a))
		v.save(&b, &x)
		require.Equal(t, x, v.load(&b))
	}
	require.Len(t, v.wide, 2)
	var zero chain.Amount
	for range 100 {
		v.save(&a, &zero)
		v.save(&a, &chain.Amount{0, 0, 1})
	}
	require.Len(t, v.wide, 2)
}
