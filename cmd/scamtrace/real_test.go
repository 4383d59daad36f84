package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/table"
)

// realData is a folder of real chain data, or the test is skipped.
func realData(t *testing.T, set string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("real data is left out with -short")
	}
	root := os.Getenv("SCAMTRACE_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	dir, err := filepath.Abs(filepath.Join(root, set))
	require.NoError(t, err)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no real data set %s; set SCAMTRACE_DATA", set)
	}
	return dir
}

func unzipped(t *testing.T, path string) *bufio.Reader {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	t.Cleanup(func() { _ = f.Close() })
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	return bufio.NewReaderSize(z, 1<<20)
}

func csvRows(t *testing.T, path string) []map[string]string {
	t.Helper()
	records, err := csv.NewReader(unzipped(t, path)).ReadAll()
	require.NoError(t, err)
	var rows []map[string]string
	for _, r := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = r[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// runReal runs the program on a real data set; gaps are allowed, since the sets
// are cuttings.
func runReal(t *testing.T, chain, data string, seeds, labels []string, sets ...string) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, lines []string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o644))
		return path
	}
	out := filepath.Join(dir, "out")
	args := []string{
		"run", "-q", "--seeds", write("seeds.csv", append([]string{"chain,address,role"}, seeds...)),
		"--source", chain + "=dataset:" + data, "--out", out, "--set", "cache=" + filepath.Join(dir, "cache"),
	}
	if len(labels) > 0 {
		args = append(args, "--labels", write("labels.csv", append([]string{"chain,address,label,category,source"}, labels...)))
	}
	for _, s := range sets {
		args = append(args, "--set", s)
	}
	code, _, stderr := invoke(args...)
	require.Contains(t, []int{0, 3}, code, stderr)
	code, found, stderr := invoke("check", out)
	require.Zero(t, code, found+stderr)
	return out
}

func visitsOf(t *testing.T, out string) map[string]table.Visit {
	visits := map[string]table.Visit{}
	for _, v := range rowsOf[table.Visit](t, out, "visits") {
		visits[v.Address] = v
	}
	return visits
}

// The EasyFi hack: 12 wallets of the launderer, 16 wallets of exchanges.
func TestReal_easyfi(t *testing.T) {
	data := realData(t, "eth_heist_easyfi")
	var transit, exchanges, labels []string
	for _, r := range csvRows(t, filepath.Join(data, "labels.csv.gz")) {
		switch {
		case strings.HasPrefix(r["label"], "ml_transit"):
			transit = append(transit, r["address"])
			continue
		case r["category"] == "exchange":
			exchanges = append(exchanges, r["address"])
		}
		labels = append(labels, fmt.Sprintf("ethereum,%s,%q,%q,%q", r["address"], r["label"], r["category"], r["source"]))
	}
	require.Len(t, transit, 12)
	require.Len(t, exchanges, 16)
	seeds := []string{"ethereum,0x83a2eb63b6cc296529468afa85dbde4a469d8b37,seed"}

	free := runReal(t, "ethereum", data, seeds, labels, "crawl.rules=none")
	everything := visitsOf(t, free)
	hops := map[int64]int{}
	for _, a := range transit {
		require.Contains(t, everything, a)
		hops[everything[a].Hop]++
	}
	reached := 0
	for _, a := range exchanges {
		if _, ok := everything[a]; ok {
			reached++
		}
	}
	t.Logf("no rules: %d addresses met; ml_transit by hop %v; %d of 16 exchanges", len(everything), hops, reached)
	// The way of 4 hops that ignores time leads through mints of the null address.
	for hop := range hops {
		require.LessOrEqual(t, hop, int64(5))
	}
	require.Equal(t, 5, reached)

	ruled := runReal(t, "ethereum", data, seeds, labels)
	visits := visitsOf(t, ruled)
	for _, a := range exchanges {
		if v, ok := visits[a]; ok {
			require.Equal(t, "exchange", v.Stop, "a labelled exchange was expanded: %s", a)
		}
	}
	// Whoever an expanded address paid after its first arrival was met, so what
	// was not met lies behind a visit that names its rule.
	for _, p := range rowsOf[table.Transfer](t, free, "transfers") {
		from, ok := visits[p.FromAddress]
		if !ok || from.Stop != "" || p.ToAddress == "" || p.ValueLossless == "0" {
			continue
		}
		if from.FirstBlock != nil && p.BlockNumber <= *from.FirstBlock {
			continue
		}
		require.Contains(t, visits, p.ToAddress, "%s was followed, but whom it paid in %s was not met", p.FromAddress, p.TransactionHash)
	}
	cut := map[string]int{}
	for _, a := range append(transit, exchanges...) {
		if _, met := visits[a]; met {
			continue
		}
		if _, ever := everything[a]; !ever {
			continue
		}
		rule := ""
		for at, ok := everything[a]; ok && rule == ""; at, ok = everything[at.Parent] {
			rule = visits[at.Address].Stop
		}
		require.NotEmpty(t, rule, "%s is not reached and no visit says why", a)
		cut[rule]++
	}
	t.Logf("default rules: %d addresses met; not reached, by the rule that cuts them off: %v", len(visits), cut)

	failed := map[string]bool{}
	for _, r := range csvRows(t, filepath.Join(data, "transactions.csv.gz")) {
		failed[r["hash"]] = r["receipt_status"] == "0"
	}
	for _, p := range rowsOf[table.Transfer](t, free, "transfers") {
		require.False(t, failed[p.TransactionHash] && p.Kind != "fee", "a failed transaction moved money: %s", p.TransactionHash)
	}
	for _, c := range rowsOf[table.Conservation](t, ruled, "conservation") {
		require.True(t, c.Method == "poison" || c.DifferenceLossless == "0", c)
	}
}

