package evmnode_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/dataset"
	"github.com/scamtrace/scamtrace/internal/chaintest/evmnode"
)

// told asks the files of a story for all transfers of some addresses.
func told(t testing.TB, dir string, addresses []chain.Address, visit func(*chain.Transfer)) {
	t.Helper()
	ethereum, err := chain.Lookup("ethereum")
	require.NoError(t, err)
	s, err := dataset.Driver().Open(context.Background(), ethereum, chain.Options{Args: dir})
	require.NoError(t, err)
	defer s.Close()
	q := chain.Question{Addresses: map[chain.Address]struct{}{}, Span: chain.Span{To: math.MaxUint64}}
	for _, a := range addresses {
		q.Addresses[a] = struct{}{}
	}
	parts, err := s.Plan(context.Background(), q)
	require.NoError(t, err)
	for _, p := range parts {
		gaps, err := p.Ask(context.Background(), func(tr *chain.Transfer) error {
			visit(tr)
			return nil
		})
		require.NoError(t, err)
		require.Empty(t, gaps)
	}
}

// The files say what the node says: for every account, what it had plus what
// moved is what it has, and it paid as many fees as its nonce counts.
func TestExportAddsUp(t *testing.T) {
	s := tell(t, evmnode.Plot{})
	n := evmnode.Start(t, s, evmnode.Limits{})
	require.NoError(t, n.Extend(20))
	dir := t.TempDir()
	require.NoError(t, s.ExportRewards(dir))

	balance, fees, kinds := map[chain.Address]*big.Int{}, map[chain.Address]int{}, map[chain.Kind]int{}
	token := map[chain.Address]*big.Int{}
	for address, a := range s.Genesis.Alloc {
		balance[chain.Address(strings.ToLower(address.Hex()))] = new(big.Int).Set(a.Balance)
	}
	add := func(m map[chain.Address]*big.Int, e chain.Entry, sign int64) {
		if m[e.Address] == nil {
			m[e.Address] = new(big.Int)
		}
		v := e.Amount.ToBig()
		m[e.Address].Add(m[e.Address], v.Mul(v, big.NewInt(sign)))
	}
	told(t, dir, s.Cast.All(), func(tr *chain.Transfer) {
		kinds[tr.Kind]++
		if tr.Kind == chain.Fee {
			fees[tr.In[0].Address]++
		}
		m := balance
		switch tr.Asset {
		case chain.Native:
		case chain.Asset(s.Cast.Token):
			m = token
		default:
			return
		}
		for _, e := range tr.In {
			add(m, e, -1)
		}
		for _, e := range tr.Out {
			add(m, e, 1)
		}
	})
	t.Log(kinds)
	for _, k := range []chain.Kind{chain.Fee, chain.NativeKind, chain.Internal, chain.Token, chain.Reward} {
		require.NotZero(t, kinds[k], k.String())
	}
	ctx := context.Background()
	for _, a := range s.Cast.All() {
		if a == s.Cast.Miner {
			continue // tips are no rows
		}
		var has, nonce string
		require.NoError(t, n.Call(ctx, &has, "eth_getBalance", a, "latest"))
		require.NoError(t, n.Call(ctx, &nonce, "eth_getTransactionCount", a, "latest"))
		if balance[a] == nil {
			balance[a] = new(big.Int)
		}
		require.Equal(t, has, fmt.Sprintf("0x%x", balance[a]), a)
		require.Equal(t, nonce, fmt.Sprintf("0x%x", fees[a]), a)
		var tokens string
		require.NoError(t, n.Call(ctx, &tokens, "eth_call", map[string]any{
			"to": s.Cast.Token, "input": "0x70a08231" + strings.Repeat("0", 24) + string(a[2:]),
		}, "latest"))
		if token[a] == nil {
			token[a] = new(big.Int)
		}
		require.Equal(t, tokens, fmt.Sprintf("0x%064x", token[a]), a)
	}
}

