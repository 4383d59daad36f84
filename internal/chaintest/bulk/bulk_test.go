package bulk_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chaintest/bulk"
)

const null = "0x0000000000000000000000000000000000000000"

func read(t *testing.T, dir string) []bulk.Transfer {
	t.Helper()
	parts, err := filepath.Glob(filepath.Join(dir, "ethereum", "token_transfers", "part-*.parquet"))
	require.NoError(t, err)
	var out []bulk.Transfer
	for _, p := range parts {
		rows, err := parquet.ReadFile[bulk.Transfer](p)
		require.NoError(t, err)
		out = append(out, rows...)
	}
	return out
}

func addresses(t *testing.T, path string) []string {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	var out []string
	for _, r := range rows[1:] {
		out = append(out, r[1])
	}
	return out
}

// The promise of the benchmark: a crawl forward in time from the seeds, at most
// eight hops deep, meets more than half of all rows. The rows are in chain
// order, so one pass finds the least hops of every address.
func TestMoreThanHalfIsReachable(t *testing.T) {
	t.Parallel()
	for _, rows := range []int64{bulk.MinRows, 2 * bulk.MinRows} {
		dir := t.TempDir()
		sum, err := bulk.Generate(dir, rows, 1)
		require.NoError(t, err)
		hops := map[string]int{}
		for _, a := range addresses(t, filepath.Join(dir, "seeds.csv")) {
			hops[a] = 0
		}
		require.Len(t, hops, 1)
		var reached int64
		deepest := 0
		for _, r := range read(t, dir) {
			h, ok := hops[r.FromAddress]
			if !ok || h >= 8 {
				continue
			}
			reached++
			deepest = max(deepest, h+1)
			if old, ok := hops[r.ToAddress]; !ok || h+1 < old {
				hops[r.ToAddress] = h + 1
			}
		}
		require.Equal(t, sum.Rows, rows)
		require.Equal(t, sum.Reachable, reached)
		require.Equal(t, 8, deepest)
		require.InDelta(t, 0.53, float64(reached)/float64(rows), 0.03)
	}
}

func TestNobodyOverdraws(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := bulk.Generate(dir, bulk.MinRows, 3)
	require.NoError(t, err)
	labelled := map[string]bool{null: true}
	for _, a := range addresses(t, filepath.Join(dir, "labels.csv")) {
		labelled[a] = true
	}
	have := map[string]int64{}
	partners := map[string]map[string]bool{}
	hashes := map[string]bool{}
	var last bulk.Transfer
	for _, r := range read(t, dir) {
		value, err := strconv.ParseInt(r.Value, 10, 64)
		if err != nil || value <= 0 {
			t.Fatalf("value %q", r.Value)
		}
		if r.FromAddress != null {
			have[r.FromAddress] -= value
			if have[r.FromAddress] < 0 {
				t.Fatalf("%s overdraws in %s", r.FromAddress, r.TransactionHash)
			}
		}
		have[r.ToAddress] += value
		for a, b := range map[string]string{r.FromAddress: r.ToAddress, r.ToAddress: r.FromAddress} {
			if partners[a] == nil {
				partners[a] = map[string]bool{}
			}
			partners[a][b] = true
		}
		if r.BlockNumber < last.BlockNumber || r.BlockNumber == last.BlockNumber && r.LogIndex <= last.LogIndex || hashes[r.TransactionHash] {
			t.Fatalf("%s is out of order or told twice", r.TransactionHash)
		}
		hashes[r.TransactionHash] = true
		last = r
	}
	for a, others := range partners {
		require.True(t, labelled[a] || len(others) < 4_000, "%s has %d counterparties", a, len(others))
	}
}

func TestEqualArgumentsGiveEqualBytes(t *testing.T) {
	t.Parallel()
	part := func(seed uint64) string {
		dir := t.TempDir()
		_, err := bulk.Generate(dir, bulk.MinRows, seed)
		require.NoError(t, err)
		data, err := os.ReadFile(filepath.Join(dir, "ethereum", "token_transfers", "part-0000.parquet"))
		require.NoError(t, err)
		return string(data)
	}
	one := part(1)
	require.Equal(t, one, part(1))
	require.NotEqual(t, one, part(2))
}

func TestRowsAreBounded(t *testing.T) {
	t.Parallel()
	for _, rows := range []int64{0, bulk.MinRows - 1, bulk.MaxRows + 1} {
		_, err := bulk.Generate(t.TempDir(), rows, 1)
		require.Error(t, err)
	}
}

func BenchmarkGenerate(b *testing.B) {
	const rows = 200_000
	for b.Loop() {
		_, err := bulk.Generate(b.TempDir(), rows, 1)
		require.NoError(b, err)
	}
	b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
}
