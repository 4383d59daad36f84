package main

import (
	"encoding/csv"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/table"
)

// runDemo writes the demo into out/demo of a new folder, which it goes to, and
// traces it as make run does. It returns the output folder and what the run
// printed.
func runDemo(t *testing.T) (out, stdout string) {
	t.Helper()
	t.Chdir(t.TempDir())
	require.NoError(t, writeDemo("out/demo"))
	code, stdout, stderr := invoke("run", "-c", "out/demo/case.yaml", "--out", "out/tables")
	require.Zero(t, code, stderr)
	return "out/tables", stdout
}

// notRaced leaves out with -short what traces the demo once more: the race
// detector sees all that runs at once in the script demo.
func notRaced(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("nothing new runs at once")
	}
}

// truthOf reads a file of the generator's truth: its rows by column.
func truthOf(t *testing.T, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join("out/demo/truth", name+".csv"))
	require.NoError(t, err)
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	var rows []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, column := range lines[0] {
			row[column] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// rowsOf reads a table of the last run.
func rowsOf[T any](t *testing.T, out, name string) []T {
	t.Helper()
	paths, err := table.Paths(filepath.Join(out, "latest"), name)
	require.NoError(t, err)
	var rows []T
	for row, err := range table.Read[T](t.Context(), paths...) {
		require.NoError(t, err)
		rows = append(rows, row)
	}
	return rows
}

// What the tracer says against what the slow reference expects: every endpoint
// of every seed, method and asset, to the last unit.
func TestDemo_agreesWithTheTruth(t *testing.T) {
	notRaced(t)
	out, _ := runDemo(t)
	for _, row := range rowsOf[table.Conservation](t, out, "conservation") {
		if row.Method != "poison" {
			require.Equal(t, "0", row.DifferenceLossless, row)
		}
	}
	want, got := map[string]string{}, map[string]string{}
	stops := map[string]bool{}
	for _, r := range truthOf(t, "expected_taint") {
		want[strings.Join([]string{r["seed"], r["method"], r["chain"], r["asset"], r["address"], r["stop"]}, " ")] = r["value"]
	}
	for _, e := range rowsOf[table.Endpoint](t, out, "endpoints") {
		stops[e.Stop] = true
		got[strings.Join([]string{e.Seed, e.Method, e.Chain, e.Asset, e.Address, e.Stop}, " ")] = e.ValueLossless
	}
	require.Equal(t, want, got)
	require.Subset(t, slices.Collect(maps.Keys(stops)), []string{"", "exchange", "mixer", "bridge", "service", "coinjoin"})
}

// Every deposit address that the scam used and the crawl followed is found by its
// sweeps, and every one found is one.
func TestDemo_findsDepositAddresses(t *testing.T) {
	notRaced(t)
	out, _ := runDemo(t)
	followed := map[string]bool{}
	for _, v := range rowsOf[table.Visit](t, out, "visits") {
		followed[v.Address] = v.Stop == ""
	}
	swept := map[string]bool{}
	for _, l := range rowsOf[table.Link](t, out, "links") {
		if l.Heuristic == "deposit-sweep" {
			swept[l.AddressA], swept[l.AddressB] = true, true
		}
	}
	uses := map[string]int{}
	for _, d := range truthOf(t, "deposits") {
		if d["chain"] == "ethereum" && strings.HasPrefix(d["controller"], "team-") && d["sweep_tx"] != "" {
			uses[d["deposit_address"]]++
		}
	}
	hits, met := 0, 0
	for a, n := range uses {
		if followed[a] && n > 1 {
			met++
		}
		if swept[a] {
			hits++
		}
	}
	t.Logf("the scam used %d deposit addresses, the crawl followed %d that were used twice, deposit-sweep names %d", len(uses), met, hits)
	require.GreaterOrEqual(t, hits, met*9/10)
	require.NotZero(t, met)
	right := map[string]bool{}
	for _, a := range truthOf(t, "addresses") {
		right[a["address"]] = a["role"] == "cex_deposit" || a["role"] == "cex_hot"
	}
	for a := range swept {
		require.True(t, right[a], "%s is no deposit address", a)
	}
}

// reader asks DuckDB what an analyst would: every table by the glob of the
// contract, with its columns, types and counts.
const reader = `
import sys, json, duckdb
out = {}
for t in json.loads(sys.argv[2]):
    glob = f"'{sys.argv[1]}/latest/{t}/**/*.parquet'"
    out[t] = {
        "count": duckdb.sql(f"select count(*) from {glob}").fetchall()[0][0],
        "types": {r[0]: r[1] for r in duckdb.sql(f"describe select * from {glob}").fetchall()},
    }
print(json.dumps(out))
`

// TestDemo_duckdb reads the published demo with another reader and holds it
// against the contract of names.
func TestDemo_duckdb(t *testing.T) {
	notRaced(t)
	if exec.CommandContext(t.Context(), "python3", "-c", "import duckdb").Run() != nil {
		t.Skip("python3 has no duckdb")
	}
	contract := map[string]string{
		"visits": "chain address hop parent stop", "clusters": "chain address cluster_id",
		"links":        "chain address_a address_b heuristic transaction_hash confidence",
		"endpoints":    "case_id seed method chain asset address stop value value_lossless",
		"flows":        "chain asset from_address to_address transfers value value_lossless first_timestamp last_timestamp",
		"conservation": "case_id seed method chain asset injected resting stopped fees difference",
		"transfers":    "value value_lossless", "coverage": "", "labels": "", "seeds": "", "taint": "value value_lossless", "entries": "",
	}
	out, _ := runDemo(t)
	m, err := table.ReadManifest(filepath.Join(out, "latest"))
	require.NoError(t, err)
	var names []string
	rows := map[string]int64{}
	for _, group := range m.Tables {
		names = append(names, group.Name)
		rows[group.Name] = group.Rows
	}
	list, err := json.Marshal(names)
	require.NoError(t, err)
	raw, err := exec.CommandContext(t.Context(), "python3", "-c", reader, out, string(list)).CombinedOutput()
	require.NoError(t, err, string(raw))
	var got map[string]struct {
		Count int64
		Types map[string]string
	}
	require.NoError(t, json.Unmarshal(raw, &got), string(raw))
	require.Len(t, got, len(contract))
	for name, columns := range contract {
		require.Contains(t, got, name)
		require.Equal(t, rows[name], got[name].Count, name)
		for column := range strings.FieldsSeq(columns) {
			var want string
			switch column {
			case "value", "injected", "resting", "stopped", "fees", "difference":
				want = "DECIMAL(38,0)"
			case "hop", "transfers", "confidence":
				want = "BIGINT"
			case "first_timestamp", "last_timestamp":
				want = "TIMESTAMP WITH TIME ZONE"
			default:
				want = "VARCHAR"
			}
			require.Equal(t, want, got[name].Types[column], name+"."+column)
		}
	}
}
