package dataset

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCheckEVM(t *testing.T) {
	good := []byte("0x0123456789abcdef0123456789abcdef01234567")
	require.NoError(t, checkEVM(good))
	for at := range good {
		for d := range 256 {
			b := append([]byte(nil), good...)
			b[at] = byte(d)
			want := strings.IndexByte("0123456789abcdef", byte(d)) >= 0
			if at < 2 {
				want = b[at] == good[at]
			}
			require.Equal(t, want, checkEVM(b) == nil, "%q", b)
		}
	}
	require.Error(t, checkEVM(good[:41]))
	require.Error(t, checkEVM(nil))
}

func TestCheckBitcoin(t *testing.T) {
	for _, tc := range []struct {
		chain, address string
		good           bool
	}{
		{"bitcoin", btcA, true},
		{"bitcoin", btcB, true},
		{"bitcoin", btcC, true},
		{"bitcoin", btcNonstandard, true},
		{"bitcoin", strings.ToUpper(btcB), false},
		{"bitcoin", "tb1q6tgj7s8lp2x7dkunj47mpc6seyv03k04h7uhtw", false},
		{"bitcoin", btcA + "0", false},
		{"bitcoin", "", false},
		{"bitcoin-testnet", "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", true},
		{"bitcoin-testnet", btcA, false},
		{"bitcoin-regtest", "bcrt1qrmmak2430d040rgauphrzx7jqmjwd5tdl7d2ld", true},
	} {
		require.Equal(t, tc.good, checkerFor(mustChain(t, tc.chain))([]byte(tc.address)) == nil, tc)
	}
}
