package node_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chaintest/evmnode"
)

// What the node tells of a chain is what the files of the chain tell, whatever
// its limits are, but for the tips of the miner, which no file has.
func TestSameAsFiles(t *testing.T) {
	story := read(t).Story()
	everybody := question(story.Cast.All(), all()...)
	want := lines(files(t, story, everybody))
	require.NotEmpty(t, want)
	for _, tt := range []struct {
		name, args string
		limits     evmnode.Limits
		kinds      []chain.Kind
	}{
		{"scan", "", evmnode.Limits{}, all()},
		{"scan without tokens", ",internal=debug", evmnode.Limits{}, []chain.Kind{chain.Fee, chain.NativeKind, chain.Internal, chain.Reward}},
		{"scan with small batches", "", evmnode.Limits{BatchRequests: 7, BatchBytes: 50_000}, all()},
		{"no traces", "", evmnode.Limits{NoTraces: true}, []chain.Kind{chain.Fee, chain.NativeKind, chain.Token, chain.Reward}},
		{"tokens", "", evmnode.Limits{}, []chain.Kind{chain.Token}},
		{"tokens, lists of 3", "", evmnode.Limits{LogQuery: 3}, []chain.Kind{chain.Token}},
		{"tokens, 10 blocks", "", evmnode.Limits{Range: 10}, []chain.Kind{chain.Token}},
		{"tokens, all limits", "", evmnode.Limits{LogQuery: 5, Range: 7, BatchRequests: 3, BatchBytes: 20_000, Body: 6000}, []chain.Kind{chain.Token}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n := read(t)
			if tt.limits != (evmnode.Limits{}) {
				n = evmnode.Start(t, story, tt.limits)
			}
			q := question(story.Cast.All(), tt.kinds...)
			got := mustAsk(t, open(t, options(t, n.URL(), tt.args)), q)
			require.Empty(t, got.gaps[:min(3, len(got.gaps))])
			require.Equal(t, lines(files(t, story, q)), lines(withoutTips(got.transfers)))
			require.Len(t, lines(got.transfers), len(got.transfers), "each once")
		})
	}
}

func withoutTips(transfers []chain.Transfer) []chain.Transfer {
	var out []chain.Transfer
	for _, tr := range transfers {
		if tr.Kind != chain.Reward || tr.Ordinal != 1 {
			out = append(out, tr)
		}
	}
	return out
}
