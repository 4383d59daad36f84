package main

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chaintest/compound"
	"github.com/scamtrace/scamtrace/internal/table"
)

// runDemo publishes the demo with the settings of configs/demo.yaml and returns
// the output folder and what the run printed.
func runDemo(t *testing.T) (out, stdout string) {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, demoSet().Write(filepath.Join(dir, "out", "demo")))
	file, err := filepath.Abs("../../configs/demo.yaml")
	require.NoError(t, err)
	t.Chdir(dir)
	code, stdout, stderr := invoke("run", "-c", file)
	require.Zero(t, code, stderr)
	return filepath.Join(dir, "out", "tables"), stdout
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

func amountOf(t *testing.T, text string) *chain.Amount {
	t.Helper()
	var a chain.Amount
	require.NoError(t, a.SetFromDecimal(text))
	return &a
}

// What the tracer says against what the generator knows.
func TestDemo_agreesWithTheTruth(t *testing.T) {
	truth := demoSet().Truth
	out, _ := runDemo(t)

	for _, row := range rowsOf[table.Conservation](t, out, "conservation") {
		if row.Method != "poison" {
			require.Equal(t, "0", row.DifferenceLossless, row)
		}
	}

	// No method that conserves finds more at an exchange than the compound paid
	// in; what it misses came from wallets that nobody reported.
	exchange := map[string]string{}
	for _, p := range truth.Parties {
		if p.Role == compound.CexHot || p.Role == compound.CexGas {
			exchange[p.Chain+p.Address] = p.Exchange
		}
	}
	found := map[[4]string]*chain.Amount{}
	for _, e := range rowsOf[table.Endpoint](t, out, "endpoints") {
		if e.Stop != "exchange" {
			continue
		}
		name := exchange[e.Chain+e.Address]
		require.NotEmpty(t, name, "%s is an exchange to the tracer and not to the generator", e.Address)
		key := [4]string{e.Method, name, e.Chain, e.Asset}
		if found[key] == nil {
			found[key] = new(chain.Amount)
		}
		found[key].Add(found[key], amountOf(t, e.ValueLossless))
	}
	places := 0
	for _, c := range truth.CashOut {
		for _, method := range []string{"fifo", "lifo", "haircut"} {
			got := found[[4]string{method, c.Exchange, c.Chain, c.Asset}]
			require.NotNil(t, got, "%s finds nothing at %s", method, c.Exchange)
			require.LessOrEqual(t, got.Cmp(amountOf(t, c.Amount.Dec())), 0, "%s at %s, %s %s: %s of %s", method, c.Exchange, c.Chain, c.Asset, got.Dec(), c.Amount.Dec())
			if method == "fifo" {
				t.Logf("%s %s %s: fifo found %s of %s", c.Exchange, c.Chain, c.Asset, got.Dec(), c.Amount.Dec())
			}
			places++
		}
	}
	require.Equal(t, 27, places)
}

// Every deposit address that the scam used and the crawl followed is found by its
// sweeps, and every one found is one.
func TestDemo_findsDepositAddresses(t *testing.T) {
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
	deposit := map[string]bool{}
	used := map[string]bool{}
	for _, l := range demoSet().Truth.Links {
		if l.Chain == "ethereum" {
			deposit[l.Deposit] = true
			if strings.HasPrefix(l.Controller, "team") {
				used[l.Deposit] = true
			}
		}
	}
	hits, met := 0, 0
	for a := range used {
		if followed[a] {
			met++
		}
		if swept[a] {
			hits++
		}
	}
	t.Logf("the scam used %d deposit addresses, the crawl followed %d, deposit-sweep names %d", len(used), met, hits)
	require.Equal(t, met, hits)
	require.GreaterOrEqual(t, met, len(used)*9/10)
	hot := map[string]bool{}
	for _, p := range demoSet().Truth.Parties {
		hot[p.Address] = p.Role == compound.CexHot
	}
	for a := range swept {
		require.True(t, deposit[a] || hot[a], "%s is no deposit address", a)
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
