package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chaintest/bulk"
	"github.com/scamtrace/scamtrace/internal/table"
)

// Without the data sets every part is left out with a line, and none fails.
func TestNoData(t *testing.T) {
	for name, c := range map[string]*comparison{
		"SCAMTRACE_DATA is not set":         {},
		"SCAMTRACE_DATA has no such folder": {data: t.TempDir()},
	} {
		require.NoError(t, c.easyfi(t.Context()))
		require.NoError(t, c.verifiedFlows(t.Context()))
		require.NoError(t, c.mixes(t.Context()))
		require.NoError(t, c.deposits(t.Context()))
		require.Len(t, c.report.Skipped, 9)
		require.Equal(t, "eth_heist_easyfi: "+name+".", c.report.Skipped[0])
		require.Empty(t, c.report.Measured)
		require.Empty(t, c.report.Notes)
	}
}

// What the generator made is what the table has, in as many files as a run has.
func TestWriteParts(t *testing.T) {
	made, out := filepath.Join(t.TempDir(), "set"), t.TempDir()
	set, err := bulk.Write(t.Context(), made, 10_000)
	require.NoError(t, err)
	var said bytes.Buffer
	require.NoError(t, writeParts(t.Context(), made, out, 2, &said))
	var m measurement
	require.NoError(t, json.Unmarshal(said.Bytes(), &m))
	require.Equal(t, set.Rows, m.Rows)
	require.Positive(t, m.Bytes)
	given, err := rows[bulk.Transfer](t.Context(), filepath.Join(made, "ethereum"), "token_transfers")
	require.NoError(t, err)
	written, err := rows[table.Transfer](t.Context(), out, "transfers")
	require.NoError(t, err)
	require.Len(t, written, len(given))
	for i, r := range given {
		require.Equal(t, [3]string{r.FromAddress, r.ToAddress, r.Value}, [3]string{written[i].FromAddress, written[i].ToAddress, written[i].ValueLossless})
	}
}

func TestClusters(t *testing.T) {
	list := []table.Cluster{
		{Address: "a", ClusterID: "1"},
		{Address: "b", ClusterID: "1"},
		{Address: "stranger", ClusterID: "1"},
		{Address: "c", ClusterID: "2"},
		{Address: "d", ClusterID: "2"},
	}
	largest, all, wrong := clusters(list, map[string]string{"a": "alice", "b": "alice", "c": "carol", "d": "dave"})
	require.Equal(t, [3]int{3, 2, 1}, [3]int{largest, all, wrong})
}
