package btcd_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain/bitcoin"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/btcd"
	"github.com/scamtrace/scamtrace/internal/chaintest/btcnode"
)

func FuzzDecodePage(f *testing.F) {
	const coinbase = "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff0704ffff001d0104ffffffff0100f2052a0100000043410496b538e853519c726a2c91e61ec11600ae1390813a627c66fb8be7947be63c52da7589379515d4e0a604f8141781e62294721166bf621e73a82cbf2342c858eeac00000000"
	f.Add(`[{"hex":"`+coinbase+`","txid":"0e3e2357e806b6cdb1f70b54c3a3a17b6714ee1f0e68bebb44a74b1efd512098","vin":[{"coinbase":"04ffff001d0104"}],"blockhash":"00000000839a8e6886ab5951d76f411475428afc90947ee320161bbf18eb6048","confirmations":5}]`, 10, false)
	f.Add(`[{"vin":[{"prevOut":{"addresses":["mfWxJ45yp2SFn7UciZyNpvDKrzbhyfKrY8"],"value":1e-08}}]}]`, 1, true)
	f.Add(`null`, 1, true)
	scripts, err := bitcoin.ScriptsOf(btcnode.Chain())
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, text string, count int, reverse bool) {
		n, err := btcd.DecodePage([]byte(text), scripts, count, reverse)
		if err == nil && n > max(0, count) {
			t.Fatal("more than was asked for")
		}
	})
}