// Three laundering flows that were verified by hand.
func TestReal_mftracer(t *testing.T) {
	for _, x := range []struct {
		set           string
		terminals     int
		hops          int64
		fifo, haircut float64
	}{
		{"eth_mftracer_54m", 13, 13, 0.840, 0.840},
		{"eth_mftracer_lifi", 33, 5, 0.992, 0.991},
		{"eth_mftracer_atomic", 101, 9, 0.868, 0.870},
	} {
		t.Run(x.set, func(t *testing.T) {
			data := realData(t, x.set)
			terminal := map[string]bool{}
			var seeds, labels []string
			for _, r := range csvRows(t, filepath.Join(data, "labels.csv.gz")) {
				switch r["category"] {
				case "source":
					seeds = append(seeds, "ethereum,"+r["address"]+",seed")
				case "terminal":
					terminal[r["address"]] = true
					labels = append(labels, "ethereum,"+r["address"]+",terminal,exchange,test")
				}
			}
			require.Len(t, terminal, x.terminals)
			all := new(big.Int)
			for _, r := range csvRows(t, filepath.Join(data, "token_transfers.csv.gz")) {
				if terminal[r["to_address"]] {
					v, ok := new(big.Int).SetString(r["value"], 10)
					require.True(t, ok)
					all.Add(all, v)
				}
			}
			out := runReal(t, "ethereum", data, seeds, labels, "movements.ethereum=token", "crawl.max_hops=20")
			visits := visitsOf(t, out)
			var farthest int64
			for a := range terminal {
				require.Contains(t, visits, a)
				require.Equal(t, "exchange", visits[a].Stop)
				farthest = max(farthest, visits[a].Hop)
			}
			require.LessOrEqual(t, farthest, x.hops)
			ends := map[string]bool{}
			sum := map[string]*big.Int{"fifo": new(big.Int), "lifo": new(big.Int), "haircut": new(big.Int), "poison": new(big.Int)}
			for _, e := range rowsOf[table.Endpoint](t, out, "endpoints") {
				if !terminal[e.Address] {
					continue
				}
				v, ok := new(big.Int).SetString(e.ValueLossless, 10)
				require.True(t, ok)
				sum[e.Method].Add(sum[e.Method], v)
				ends[e.Address] = true
			}
			require.Len(t, ends, x.terminals, "each terminal is an endpoint")
			share := func(method string) float64 {
				f, _ := new(big.Rat).SetFrac(sum[method], all).Float64()
				return f
			}
			t.Logf("%d terminals within %d hops; fifo %.4f, lifo %.4f, haircut %.4f", x.terminals, farthest, share("fifo"), share("lifo"), share("haircut"))
			require.InDelta(t, x.fifo, share("fifo"), 0.005)
			require.InDelta(t, x.haircut, share("haircut"), 0.005)
		})
	}
}

// 196 Wasabi CoinJoins: what the veto is for.
func TestReal_wasabi(t *testing.T) {
	data := realData(t, "btc_coinjoin_wasabi1")
	seen := map[string]bool{}
	var seeds []string
	lines := json.NewDecoder(unzipped(t, filepath.Join(data, "transactions.json.gz")))
	for lines.More() {
		type side []struct{ Addresses []string }
		var tx struct{ Inputs, Outputs side }
		require.NoError(t, lines.Decode(&tx))
		for _, s := range []side{tx.Inputs, tx.Outputs} {
			for _, e := range s {
				for _, a := range e.Addresses {
					if !seen[a] {
						seen[a] = true
						seeds = append(seeds, "bitcoin,"+a+",watch")
					}
				}
			}
		}
	}
	largest := func(veto string) int {
		out := runReal(t, "bitcoin", data, seeds, nil, "cluster.coinjoin_veto="+veto)
		size := map[string]int{}
		most := 0
		for _, c := range rowsOf[table.Cluster](t, out, "clusters") {
			size[c.ClusterID]++
			most = max(most, size[c.ClusterID])
		}
		return most
	}
	require.Equal(t, 8968, largest("false"))
	with := largest("true")
	t.Logf("%d addresses; with the veto the largest cluster has %d", len(seen), with)
	require.LessOrEqual(t, with, 200)
}
