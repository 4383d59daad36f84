package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chaintest/btcnode"
	"github.com/scamtrace/scamtrace/internal/chaintest/conform"
	"github.com/scamtrace/scamtrace/internal/chaintest/evmnode"
	"github.com/scamtrace/scamtrace/internal/chaintest/gateway/esplora"
	gateway "github.com/scamtrace/scamtrace/internal/chaintest/gateway/etherscan"
	"github.com/scamtrace/scamtrace/internal/chaintest/replay"
	"github.com/scamtrace/scamtrace/internal/config"
	"github.com/scamtrace/scamtrace/internal/label"
	"github.com/scamtrace/scamtrace/internal/synth/reference"
	"github.com/scamtrace/scamtrace/internal/synth/scenario"
	"github.com/scamtrace/scamtrace/internal/table"
)

// A synthetic compound that happened on go-ethereum and btcd is traced alike
// through live drivers and through the files of the chains, and to the unit as
// the reference says.
func TestLive_synthetic(t *testing.T) {
	sizes := []int64{1_000, 10_000}
	if testing.Short() {
		sizes = []int64{300} // most of what the race detector sees is go-ethereum
	}
	for _, size := range sizes {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			small := size < 10_000
			begin := time.Now()
			sc := scenario.Default()
			if small {
				sc.Bitcoin = 300_000 // or there would be little
			}
			r, err := replay.Tell(t.Context(), sc, size, 1)
			require.NoError(t, err)
			c := newSynthetic(t, r)
			t.Logf("%d and %d blocks are served after %v", r.Ethereum.Head().Height, r.Bitcoin.Height(), time.Since(begin))
			const all, calls, listed = "native,internal,token,fee,reward", "native,internal,token,fee", "native,token,fee"
			fromFiles := func(kinds string) string {
				return c.run(t, "files", "dataset:"+c.dir+"/ethereum", "dataset:"+c.dir+"/bitcoin", kinds)
			}
			require.Equal(t, fromFiles(all), c.run(t, "nodes", "node:eth", "btcd:btc", all))
			want, err := reference.Expect(t.Context(), c.question(t), slices.Values(r.Movements()))
			require.NoError(t, err)
			require.Greater(t, len(want.Rows), min(40, int(size)/20))
			require.Empty(t, differences(want, published(t, filepath.Join(c.dir, "nodes"))))

			require.Equal(t, fromFiles(listed), c.run(t, "explorers", "etherscan:explorer", "esplora:electrs,index", listed))
			if testing.Short() {
				return // all servers were asked; the rest is read from files
			}
			// What synth would write of it does not say where in its block a token's
			// transfer stands. So rows of taint may have another order.
			require.NoError(t, r.WriteRows(filepath.Join(c.dir, "synth"), sc.Tables))
			chains := without(fromFiles(all), "transfers", "taint")
			rows := c.taint(t, "files")
			require.Equal(t, chains, without(c.run(t, "synthetic", "dataset:"+c.dir+"/synth/ethereum", "dataset:"+c.dir+"/synth/bitcoin", all),
				"transfers", "taint"))
			require.Equal(t, rows, c.taint(t, "synthetic"))
			if small {
				// An explorer does not say where in its block a transaction stands of
				// which it lists an internal call alone.
				require.Equal(t, without(fromFiles(calls), "transfers"),
					without(c.run(t, "others", "etherscan:explorer", "bitcoin-node:btc", calls), "transfers"))
			}
			t.Logf("done after %v", time.Since(begin))
		})
	}
}

// synthetic is a case on a replayed play, whose chains are served and exported.
type synthetic struct {
	dir string
	r   *replay.Replay
	// endpoints are the servers of both chains.
	endpoints []string
}

func newSynthetic(t *testing.T, r *replay.Replay) *synthetic {
	c := &synthetic{dir: t.TempDir(), r: r}
	require.NoError(t, r.WritePublic(c.dir))
	for _, name := range []string{"ethereum", "bitcoin"} {
		require.NoError(t, os.Mkdir(filepath.Join(c.dir, name), 0o755))
	}
	require.NoError(t, r.Ethereum.ExportRewards(filepath.Join(c.dir, "ethereum")))
	require.NoError(t, r.Bitcoin.Export(filepath.Join(c.dir, "bitcoin"), r.Bitcoin.Height()-5)) // what is final

	ethereum := evmnode.Start(t, r.Ethereum, evmnode.Limits{})
	bitcoin := btcnode.Start(t, r.Bitcoin, btcnode.Options{})
	e := bitcoin.Endpoint()
	t.Setenv("BITCOIN_PASSWORD", e.Password.Reveal())
	for name, keys := range map[string][]string{
		"eth":      {"url=" + ethereum.URL()},
		"btc":      {"url=" + e.URL, "user=" + e.User, "password=env:BITCOIN_PASSWORD"},
		"explorer": {"url=" + gateway.Start(t, gateway.New(ethereum.URL(), gateway.Options{Flavour: gateway.Plain()})), "rate=100000"},
		"electrs":  {"url=" + esplora.Start(t, e.URL).URL, "rate=100000"},
	} {
		for _, key := range keys {
			c.endpoints = append(c.endpoints, "--set", "endpoints."+name+"."+key)
		}
	}
	return c
}

// settings are those of every run of the case: what is no counterfeit is
// followed, as far as it goes.
func (c *synthetic) settings() []string {
	return []string{
		"crawl.max_hops=32", "crawl.assets.ethereum=" + strings.Join(c.r.Assets(), ","),
		"crawl.dust.ethereum." + c.r.Assets()[1] + "=1000000",
	}
}

