package evmnode_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chaintest/evmnode"
)

func tell(t testing.TB, p evmnode.Plot) *evmnode.Story {
	t.Helper()
	s, err := evmnode.Tell(p)
	require.NoError(t, err)
	return s
}

// shared is the small story for tests that do not change it.
var shared = sync.OnceValues(func() (*evmnode.Story, error) { return evmnode.Tell(evmnode.Plot{}) })

func read(t testing.TB) *evmnode.Story {
	t.Helper()
	s, err := shared()
	require.NoError(t, err)
	return s
}

// post sends a body to the node's server.
func post(t testing.TB, n *evmnode.Node, body string) (status int, answer string) {
	t.Helper()
	r, err := http.Post(n.URL(), "application/json", strings.NewReader(body))
	require.NoError(t, err)
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return r.StatusCode, string(b)
}

func ask(t testing.TB, n *evmnode.Node, method, params string) string {
	t.Helper()
	_, answer := post(t, n, fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":%q,"params":%s}`, method, params))
	return answer
}

func TestEqualPlotsAreEqualChains(t *testing.T) {
	a, b := tell(t, evmnode.Plot{Seed: 5}), tell(t, evmnode.Plot{Seed: 5})
	require.Equal(t, a.Head(), b.Head())
	require.NotEqual(t, a.Head(), tell(t, evmnode.Plot{Seed: 6}).Head())
	require.NotEqual(t, a.Head(), tell(t, evmnode.Plot{Seed: 5, ChainID: 10}).Head())
	// Told in two goes, it is the same.
	require.NoError(t, a.Extend(20))
	require.NoError(t, b.Extend(13))
	require.NoError(t, b.Extend(7))
	require.Equal(t, a.Head(), b.Head())
}

func TestStoryHasAllCases(t *testing.T) {
	s := read(t)
	var txs, failed, creations, withdrawals, empty, legacy, blobs int
	for i, b := range s.Blocks {
		txs += len(b.Transactions())
		withdrawals += len(b.Withdrawals())
		if len(b.Transactions()) == 0 {
			empty++
		}
		for k, tx := range b.Transactions() {
			if s.Receipts[i][k].Status == 0 {
				failed++
			}
			if tx.To() == nil {
				creations++
			}
			switch tx.Type() {
			case 0:
				legacy++
			case 3:
				blobs++
			}
		}
	}
	t.Log(txs, failed, creations, withdrawals, empty, legacy, blobs)
	require.InDelta(t, 450, txs, 80)
	require.Greater(t, failed, 10)
	require.Greater(t, creations, 8)
	require.Greater(t, withdrawals, 5)
	require.Greater(t, empty, 6)
	require.Greater(t, legacy, 100)
	require.Equal(t, 2, blobs)
}

func BenchmarkSmall(b *testing.B) {
	for b.Loop() {
		n := evmnode.Start(b, tell(b, evmnode.Plot{}), evmnode.Limits{})
		require.NoError(b, n.Stop())
	}
}

func TestLimitsAreReal(t *testing.T) {
	s := read(t)
	n := evmnode.Start(t, s, evmnode.Limits{LogQuery: 3, Range: 10, BatchRequests: 2, BatchBytes: 2000, Body: 5000})
	require.Contains(t, ask(t, n, "eth_chainId", `[]`), `"0x1"`)
	require.Contains(t, ask(t, n, "eth_getLogs", `[{"fromBlock":"0x1","toBlock":"0x20"}]`), "exceed maximum block range 10")
	require.Contains(t, ask(t, n, "eth_getLogs", `[{"fromBlock":"0x60","toBlock":"0x66"}]`), "block range extends beyond current head block")
	topic := `"0x` + strings.Repeat("0", 64) + `"`
	require.Contains(t, ask(t, n, "eth_getLogs", `[{"fromBlock":"0x1","toBlock":"0x2","topics":[[`+topic+`,`+topic+`,`+topic+`,`+topic+`]]}]`),
		"exceed max addresses or topics per search position")
	one := `{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}`
	_, answer := post(t, n, "["+one+","+one+","+one+"]")
	require.Contains(t, answer, "batch too large")
	block := `{"jsonrpc":"2.0","id":1,"method":"eth_getBlockByNumber","params":["0x5",true]}`
	_, answer = post(t, n, "["+block+","+block+"]")
	require.Contains(t, answer, "response too large")
	status, answer := post(t, n, "["+one+strings.Repeat(" ", 5000)+"]")
	require.Equal(t, 413, status)
	require.Contains(t, answer, "content length too large")
	require.Contains(t, ask(t, n, "trace_filter", `[{}]`), "does not exist/is not available")
}

func TestFinalBlock(t *testing.T) {
	s := read(t)
	n := evmnode.Start(t, s, evmnode.Limits{Final: 90})
	require.Contains(t, ask(t, n, "eth_getBlockByNumber", `["finalized",false]`), hash(s.Block(90)))
	require.Contains(t, ask(t, n, "eth_getBlockByNumber", `["latest",false]`), hash(s.Head()))
	require.NoError(t, n.SetFinal(95))
	require.Equal(t, s.Block(95), n.Final())
	require.Contains(t, ask(t, n, "eth_getBlockByNumber", `["finalized",false]`), hash(s.Block(95)))
	never := evmnode.Start(t, s, evmnode.Limits{NeverFinal: true})
	require.Contains(t, ask(t, never, "eth_getBlockByNumber", `["finalized",false]`), "finalized block not found")
}

func hash(b chain.Block) string { return b.Hash.Text(chain.Account) }

func TestExtendAndReorg(t *testing.T) {
	s := tell(t, evmnode.Plot{})
	n := evmnode.Start(t, s, evmnode.Limits{Final: 90})
	require.NoError(t, n.Extend(12))
	require.Contains(t, ask(t, n, "eth_getBlockByNumber", `["latest",false]`), hash(s.Block(112)))
	old := s.Block(108)
	require.NoError(t, n.Reorg(8, 10))
	require.NotEqual(t, old, s.Block(108))
	require.Equal(t, uint64(114), s.Head().Height)
	require.Contains(t, ask(t, n, "eth_getBlockByNumber", `["latest",false]`), hash(s.Head()))
	require.Contains(t, ask(t, n, "eth_getBlockByNumber", `["0x6c",false]`), hash(s.Block(108)))
	require.Contains(t, ask(t, n, "eth_getBlockByNumber", `["finalized",false]`), hash(s.Block(90)))
}

func TestStopAndResume(t *testing.T) {
	s := read(t)
	n := evmnode.Start(t, s, evmnode.Limits{Final: 90})
	url := n.URL()
	require.NoError(t, n.Stop())
	_, err := http.Get(url) //nolint:bodyclose // refused
	require.ErrorContains(t, err, "refused")
	require.NoError(t, n.Resume())
	require.Equal(t, url, n.URL())
	require.Contains(t, ask(t, n, "eth_getBlockByNumber", `["finalized",false]`), hash(s.Block(90)))
}

func TestPruned(t *testing.T) {
	s := tell(t, evmnode.Plot{})
	n := evmnode.Start(t, s, evmnode.Limits{Pruned: true})
	require.Equal(t, uint64(100), n.Final().Height)
	balance := func(block string) string {
		return ask(t, n, "eth_getBalance", fmt.Sprintf(`[%q,%q]`, s.Cast.Seeds[0], block))
	}
	trace := func(block string) string {
		return ask(t, n, "debug_traceBlockByNumber", fmt.Sprintf(`[%q,{"tracer":"callTracer"}]`, block))
	}
	require.Regexp(t, "historical state [0-9a-f]{64} is not available", balance("0x5"))
	require.Contains(t, trace("0x5"), "historical state is not available")
	require.Contains(t, balance("0x64"), "result")
	require.Contains(t, balance("latest"), "result")
	require.Contains(t, trace("0x4b"), "result")
	require.Contains(t, ask(t, n, "eth_getLogs", `[{"fromBlock":"0x5","toBlock":"0x5"}]`), `"result":[{`)
}

func TestNodeAnswersInProcess(t *testing.T) {
	n := evmnode.Start(t, read(t), evmnode.Limits{})
	var head string
	require.NoError(t, n.Call(context.Background(), &head, "eth_blockNumber"))
	require.Equal(t, "0x64", head)
}
