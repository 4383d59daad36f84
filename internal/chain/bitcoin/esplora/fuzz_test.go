package esplora_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain/bitcoin"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/esplora"
	"github.com/scamtrace/scamtrace/internal/chaintest/btcnode"
)

// blockOne is what Esplora tells of the first coinbase after the genesis block.
const blockOne = `[{"txid":"0e3e2357e806b6cdb1f70b54c3a3a17b6714ee1f0e68bebb44a74b1efd512098","version":1,"locktime":0,` +
	`"vin":[{"txid":"0000000000000000000000000000000000000000000000000000000000000000","vout":4294967295,"prevout":null,"scriptsig":"04ffff001d0104","is_coinbase":true,"sequence":4294967295}],` +
	`"vout":[{"scriptpubkey":"410496b538e853519c726a2c91e61ec11600ae1390813a627c66fb8be7947be63c52da7589379515d4e0a604f8141781e62294721166bf621e73a82cbf2342c858eeac","value":5000000000}],` +
	`"fee":0,"status":{"confirmed":true,"block_height":1,"block_hash":"00000000839a8e6886ab5951d76f411475428afc90947ee320161bbf18eb6048","block_time":1231469665}}]`

func TestDecodePage(t *testing.T) {
	scripts, err := bitcoin.ScriptsOf(btcnode.Chain())
	require.NoError(t, err)
	n, err := esplora.DecodePage([]byte(blockOne), scripts)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	_, err = esplora.DecodePage([]byte(strings.Replace(blockOne, `5000000000`, `5000000001`, 1)), scripts)
	require.ErrorContains(t, err, "hash")
}

func FuzzDecodePage(f *testing.F) {
	f.Add(blockOne)
	f.Add(`[]`)
	f.Add(`[{}]`)
	scripts, err := bitcoin.ScriptsOf(btcnode.Chain())
	require.NoError(f, err)
	f.Fuzz(func(_ *testing.T, text string) { _, _ = esplora.DecodePage([]byte(text), scripts) })
}