// frame is what the node's own tracer tells of a call.
type frame struct {
	Type, From, To, Value, Error string
	Calls                        []frame
}

// The frames in the files are those of the node's callTracer, in its order.
func TestExportTracesAreTheNodes(t *testing.T) {
	if testing.Short() {
		t.Skip("traces every block")
	}
	s := tell(t, evmnode.Plot{Seed: 3})
	n := evmnode.Start(t, s, evmnode.Limits{})
	dir := t.TempDir()
	require.NoError(t, s.Export(dir))
	data, err := os.ReadFile(filepath.Join(dir, "traces.csv"))
	require.NoError(t, err)
	var have []string
	for _, row := range csvRows(t, data) {
		value, ok := new(big.Int).SetString(row["value"], 10)
		require.True(t, ok)
		kind := row["trace_type"]
		if row["call_type"] != "" {
			kind = row["call_type"]
		}
		have = append(have, fmt.Sprint(row["block_number"], " ", row["transaction_index"], " [", row["trace_address"], "] ", kind,
			" ", row["from_address"], " 0x", value.Text(16), " ", row["error"] != ""))
	}
	var want []string
	var walk func(height, tx int, path []string, f frame)
	walk = func(height, tx int, path []string, f frame) {
		kind := map[string]string{"CREATE": "create", "CREATE2": "create", "SELFDESTRUCT": "suicide"}[f.Type]
		if kind == "" {
			kind = strings.ToLower(f.Type)
		}
		if f.Value == "" {
			f.Value = "0x0"
		}
		want = append(want, fmt.Sprint(height, " ", tx, " [", strings.Join(path, ","), "] ", kind, " ", f.From, " ", f.Value, " ", f.Error != ""))
		for i, c := range f.Calls {
			walk(height, tx, append(path[:len(path):len(path)], fmt.Sprint(i)), c)
		}
	}
	for height := 1; height <= 100; height++ {
		var traces []struct{ Result frame }
		require.NoError(t, n.Call(context.Background(), &traces, "debug_traceBlockByNumber", fmt.Sprintf("0x%x", height),
			map[string]any{"tracer": "callTracer"}))
		for i := range traces {
			walk(height, i, nil, traces[i].Result)
		}
	}
	require.Greater(t, len(want), 500)
	require.Equal(t, want, have)
	all := strings.Join(have, "\n")
	for _, kind := range []string{" create ", " suicide ", " delegatecall ", " call "} {
		require.Contains(t, all, kind)
	}
	require.Regexp(t, `\[0,0\]`, all)
	require.Regexp(t, `\[0\] .* true`, all)
}

func TestExportIsStable(t *testing.T) {
	if testing.Short() {
		t.Skip("executes a chain three times")
	}
	a, b := t.TempDir(), t.TempDir()
	s := tell(t, evmnode.Plot{Seed: 8, Txs: 250})
	require.NoError(t, s.Export(a))
	require.NoError(t, s.Export(b))
	for _, name := range []string{"blocks.csv", "transactions.csv", "logs.csv", "traces.csv"} {
		x, err := os.ReadFile(filepath.Join(a, name))
		require.NoError(t, err)
		y, err := os.ReadFile(filepath.Join(b, name))
		require.NoError(t, err)
		require.Equal(t, string(x), string(y))
	}
}

func BenchmarkLarge(b *testing.B) {
	for b.Loop() {
		s := tell(b, evmnode.Large())
		n := evmnode.Start(b, s, evmnode.Limits{})
		require.NoError(b, n.Stop())
		txs := 0
		for _, block := range s.Blocks {
			txs += len(block.Transactions())
		}
		b.ReportMetric(float64(txs), "txs")
	}
}

// csvRows reads a CSV file as rows by column.
func csvRows(t testing.TB, data []byte) []map[string]string {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	require.NoError(t, err)
	var rows []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, name := range lines[0] {
			row[name] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}
