package node_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/evm/node"
	"github.com/scamtrace/scamtrace/internal/chaintest/evmnode"
	"github.com/scamtrace/scamtrace/internal/chaintest/faults"
	"github.com/scamtrace/scamtrace/internal/fetch"
)

func TestWrongChain(t *testing.T) {
	src := openChain(t, "bsc", options(t, read(t).URL(), ""))
	_, err := src.Head(t.Context())
	require.ErrorIs(t, err, chain.ErrInput)
	require.EqualError(t, err, "bad input data: endpoint mynode answers for chain id 1, the case wants bsc (56): check endpoints.mynode.url")
}

func TestArguments(t *testing.T) {
	for _, args := range []string{"", ",internal=auto", ",internal=trace_filter", ",internal=debug", ",internal=none", ", internal=none"} {
		open(t, options(t, "http://127.0.0.1:1", args))
	}
	for _, args := range []string{",internal=", ",internal=some", ",traces=debug", ",x"} {
		_, err := node.Driver().Open(t.Context(), lookup(t, "ethereum"), options(t, "http://127.0.0.1:1", args))
		require.ErrorIs(t, err, chain.ErrInput, args)
		require.ErrorContains(t, err, "internal=auto", args)
	}
	_, err := node.Driver().Open(t.Context(), lookup(t, "bitcoin"), options(t, "http://127.0.0.1:1", ""))
	require.ErrorIs(t, err, chain.ErrInput)
}

// A chain without consensus layer knows no final block.
func TestNeverFinal(t *testing.T) {
	n := evmnode.Start(t, read(t).Story(), evmnode.Limits{NeverFinal: true})
	head, err := open(t, options(t, n.URL(), "")).Head(t.Context())
	require.NoError(t, err)
	require.Equal(t, n.Story().Block(n.Story().Head().Height-64), head)
}

// What a pruned node cannot prove is said once for a kind, and everything that
// needs no state is told.
func TestPruned(t *testing.T) {
	n := tell(t, evmnode.Limits{Pruned: true})
	q := question(n.Story().Cast.Seeds, chain.Token)
	q.Span = chain.Span{From: 10, To: n.Final().Height}
	want := lines(files(t, n.Story(), q))
	src := open(t, options(t, n.URL(), ""))
	_, err := src.Head(t.Context())
	require.NoError(t, err)
	got := mustAsk(t, src, q)
	require.Equal(t, want, lines(got.transfers))
	require.Len(t, got.gaps, 1)
	require.Equal(t, chain.Gap{
		Kind: chain.Token, Span: q.Span, Effect: chain.Unproved,
		Reason: "mynode no longer has the state at the borders of the window, so token balances could not be compared: ask an archive node to prove them",
	}, got.gaps[0])

	// Blocks and receipts are there, but nothing can be traced.
	q.Kinds = []chain.Kind{chain.NativeKind, chain.Internal}
	got = mustAsk(t, src, q)
	q.Kinds = []chain.Kind{chain.NativeKind}
	kept := []chain.Transfer{}
	for _, tr := range got.transfers {
		if tr.Kind == chain.NativeKind {
			kept = append(kept, tr)
		}
	}
	require.Equal(t, lines(files(t, n.Story(), q)), lines(kept))
	missing, unproved := 0, 0
	for _, g := range got.gaps {
		if g.Effect == chain.Missing {
			require.Equal(t, chain.Internal, g.Kind)
			require.Contains(t, q.Addresses, g.Address)
			missing++
		} else {
			require.Empty(t, g.Address)
			unproved++
		}
	}
	require.Equal(t, len(q.Addresses), missing)
	require.Equal(t, 1, unproved)
}

// editor is a server before a node that changes single replies.
func editor(t *testing.T, target string, edit func(request, reply []byte) []byte) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		res, err := http.Post(target, "application/json", bytes.NewReader(body))
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer res.Body.Close()
		reply, err := io.ReadAll(res.Body)
		if err == nil {
			_, _ = w.Write(edit(body, reply))
		}
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// A node that answers [] where there are logs is found out by the blooms and
// receipts: once, and nothing comes of it; always, and it is a gap.
func TestEmptyForBlocksFullOfLogs(t *testing.T) {
	n := read(t)
	q := question(n.Story().Cast.Seeds, chain.Token)
	for _, always := range []bool{false, true} {
		var lies atomic.Int32
		url := editor(t, n.URL(), func(request, reply []byte) []byte {
			if bytes.Contains(request, []byte("eth_getLogs")) && (always || lies.Add(1) == 1) {
				return []byte(`{"jsonrpc":"2.0","id":1,"result":[]}`)
			}
			return reply
		})
		got := mustAsk(t, open(t, options(t, url, "")), q)
		if !always {
			require.Empty(t, got.gaps)
			require.Equal(t, lines(files(t, n.Story(), q)), lines(got.transfers))
			continue
		}
		require.Empty(t, got.transfers)
		require.Len(t, got.gaps, len(q.Addresses))
		require.Equal(t, chain.Missing, got.gaps[0].Effect)
		require.Contains(t, got.gaps[0].Reason, "leaves out logs that are there")
	}
}

// What contradicts a header, again and again, ends the run.
func TestContradictions(t *testing.T) {
	n := read(t)
	for _, tt := range []struct{ name, method, old, new, want string }{
		{"header", "eth_getBlockByNumber", `"gasUsed":"0x`, `"gasUsed":"0x1`, "does not have the hash that is told with it"},
		{"receipts", "eth_getBlockReceipts", `"status":"0x0"`, `"status":"0x1"`, "are not those of its header"},
		{"price", "eth_getBlockReceipts", `"effectiveGasPrice":"0x`, `"effectiveGasPrice":"0x1`, "is not what its sender allowed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			url := editor(t, n.URL(), func(request, reply []byte) []byte {
				if bytes.Contains(request, []byte(tt.method)) && !bytes.Contains(request, []byte("finalized")) {
					return bytes.ReplaceAll(reply, []byte(tt.old), []byte(tt.new))
				}
				return reply
			})
			_, err := ask(t, open(t, options(t, url, ",internal=none")), question(n.Story().Cast.Seeds))
			require.ErrorIs(t, err, chain.ErrContradiction)
			require.ErrorContains(t, err, tt.want)
		})
	}
}

