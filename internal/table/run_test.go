package table

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

func ptr[T any](v T) *T { return &v }

func amount(n uint64) *chain.Amount { return &chain.Amount{n} }

// writeRun writes a small run that is right in every respect.
func writeRun(tb testing.TB, dir string) Manifest {
	tb.Helper()
	ctx := tb.Context()
	f := Folder{Dir: dir, Tool: Tool{Version: "v1.2.3", Commit: "0123abc", Go: "go1.26"}}
	var files []File
	keep := func(file File, err error) {
		tb.Helper()
		require.NoError(tb, err)
		files = append(files, file)
	}
	eth, btc := accountBook(tb, 300), bitcoinBook(tb, 60, 1)
	keep(WriteTransfers(ctx, f, 0, eth, 0, 150))
	keep(WriteTransfers(ctx, f, 1, eth, 150, eth.Len()))
	keep(WriteTransfers(ctx, f, 2, btc, 0, btc.Len()))
	keep(WriteEntries(ctx, f, 0, eth, 0, eth.Len()))
	keep(WriteEntries(ctx, f, 1, btc, 0, btc.Len()))
	keep(WriteFlows(ctx, f, 0, eth))
	keep(WriteFlows(ctx, f, 1, btc))
	for part, method := range []string{"fifo", "haircut"} {
		keep(writeTaint(tb, f, part, method, eth, btc))
	}
	keep(Write(ctx, f, 0, seedRows()))
	keep(Write(ctx, f, 0, []Visit{
		{Chain: "bitcoin", Address: "1b", Hop: 1, Parent: "1a", Direction: "forward", Stop: "exchange", FirstBlock: ptr(int64(7)), FirstTimestamp: ptr(int64(7e6)), TransactionHash: "ab"},
		{Chain: "bitcoin", Address: "1a", Direction: "forward"},
		{Chain: "bitcoin", Address: "1c", Hop: 2, Parent: "1b", Direction: "forward", FirstBlock: ptr(int64(8)), FirstTimestamp: ptr(int64(8e6)), TransactionHash: "cd"},
	}))
	keep(Write(ctx, f, 0, []Coverage{
		{Chain: "bitcoin", Source: "dataset", ToBlock: 800_000, Complete: true},
		{Chain: "ethereum", Source: "dataset", Address: "0xaa", Kind: "internal", FromBlock: 5, ToBlock: 9, Reason: "no traces"},
	}))
	keep(Write(ctx, f, 0, []Label{{Chain: "bitcoin", Address: "1b", Label: "Kraken 3", Category: "exchange", Actor: "kraken", Source: "pack", Confidence: 80, Stop: true, Winner: true}}))
	keep(Write(ctx, f, 0, []Link{
		{Chain: "bitcoin", AddressA: "1a", AddressB: "1c", Heuristic: "co-spend", TransactionHash: "ab", Confidence: 90, Accepted: true, Transactions: 2},
		{Chain: "bitcoin", AddressA: "1a", AddressB: "1b", Heuristic: "co-spend", TransactionHash: "ef", Confidence: 50, Reason: "label", Transactions: 1},
	}))
	keep(Write(ctx, f, 0, []Cluster{{"bitcoin", "1c", "k1"}, {"bitcoin", "1a", "k1"}}))
	var ends []Endpoint
	var proofs []Conservation
	for _, method := range []string{"fifo", "haircut"} {
		e := Endpoint{CaseID: "c1", Seed: "1a", Method: method, Chain: "bitcoin", Asset: "native", Address: "1c"}
		ends = append(ends, e.WithValue(amount(40)))
		e.Address, e.Stop = "1b", "exchange"
		ends = append(ends, e.WithValue(amount(55)))
		proofs = append(proofs, Conservation{CaseID: "c1", Seed: "1a", Method: method, Chain: "bitcoin", Asset: "native"}.
			WithAmounts(amount(100), amount(40), amount(55), amount(5)))
	}
	keep(Write(ctx, f, 0, ends))
	keep(Write(ctx, f, 0, proofs))
	m := Manifest{
		Tool: f.Tool, Case: "c1", Config: json.RawMessage(`{"b":1,"a":[2]}`),
		Chains: []AsOf{{Name: "bitcoin", ID: "bip122:000000000019d6689c085ae165831e93", Height: 800_100, Hash: "00ff", Time: "2023-07-24T03:00:00Z"}},
		Inputs: []Input{{Role: "seeds", Name: "seeds.csv", Bytes: 9, Rows: ptr(int64(2)), SHA256: "aa"}},
		Tables: Group(files), Status: Gaps, Gaps: 1,
		Volatile: Volatile{Started: "2026-01-02T03:04:05Z", Finished: "2026-01-02T03:05:05Z", Workers: 2},
	}
	require.NoError(tb, WriteManifest(dir, m))
	m, err := ReadManifest(dir)
	require.NoError(tb, err)
	return m
}

func seedRows() []Seed {
	value, exact := Pair(&chain.Amount{0, 0, 0, 1})
	return []Seed{
		{CaseID: "c1", Chain: "ethereum", Address: "0xaa", Role: "victim_tx", Confidence: 60, TransactionHash: "0xbb", Value: value, ValueLossless: exact, ReportedAt: ptr(int64(1_700_000_000_000_000))},
		{CaseID: "c1", Chain: "bitcoin", Address: "1a", Role: "seed", Confidence: 5, Notes: "ünïcode, \"quoted\"\n"},
	}
}

func writeTaint(tb testing.TB, f Folder, part int, method string, books ...*ledger.Book) (File, error) {
	tb.Helper()
	w, err := NewTaintWriter(tb.Context(), f, part)
	require.NoError(tb, err)
	for _, b := range books {
		for i := range b.Len() {
			t := b.At(i)
			entry := ledger.NoEntry
			if t.Mid < t.End && i%5 > 0 {
				entry = t.Mid
			}
			require.NoError(tb, w.Add("c1", "1a", method, b, t, entry, amount(uint64(i))))
		}
	}
	return w.Close()
}

func known() Known { return Known{Stops: []string{"exchange", "mixer"}} }
