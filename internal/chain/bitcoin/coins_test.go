package bitcoin_test

import (
	"encoding/json"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/scamtrace/scamtrace/internal/chain/bitcoin"
)

func TestParseCoins(t *testing.T) {
	for text, want := range map[string]uint64{
		"0": 0, "0.0": 0, "1": 100_000_000, "1e-08": 1, "1e-8": 1, "1.5e-07": 15, "0.1": 10_000_000, "20999999.9769": 2_099_999_997_690_000,
		"50.00000000": 5_000_000_000, "0.00000546": 546, "5E1": 5_000_000_000, "0.000000010": 1,
	} {
		got, err := bitcoin.ParseCoins(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "-1", "x", "1e-9", "0.000000001", "1e99", ".5", "1.2.3", `"1"`, "null", "99999999999999999999", "1e30"} {
		_, err := bitcoin.ParseCoins(text)
		require.Error(t, err, text)
	}
}

// Any amount as Go and Bitcoin Core write it comes back whole.
func TestParseCoins_anyAmount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Uint64Range(0, 2_100_000_000_000_000).Draw(t, "satoshi")
		float, err := json.Marshal(float64(n) / 1e8)
		require.NoError(t, err)
		for _, text := range []string{string(float), new(big.Rat).SetFrac64(int64(n), 100_000_000).FloatString(8)} {
			got, err := bitcoin.ParseCoins(text)
			require.NoError(t, err, text)
			require.Equal(t, n, got, text)
		}
	})
}

func FuzzParseCoins(f *testing.F) {
	f.Add("1.5e-07")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := bitcoin.ParseCoins(text)
		if err != nil {
			return
		}
		want, ok := new(big.Rat).SetString(text)
		if !ok || want.Cmp(new(big.Rat).SetFrac(new(big.Int).SetUint64(got), big.NewInt(100_000_000))) != 0 {
			t.Fatalf("%q is not %d satoshi", text, got)
		}
	})
}