// run runs the whole program, without gaps, and returns the checksums of its
// tables but coverage, which names the source.
func (c *synthetic) run(t *testing.T, out, ethereum, bitcoin, kinds string) string {
	t.Helper()
	begin := time.Now()
	args := []string{
		"run", "-q", "--seeds", filepath.Join(c.dir, "seeds.csv"), "--labels", filepath.Join(c.dir, "labels.csv"),
		"--source", "ethereum=" + ethereum, "--source", "bitcoin-regtest=" + bitcoin, "--out", filepath.Join(c.dir, out),
		"--set", "cache=" + filepath.Join(c.dir, out+"-cache"), "--set", "movements.ethereum=" + kinds,
	}
	for _, s := range c.settings() {
		args = append(args, "--set", s)
	}
	code, stdout, stderr := invoke(append(args, c.endpoints...)...)
	require.Zero(t, code, stdout+stderr)
	t.Logf("%s: %v", out, time.Since(begin))
	live := &liveCase{dir: c.dir}
	return without(live.sums(t, out), "coverage")
}

// taint are the rows of the table of taint of a run, sorted.
func (c *synthetic) taint(t *testing.T, out string) (lines []string) {
	t.Helper()
	for _, row := range rowsOf[table.Taint](t, filepath.Join(c.dir, out), "taint") {
		line, err := json.Marshal(row)
		require.NoError(t, err)
		lines = append(lines, string(line))
	}
	require.NotEmpty(t, lines)
	slices.Sort(lines)
	return lines
}

// question is the case in the words of the reference.
func (c *synthetic) question(t *testing.T) reference.Case {
	t.Helper()
	cfg, err := config.Load("", nil, append(c.settings(), "out=unused", "seeds=seeds.csv", "sources.ethereum=dataset:unused"))
	require.NoError(t, err)
	q := reference.Case{
		Stops: map[reference.Place]string{}, MaxHops: cfg.Crawl.MaxHops, Dust: map[reference.Coin]*big.Int{},
		Assets: cfg.Crawl.Assets, Methods: cfg.Trace.Methods,
	}
	for name, floors := range cfg.Crawl.Dust {
		for asset, floor := range floors {
			q.Dust[reference.Coin{Chain: name, Asset: string(asset)}] = floor.ToBig()
		}
	}
	data, err := os.ReadFile(filepath.Join(c.dir, "seeds.csv"))
	require.NoError(t, err)
	seeds, problems := label.ReadSeeds("seeds.csv", bytes.NewReader(data))
	require.Empty(t, label.Refusals(problems))
	for _, s := range seeds {
		one := reference.Seed{CaseID: s.CaseID, Chain: s.Chain.Name, Address: string(s.Address), Role: string(s.Role)}
		if s.HasTxHash {
			one.Tx = s.TxHash.Text(s.Chain.Family)
		}
		if s.HasAmount {
			one.Amount = s.Amount.ToBig()
		}
		q.Seeds = append(q.Seeds, one)
	}
	ethereum, err := chain.Lookup("ethereum")
	require.NoError(t, err)
	data, err = os.ReadFile(filepath.Join(c.dir, "labels.csv"))
	require.NoError(t, err)
	labels, problems := label.ReadLabels("labels.csv", bytes.NewReader(data), []chain.Chain{ethereum, btcnode.Chain()})
	require.Empty(t, label.Refusals(problems))
	book := label.NewBook(labels, label.DefaultStops())
	for l := range book.All() {
		if rule, _ := book.Stop(l.Chain.ID, l.Address); rule != "" {
			q.Stops[reference.Place{Chain: l.Chain.Name, Address: string(l.Address)}] = rule
		}
	}
	return q
}

// published is a run in the words of the reference.
func published(t *testing.T, out string) (r reference.Result) {
	t.Helper()
	whole := func(text string) *big.Int {
		n, ok := new(big.Int).SetString(text, 10)
		require.True(t, ok, text)
		return n
	}
	for _, v := range rowsOf[table.Visit](t, out, "visits") {
		r.Visits = append(r.Visits, reference.Visit{Chain: v.Chain, Address: v.Address, Hop: int(v.Hop), Stop: v.Stop})
	}
	for _, e := range rowsOf[table.Endpoint](t, out, "endpoints") {
		r.Rows = append(r.Rows, reference.Row{
			CaseID: e.CaseID, Seed: e.Seed, Method: e.Method, Chain: e.Chain, Asset: e.Asset,
			Address: e.Address, Stop: e.Stop, Value: whole(e.ValueLossless),
		})
	}
	for _, s := range rowsOf[table.Conservation](t, out, "conservation") {
		r.Sums = append(r.Sums, reference.Sum{
			CaseID: s.CaseID, Seed: s.Seed, Method: s.Method, Chain: s.Chain, Asset: s.Asset,
			Injected: whole(s.InjectedLossless), Resting: whole(s.RestingLossless), Stopped: whole(s.StoppedLossless), Fees: whole(s.FeesLossless),
		})
	}
	return r
}

// differences are the rows that only one of two results has.
func differences(want, got reference.Result) (out []string) {
	lines := func(r reference.Result) (list []string) {
		for _, v := range r.Visits {
			list = append(list, fmt.Sprintf("visit %+v", v))
		}
		for _, e := range r.Rows {
			list = append(list, fmt.Sprintf("endpoint %+v", e))
		}
		for _, s := range r.Sums {
			list = append(list, fmt.Sprintf("sum %+v", s))
		}
		slices.Sort(list)
		return list
	}
	missing, extra := conform.Differences(lines(want), lines(got))
	for _, l := range missing {
		out = append(out, l+" (missing)")
	}
	for _, l := range extra {
		out = append(out, l+" (too many)")
	}
	return out
}
