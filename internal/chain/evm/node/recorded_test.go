package node_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain/evm/node"
)

// recorded are the files of an archive of recorded answers, by path. The test is
// skipped where they are not.
func recorded(t testing.TB, name string) map[string]jsontext.Value {
	t.Helper()
	if testing.Short() {
		t.Skip("recorded data is left out with -short")
	}
	root := os.Getenv("SCAMTRACE_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(root, "api_fixtures", name+".tar.gz"))
	if err != nil {
		t.Skipf("no recorded answers %s; set SCAMTRACE_DATA", name)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	out := map[string]jsontext.Value{}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		require.NoError(t, err)
		if strings.HasSuffix(h.Name, ".json") {
			b, err := io.ReadAll(r)
			require.NoError(t, err)
			out[strings.TrimPrefix(h.Name, "./")] = b
		}
	}
}

// result is the member "result" of a recorded answer.
func result(t testing.TB, v jsontext.Value) jsontext.Value {
	t.Helper()
	var x struct {
		Result jsontext.Value `json:"result"`
	}
	require.NoError(t, json.Unmarshal(v, &x))
	return x.Result
}

// callFrame is a frame for the plain reading that the decoder is held to.
type callFrame struct {
	Type  string      `json:"type"`
	From  string      `json:"from"`
	To    string      `json:"to"`
	Value string      `json:"value"`
	Error string      `json:"error"`
	Calls []callFrame `json:"calls"`
}

func (f *callFrame) moves(path []uint32, out *[]node.Move) {
	if f.Error != "" {
		return
	}
	sort := f.Type == "CALL" || f.Type == "SELFDESTRUCT" || strings.HasPrefix(f.Type, "CREATE")
	if value := strings.TrimLeft(strings.TrimPrefix(f.Value, "0x"), "0"); len(path) > 0 && sort && value != "" {
		*out = append(*out, node.Move{
			Path: slices.Clone(path), From: address(f.From), To: address(f.To), Value: "0x" + value, Creates: strings.HasPrefix(f.Type, "CREATE"),
		})
	}
	for i := range f.Calls {
		f.Calls[i].moves(append(slices.Clone(path), uint32(i)), out)
	}
}

func TestRecordedCallTraces(t *testing.T) {
	files := recorded(t, "geth_tracers")
	tested, moved, failed := 0, 0, 0
	for path, text := range files {
		if !strings.Contains(path, "call_tracer") || strings.Contains(path, "flat") {
			continue
		}
		t.Run(path, func(t *testing.T) {
			trace := result(t, text)
			got, err := node.Frames(trace)
			require.NoError(t, err)
			var plain callFrame
			require.NoError(t, json.Unmarshal(trace, &plain))
			var want []node.Move
			plain.moves(nil, &want)
			require.Equal(t, want, got)
			if plain.Error != "" {
				failed++
				require.Empty(t, got)
			}
			tested, moved = tested+1, moved+len(got)
		})
	}
	t.Log(tested, "traces,", moved, "movements,", failed, "failed transactions")
	require.Equal(t, 25, tested)
	require.Positive(t, moved)
	require.Positive(t, failed)
}

// The same transactions as go-ethereum's flatCallTracer tells them, in the words
// of OpenEthereum. It hides calls of precompiled contracts, so paths may differ.
func TestRecordedFlatTraces(t *testing.T) {
	files := recorded(t, "geth_tracers")
	both := 0
	for path, text := range files {
		if !strings.Contains(path, "call_tracer_flat") {
			continue
		}
		t.Run(path, func(t *testing.T) {
			rows, err := node.Rows(placed(t, result(t, text)))
			require.NoError(t, err)
			twin, ok := files[strings.Replace(path, "call_tracer_flat", "call_tracer", 1)]
			if !ok || strings.Contains(path, "onlytop") || !bytes.Equal(input(t, text), input(t, twin)) {
				return
			}
			frames, err := node.Frames(result(t, twin))
			require.NoError(t, err)
			both++
			require.Equal(t, bare(frames), bare(rows))
		})
	}
	t.Log(both, "in both words")
	require.Greater(t, both, 8)
}

// input is the transaction that was traced.
func input(t testing.TB, v jsontext.Value) jsontext.Value {
	t.Helper()
	var x struct {
		Input jsontext.Value `json:"input"`
	}
	require.NoError(t, json.Unmarshal(v, &x))
	return x.Input
}

// placed says of traces that all are of one transaction, where they do not say.
func placed(t testing.TB, v jsontext.Value) jsontext.Value {
	t.Helper()
	var rows []map[string]jsontext.Value
	require.NoError(t, json.Unmarshal(v, &rows))
	for _, r := range rows {
		r["transactionHash"] = jsontext.Value(`"0x` + strings.Repeat("ab", 32) + `"`)
	}
	out, err := json.Marshal(rows)
	require.NoError(t, err)
	return out
}

// bare are movements without their paths.
func bare(moves []node.Move) []string {
	var out []string
	for _, m := range moves {
		out = append(out, fmt.Sprint(m.From, m.To, m.Value, m.Creates))
	}
	slices.Sort(out)
	return out
}

// Blocks that ethereum-etl recorded, traced by go-ethereum and by OpenEthereum.
func TestRecordedBlocksTracedTwice(t *testing.T) {
	files := recorded(t, "ethereum_etl_rpc")
	find := func(part string) jsontext.Value {
		for path, text := range files {
			if strings.Contains(path, part) {
				return result(t, text)
			}
		}
		require.Fail(t, "not recorded", part)
		return nil
	}
	traced := 0
	for _, height := range []string{"0xf7105", "0xf44f2", "0xf45bf", "0xf4240"} {
		var traces []struct {
			Result jsontext.Value `json:"result"`
		}
		require.NoError(t, json.Unmarshal(find("debug_traceBlockByNumber_"+height+"_"), &traces))
		var frames []node.Move
		var failed error
		for _, x := range traces {
			some, err := node.Frames(x.Result)
			failed = errors.Join(failed, err)
			frames = append(frames, some...)
		}
		if height == "0xf7105" {
			// An old go-ethereum did not say what a self-destruction moved: that
			// is refused, and becomes a gap.
			require.ErrorContains(t, failed, "lacks a member")
			continue
		}
		require.NoError(t, failed)
		rows, err := node.Rows(find("trace_block_" + height + "."))
		require.NoError(t, err)
		require.Equal(t, bare(frames), bare(rows), height)
		traced += len(traces)
	}
	require.Positive(t, traced)
}

// Every recorded header has the hash that it is told to have, and the
// transactions their root.
func TestRecordedBlocks(t *testing.T) {
	blocks, receipts, logs := 0, 0, 0
	for path, text := range recorded(t, "ethereum_etl_rpc") {
		v := result(t, text)
		switch {
		case strings.Contains(path, "eth_getBlockByNumber") && !strings.Contains(path, "latest"):
			_, _, _, err := node.Block(v, nil, nil)
			require.NoError(t, err, path)
			var full struct {
				Transactions []jsontext.Value `json:"transactions"`
			}
			require.NoError(t, json.Unmarshal(v, &full))
			if len(full.Transactions) == 0 || full.Transactions[0].Kind() == '{' {
				require.NoError(t, node.Sealed(v), path)
			}
			blocks++
			// One digit of anything that is hashed shows.
			bad := bytes.Replace(v, []byte(`"gasUsed": "0x`), []byte(`"gasUsed": "0x1`), 1)
			require.NotEqual(t, string(v), string(bad))
			require.Error(t, node.Sealed(bad), path)
		case strings.Contains(path, "eth_getTransactionReceipt"):
			_, err := node.Receipt(v)
			require.NoError(t, err, path)
			receipts++
		case strings.Contains(path, "eth_getFilterLogs"):
			_, n, err := node.Logs(v)
			require.NoError(t, err, path)
			logs += n
		}
	}
	t.Log(blocks, "blocks,", receipts, "receipts,", logs, "logs")
	require.Positive(t, blocks)
	require.Positive(t, receipts)
	require.Positive(t, logs)
}
