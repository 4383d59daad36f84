package anvil_test

import (
	"context"
	"testing"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chaintest/anvil"
	"github.com/scamtrace/scamtrace/internal/chaintest/evmnode"
)

func TestReplay(t *testing.T) {
	for name, plot := range map[string]evmnode.Plot{"plain": {Plain: true}, "with blobs": {}} {
		t.Run(name, func(t *testing.T) { replay(t, plot) })
	}
}

func replay(t *testing.T, plot evmnode.Plot) {
	t.Helper()
	server := anvil.Start(t, 1)
	s, err := evmnode.Tell(plot)
	require.NoError(t, err)
	ctx := context.Background()
	require.NoError(t, server.Replay(ctx, s))
	var head hexutil.Uint64
	require.NoError(t, server.Call(ctx, &head, "eth_blockNumber"))
	require.Equal(t, s.Head().Height, uint64(head))
	for i, b := range s.Blocks {
		var receipts []struct {
			TransactionHash    string
			Status, GasUsed    hexutil.Uint64
			EffectiveGasPrice  *hexutil.Big
			ContractAddress    *string
			Logs               []struct{ Data string }
			CumulativeGasUsed  hexutil.Uint64
			BlockNumber, Index hexutil.Uint64
		}
		require.NoError(t, server.Call(ctx, &receipts, "eth_getBlockReceipts", hexutil.Uint64(i+1)))
		k := 0
		for n, tx := range b.Transactions() {
			if tx.Type() == 3 {
				continue
			}
			want, have := s.Receipts[i][n], receipts[k]
			require.Equal(t, tx.Hash().Hex(), have.TransactionHash)
			require.Equal(t, want.Status, uint64(have.Status), "block %d, transaction %d", i+1, n)
			require.Equal(t, want.GasUsed, uint64(have.GasUsed))
			require.Equal(t, want.EffectiveGasPrice.String(), have.EffectiveGasPrice.ToInt().String())
			require.Len(t, have.Logs, len(want.Logs))
			k++
		}
		require.Len(t, receipts, k)
	}
	var traces []any
	require.NoError(t, server.Call(ctx, &traces, "trace_filter", map[string]any{
		"fromBlock": "0x1", "toBlock": "0x64", "toAddress": s.Cast.Seeds,
	}))
	require.NotEmpty(t, traces)
	require.ErrorContains(t, server.Call(ctx, &traces, "trace_filter", map[string]any{"fromBlock": "0x1", "toBlock": "0x1000"}),
		"block range too large")
}