// A node that is away for a moment is waited for.
func TestNodeAwayAndBack(t *testing.T) {
	n := tell(t, evmnode.Limits{})
	o := options(t, n.URL(), "")
	o.Endpoint.Patience = 20 * time.Second
	src := open(t, o)
	head, err := src.Head(t.Context())
	require.NoError(t, err)
	require.NoError(t, n.Stop())
	back := time.AfterFunc(700*time.Millisecond, func() { _ = n.Resume() })
	defer back.Stop()
	q := question(n.Story().Cast.Seeds, chain.Token)
	q.Span.To = head.Height
	got := mustAsk(t, src, q)
	require.Empty(t, got.gaps)
	require.Equal(t, lines(files(t, n.Story(), q)), lines(got.transfers))
}

// What was asked once is never asked again, also offline; what was not is an
// error then.
func TestArchive(t *testing.T) {
	n := tell(t, evmnode.Limits{Range: 10, LogQuery: 20})
	o := options(t, n.URL(), "")
	for _, kinds := range [][]chain.Kind{{chain.Token}, all()} {
		q := question(n.Story().Cast.All(), kinds...)
		src := open(t, o)
		first := mustAsk(t, src, q)
		used, err := src.Inputs(t.Context())
		require.NoError(t, err)
		before := src.(chain.Metered).Usage().Requests
		again := mustAsk(t, src, q)
		require.LessOrEqual(t, src.(chain.Metered).Usage().Requests-before, int64(1), "only the head is asked for")
		require.Equal(t, lines(first.transfers), lines(again.transfers))
		require.NoError(t, src.Close())

		offline := o
		offline.Offline = true
		src = open(t, offline)
		third := mustAsk(t, src, q)
		require.Equal(t, lines(first.transfers), lines(third.transfers))
		require.ElementsMatch(t, first.gaps, third.gaps)
		same, err := src.Inputs(t.Context())
		require.NoError(t, err)
		require.Equal(t, used, same)
		_, err = ask(t, src, question(n.Story().Cast.Bystanders[:1], kinds...))
		require.NoError(t, err, "was asked with the others")
		_, err = ask(t, src, question([]chain.Address{"0x00000000000000000000000000000000deadbeef"}, chain.Token))
		require.ErrorIs(t, err, fetch.ErrOffline)
		require.NoError(t, src.Close())
	}
}

// A night later, a new address asks for new blocks alone: what the old ones hold
// is known.
func TestNewBlocks(t *testing.T) {
	n := tell(t, evmnode.Limits{Final: 80})
	o := options(t, n.URL(), "")
	src := open(t, o)
	mustAsk(t, src, question(n.Story().Cast.Seeds))
	first := src.(chain.Metered).Usage().Requests
	require.NoError(t, src.Close())
	require.NoError(t, n.SetFinal(85))
	src = open(t, o)
	q := question(n.Story().Cast.Layer1)
	got := mustAsk(t, src, q)
	require.Empty(t, got.gaps)
	q.Span.To = 85
	require.Equal(t, lines(files(t, n.Story(), q)), lines(got.transfers))
	second := src.(chain.Metered).Usage().Requests
	t.Log(first, second)
	require.Less(t, second, first*2/3)
}

// A hub costs two requests: the probe of its nonce, or the first answers.
func TestHub(t *testing.T) {
	n := read(t)
	for _, kinds := range [][]chain.Kind{{chain.Token}, {chain.Token, chain.Fee}} {
		q := question([]chain.Address{n.Story().Cast.Hub}, kinds...)
		q.Limit = 20
		got := mustAsk(t, open(t, options(t, n.URL(), "")), q)
		require.Contains(t, got.gaps, chain.Gap{
			Address: n.Story().Cast.Hub, Span: chain.Span{To: n.Final().Height}, Effect: chain.Hub, Reason: "more than 20 transfers",
		})
		require.LessOrEqual(t, len(got.transfers), 21)
	}
}

// No secret stands in any error or gap.
func TestSecrets(t *testing.T) {
	n := read(t)
	for _, kind := range []string{"monthly-capacity", "no-such-method", "internal-error", "missing-trie-node"} {
		proxy := faults.Start(t, n.URL()+"/"+canary, faults.Schedule{Faults: []faults.Fault{{Kind: faults.Named(kind), At: 1, Sticky: true}}})
		o := options(t, strings.Replace(proxy.URL(), canary, "{key}", 1), "")
		o.Endpoint.Key, o.Endpoint.Patience = chain.NewSecret(canary), 500*time.Millisecond
		got, err := ask(t, open(t, o), question(n.Story().Cast.Seeds, chain.Token))
		if err != nil {
			require.NotContains(t, err.Error(), canary)
		}
		for _, g := range got.gaps {
			require.NotContains(t, g.Reason, canary)
			require.NotContains(t, g.Reason, "127.0.0.1")
		}
	}
	o := options(t, "http://127.0.0.1:1/{key}", "")
	o.Endpoint.Key, o.Endpoint.Patience = chain.NewSecret(canary), 300*time.Millisecond
	_, err := open(t, o).Head(context.Background())
	require.Error(t, err)
	require.NotContains(t, err.Error(), canary)
}
