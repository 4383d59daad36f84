package node_test

import (
	"bytes"
	"testing"

	"github.com/btcsuite/btcd/chaincfg/v2"
	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain/bitcoin"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/node"
)

func FuzzDecodePrevouts(f *testing.F) {
	var raw bytes.Buffer
	require.NoError(f, chaincfg.MainNetParams.GenesisBlock.Serialize(&raw))
	b, err := bitcoin.ParseBlock(raw.Bytes())
	require.NoError(f, err)
	f.Add(`{"tx":[{"txid":"4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b","vin":[{"prevout":{"value":0.1,"scriptPubKey":{"hex":"51"}}}]}]}`)
	f.Add(`{"tx":[]}`)
	f.Add(`7`)
	f.Fuzz(func(_ *testing.T, text string) { _ = node.DecodePrevouts([]byte(text), b) })
}
