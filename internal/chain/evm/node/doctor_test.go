package node_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/live"
	"github.com/scamtrace/scamtrace/internal/chaintest/evmnode"
)

func examine(t *testing.T, c, url string) map[string]live.Finding {
	t.Helper()
	o := options(t, url, "")
	found := map[string]live.Finding{}
	for _, f := range openChain(t, c, o).(live.Doctor).Doctor(context.Background()) {
		t.Log(f)
		require.NotEmpty(t, f.Text)
		require.Equal(t, !f.OK, f.Advice != "", "%+v", f)
		found[f.What] = f
	}
	return found
}

func TestDoctor(t *testing.T) {
	n := read(t)
	found := examine(t, "ethereum", n.URL())
	require.Equal(t, "1, as for ethereum", found["chain id"].Text)
	require.Equal(t, "final block 100, as the server says", found["head"].Text)
	require.True(t, found["archive depth"].OK)
	require.Equal(t, "the whole chain at once", found["eth_getLogs range"].Text)
	require.Equal(t, "1000 addresses at once", found["eth_getLogs list"].Text)
	require.Equal(t, "100 requests in one", found["batches"].Text)
	require.Contains(t, found["traces"].Text, "debug_traceBlockByNumber")
	require.Contains(t, found["receipts"].Text, "eth_getBlockReceipts")

	bad := examine(t, "bsc", n.URL())
	require.False(t, bad["chain id"].OK)
	require.Contains(t, bad["chain id"].Text, "chain id 1, the case wants bsc (56)")
}

func TestDoctorOfALimitedNode(t *testing.T) {
	n := tell(t, evmnode.Limits{Range: 10, LogQuery: 30, BatchRequests: 7, NoTraces: true, NeverFinal: true, Pruned: true})
	found := examine(t, "ethereum", n.URL())
	require.Contains(t, found["head"].Text, "the server knows no final block")
	require.False(t, found["archive depth"].OK)
	require.False(t, found["eth_getLogs range"].OK)
	require.Contains(t, found["eth_getLogs range"].Text, "up to 10 blocks")
	require.False(t, found["eth_getLogs list"].OK)
	require.Contains(t, found["batches"].Text, "100 requests took")
	require.False(t, found["traces"].OK)
}

func TestEstimate(t *testing.T) {
	src := open(t, options(t, read(t).URL(), "")).(live.Estimator)
	for _, tt := range []struct {
		addresses int
		blocks    uint64
		kinds     []chain.Kind
		least     int64
		most      int64
	}{
		{0, 1000, nil, 0, 0},
		{1, 1000, []chain.Kind{chain.Token}, 10, 30},
		{1000, 1000, []chain.Kind{chain.Token}, 40, 80},
		{1000, 2_600_000, []chain.Kind{chain.Token}, 40, 100},
		{1, 216_000, nil, 30_000, 60_000},
		{1000, 216_000, nil, 30_000, 60_000},
		{1, 216_000, []chain.Kind{chain.NativeKind}, 13_000, 20_000},
	} {
		n, note := src.Estimate(tt.addresses, chain.Span{From: 1, To: tt.blocks}, tt.kinds)
		require.GreaterOrEqual(t, n, tt.least, "%+v", tt)
		require.LessOrEqual(t, n, tt.most, "%+v", tt)
		require.NotEmpty(t, note)
	}
}
