package compound_test

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chaintest/compound"
)

// written is a set on disk, read by the plainest of readers.
type written struct {
	dir string
	t   *testing.T
}

// demo is the set of seed 1, which no test changes.
var demo = sync.OnceValue(func() *compound.Set { return compound.Generate(1) })

func write(t *testing.T, set *compound.Set) written {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, set.Write(dir))
	return written{dir, t}
}

func (w written) open(path string) io.Reader {
	w.t.Helper()
	f, err := os.Open(filepath.Join(w.dir, path))
	require.NoError(w.t, err)
	w.t.Cleanup(func() { _ = f.Close() })
	if !strings.HasSuffix(path, ".gz") {
		return f
	}
	z, err := gzip.NewReader(f)
	require.NoError(w.t, err)
	return z
}

// csv reads a table as one map a row.
func (w written) csv(path string) []map[string]string {
	w.t.Helper()
	rows, err := csv.NewReader(w.open(path)).ReadAll()
	require.NoError(w.t, err)
	require.Greater(w.t, len(rows), 1, path)
	out := make([]map[string]string, 0, len(rows))
	for _, r := range rows[1:] {
		m := map[string]string{}
		for i, c := range rows[0] {
			m[c] = r[i]
		}
		out = append(out, m)
	}
	return out
}

type bitcoinTx struct {
	Hash        string
	BlockNumber int64 `json:"block_number"`
	BlockTime   int64 `json:"block_timestamp"`
	Coinbase    bool  `json:"is_coinbase"`
	Index       int
	Fee         uint64
	Inputs      []struct {
		Spent      string `json:"spent_transaction_hash"`
		SpentIndex int    `json:"spent_output_index"`
		Addresses  []string
		Value      uint64
	}
	Outputs []struct {
		Index     int
		Script    string `json:"script_hex"`
		Type      string
		Addresses []string
		Value     uint64
	}
}

func (w written) bitcoin() []bitcoinTx {
	w.t.Helper()
	var out []bitcoinTx
	for d := json.NewDecoder(w.open("bitcoin/transactions.json.gz")); ; {
		var tx bitcoinTx
		err := d.Decode(&tx)
		if err == io.EOF {
			return out
		}
		require.NoError(w.t, err)
		out = append(out, tx)
	}
}

// files are all files' bytes, by path.
func (w written) files() map[string]string {
	w.t.Helper()
	out := map[string]string{}
	require.NoError(w.t, filepath.WalkDir(w.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		out[strings.TrimPrefix(path, w.dir)] = string(data)
		return err
	}))
	return out
}
