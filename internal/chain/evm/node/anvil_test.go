package node_test

import (
	"context"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/core/types"
	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chaintest/anvil"
)

// By trace_filter, here anvil's with its real cap of 300 blocks, the same is
// told as by the files.
func TestTraceFilter(t *testing.T) {
	if testing.Short() {
		t.Skip("starts another node")
	}
	story := read(t).Story()
	server := anvil.Start(t, 1)
	require.NoError(t, server.Replay(context.Background(), story))
	require.NoError(t, server.Call(context.Background(), nil, "anvil_mine", "0x200"))
	blobs := map[chain.Hash]bool{}
	for _, b := range story.Blocks {
		for _, tx := range b.Transactions() {
			if tx.Type() == types.BlobTxType {
				blobs[chain.Hash(tx.Hash())] = true
			}
		}
	}
	bare := func(transfers []chain.Transfer) []string {
		some := slices.DeleteFunc(slices.Clone(transfers), func(tr chain.Transfer) bool { return blobs[tr.Tx.Hash] })
		for i := range some {
			some[i].Tx.Pos.Index = 0 // those behind them are one further up
		}
		return lines(some)
	}
	kinds := []chain.Kind{chain.Fee, chain.NativeKind, chain.Internal, chain.Token}
	q := question(story.Cast.All(), kinds...)
	want := bare(files(t, story, q))
	for _, args := range []string{"", ",internal=debug"} {
		t.Run(args, func(t *testing.T) {
			o := options(t, server.URL(), args)
			got := mustAsk(t, open(t, o), q)
			for _, g := range got.gaps {
				// Who has ether from anvil and not from a block cannot be proved.
				require.Equal(t, chain.Unproved, g.Effect, "%+v", g)
				require.Equal(t, chain.NativeKind, g.Kind, "%+v", g)
			}
			require.Equal(t, want, bare(got.transfers))
			o.Offline = true
			again := mustAsk(t, open(t, o), q)
			require.Equal(t, lines(got.transfers), lines(again.transfers))
			require.ElementsMatch(t, got.gaps, again.gaps)
		})
	}
	t.Run("with a limit", func(t *testing.T) {
		limited := q
		limited.Limit = 40
		got := mustAsk(t, open(t, options(t, server.URL(), "")), limited)
		hubs := map[chain.Address]bool{}
		for _, g := range got.gaps {
			if g.Effect == chain.Hub {
				hubs[g.Address] = true
			}
		}
		require.True(t, hubs[story.Cast.Hub])
		require.Less(t, len(hubs), len(story.Cast.All()))
	})
}
