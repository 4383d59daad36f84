package evmnode_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chaintest/evmnode"
)

func TestServe(t *testing.T) {
	start := time.Now()
	s, err := evmnode.Tell(evmnode.Plot{})
	require.NoError(t, err)
	t.Log("told", time.Since(start))
	txs, failed := 0, 0
	for i, b := range s.Blocks {
		txs += len(b.Transactions())
		for _, r := range s.Receipts[i] {
			if r.Status == 0 {
				failed++
			}
		}
	}
	t.Log(txs, failed)
	n := evmnode.Start(t, s, evmnode.Limits{})
	t.Log("served", time.Since(start), n.URL())
	var head string
	require.NoError(t, n.Call(context.Background(), &head, "eth_blockNumber"))
	require.Equal(t, "0x64", head)
}
