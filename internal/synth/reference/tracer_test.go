package reference_test

import (
	"bytes"
	"context"
	"fmt"
	"math/big"
	"os"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/config"
	"github.com/scamtrace/scamtrace/internal/job"
	"github.com/scamtrace/scamtrace/internal/label"
	"github.com/scamtrace/scamtrace/internal/synth/reference"
	"github.com/scamtrace/scamtrace/internal/table"
)

type test interface {
	require.TestingT
	Context() context.Context
}

// question reads the case that a configuration names, as the public knows it.
func question(t test, cfg config.Config) reference.Case {
	c := reference.Case{
		Stops: map[reference.Place]string{}, MaxHops: cfg.Crawl.MaxHops, Dust: map[reference.Coin]*big.Int{},
		Assets: cfg.Crawl.Assets, Methods: cfg.Trace.Methods,
	}
	var chains []chain.Chain
	for name := range cfg.Sources {
		one, err := chain.Lookup(name)
		require.NoError(t, err)
		chains = append(chains, one)
	}
	for _, path := range cfg.Seeds {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		seeds, problems := label.ReadSeeds(path, bytes.NewReader(data))
		require.Empty(t, label.Refusals(problems))
		for _, s := range seeds {
			one := reference.Seed{CaseID: s.CaseID, Chain: s.Chain.Name, Address: string(s.Address), Role: string(s.Role)}
			if s.Role == label.RoleVictimTx {
				one.Tx = s.TxHash.Text(s.Chain.Family)
			}
			if s.HasAmount {
				one.Amount = s.Amount.ToBig()
			}
			c.Seeds = append(c.Seeds, one)
		}
	}
	for _, path := range cfg.Labels {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		labels, problems := label.ReadLabels(path, bytes.NewReader(data), chains)
		require.Empty(t, label.Refusals(problems))
		book := label.NewBook(labels, label.DefaultStops())
		for _, l := range labels {
			if rule, _ := book.Stop(l.Chain.ID, l.Address); rule != "" {
				c.Stops[reference.Place{Chain: l.Chain.Name, Address: string(l.Address)}] = rule
			}
		}
	}
	for name, floors := range cfg.Crawl.Dust {
		for asset, floor := range floors {
			c.Dust[reference.Coin{Chain: name, Asset: string(asset)}] = floor.ToBig()
		}
	}
	return c
}

// traced runs the whole program and returns its tables as Expect would.
func traced(t test, cfg config.Config) reference.Result {
	out, err := job.Run(t.Context(), cfg, job.Process{Now: func() time.Time { return time.Unix(0, 0) }, Progress: func(string) {}})
	require.NoError(t, err)
	var r reference.Result
	for _, v := range rowsOf[table.Visit](t, out, "visits") {
		r.Visits = append(r.Visits, reference.Visit{Chain: v.Chain, Address: v.Address, Hop: int(v.Hop), Stop: v.Stop})
	}
	for _, e := range rowsOf[table.Endpoint](t, out, "endpoints") {
		r.Rows = append(r.Rows, reference.Row{
			CaseID: e.CaseID, Seed: e.Seed, Method: e.Method, Chain: e.Chain, Asset: e.Asset,
			Address: e.Address, Stop: e.Stop, Value: whole(t, e.ValueLossless),
		})
	}
	for _, c := range rowsOf[table.Conservation](t, out, "conservation") {
		r.Sums = append(r.Sums, reference.Sum{
			CaseID: c.CaseID, Seed: c.Seed, Method: c.Method, Chain: c.Chain, Asset: c.Asset,
			Injected: whole(t, c.InjectedLossless), Resting: whole(t, c.RestingLossless),
			Stopped: whole(t, c.StoppedLossless), Fees: whole(t, c.FeesLossless),
		})
	}
	return r
}

func rowsOf[T any](t test, out *job.Outcome, name string) []T {
	paths, err := table.Paths(out.Dir, name)
	require.NoError(t, err)
	var rows []T
	for row, err := range table.Read[T](t.Context(), paths...) {
		require.NoError(t, err)
		rows = append(rows, row)
	}
	return rows
}

func whole(t test, text string) *big.Int {
	v, ok := new(big.Int).SetString(text, 10)
	require.True(t, ok, text)
	return v
}

// differences are the rows that only one of two results has: those that are
// missing and those that are too many.
func differences(want, got reference.Result) []string {
	count := map[string]int{}
	for _, line := range lines(want) {
		count[line]++
	}
	for _, line := range lines(got) {
		count[line]--
	}
	var out []string
	for line, n := range count {
		switch {
		case n > 0:
			out = append(out, line+" (missing)")
		case n < 0:
			out = append(out, line+" (too many)")
		}
	}
	slices.Sort(out)
	return out
}

// lines is a result in words, one line for each row.
func lines(r reference.Result) []string {
	var out []string
	for _, v := range r.Visits {
		out = append(out, fmt.Sprintf("visit %s %s hop %d %s", v.Chain, v.Address, v.Hop, v.Stop))
	}
	for _, e := range r.Rows {
		out = append(out, fmt.Sprintf("%s %s %s: %s %s at %s %s: %s", e.CaseID, e.Seed, e.Method, e.Chain, e.Asset, e.Address, e.Stop, e.Value))
	}
	for _, s := range r.Sums {
		out = append(out, fmt.Sprintf("%s %s %s: %s %s: %s in, %s rest, %s stopped, %s fees", s.CaseID, s.Seed, s.Method, s.Chain, s.Asset,
			s.Injected, s.Resting, s.Stopped, s.Fees))
	}
	return out
}
