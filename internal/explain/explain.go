package explain

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/report"
	"github.com/scamtrace/scamtrace/internal/table"
)

// ErrNotMet says that the run never met the address.
var ErrNotMet = errors.New("the run did not meet this address")

// RunDir finds the run that a folder means: the folder itself if it is a run,
// or the last one published below it.
func RunDir(dir string) (string, error) {
	if _, err := os.Stat(filepath.Join(dir, table.ManifestName)); err == nil {
		return dir, nil
	}
	latest := filepath.Join(dir, "latest")
	if _, err := os.Stat(filepath.Join(latest, table.ManifestName)); err != nil {
		return "", fmt.Errorf("%s is no output folder of scamtrace: there is no %s in it and no latest run below it", dir, table.ManifestName)
	}
	return latest, nil
}

// Address writes all that a run knows of an address. The error wraps ErrNotMet
// if that is nothing.
func Address(ctx context.Context, dir, address string, w io.Writer) error {
	dir, err := RunDir(dir)
	if err != nil {
		return err
	}
	m, err := table.ReadManifest(dir)
	if err != nil {
		return err
	}
	e := &explainer{ctx: ctx, dir: dir, address: canonical(address), w: w}
	e.say("run %s, case %s\n", m.RunID, m.Case)
	found := 0
	for _, as := range m.Chains {
		c, err := chain.Lookup(string(as.ID))
		if err != nil {
			return err
		}
		met, err := e.onChain(c)
		if err != nil {
			return err
		}
		if met {
			found++
		}
	}
	if found == 0 {
		return fmt.Errorf("%s: %w: it may be beyond a stop, before the first arrival of money at its payer, or not in the sources", e.address, ErrNotMet)
	}
	return nil
}

// canonical is the address as the tables write it.
func canonical(s string) string {
	low := strings.ToLower(strings.TrimSpace(s))
	for _, prefix := range []string{"0x", "bc1", "tb1", "bcrt1"} {
		if strings.HasPrefix(low, prefix) {
			return low
		}
	}
	return strings.TrimSpace(s)
}

type explainer struct {
	ctx     context.Context
	dir     string
	address string
	w       io.Writer
}

func (e *explainer) say(format string, args ...any) { fmt.Fprintf(e.w, format, args...) }

// rows reads the rows of a table that a function wants.
func rows[T any](e *explainer, name string, want func(*T) bool) ([]T, error) {
	paths, err := table.Paths(e.dir, name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []T
	for row, err := range table.Read[T](e.ctx, paths...) {
		if err != nil {
			return nil, err
		}
		if want(&row) {
			out = append(out, row)
		}
	}
	return out, nil
}

func (e *explainer) onChain(c chain.Chain) (bool, error) {
	visits := map[string]table.Visit{}
	if _, err := rows(e, "visits", func(v *table.Visit) bool {
		if v.Chain == c.Name {
			visits[v.Address] = *v
		}
		return false
	}); err != nil {
		return false, err
	}
	v, met := visits[e.address]
	if !met {
		return false, nil
	}
	e.say("\n%s on %s\n", e.address, c.Name)
	if v.Stop == "" {
		e.say("  hop %d, followed\n", v.Hop)
	} else {
		e.say("  hop %d, not followed: rule %s\n", v.Hop, v.Stop)
	}
	path, err := e.way(c, visits, v)
	if err != nil {
		return true, err
	}
	for _, part := range []func(chain.Chain, []table.Visit) error{e.seeds, e.path, e.labels, e.ends, e.links, e.gaps} {
		if err := part(c, path); err != nil {
			return true, err
		}
	}
	return true, nil
}

// seeds shows the seed at the beginning of the path.
func (e *explainer) seeds(c chain.Chain, path []table.Visit) error {
	list, err := rows(e, "seeds", func(s *table.Seed) bool { return s.Chain == c.Name && s.Address == path[0].Address })
	for _, s := range list {
		e.say("  seed %s, case %s, role %s", s.Address, s.CaseID, s.Role)
		for _, text := range []string{s.Label, s.Source, s.TransactionHash} {
			if text != "" {
				e.say(", %s", report.Plain(text))
			}
		}
		e.say("\n")
	}
	return err
}

// path shows each step with its transfers.
func (e *explainer) path(c chain.Chain, path []table.Visit) error {
	wanted := map[string]bool{}
	for _, v := range path[1:] {
		wanted[v.TransactionHash] = true
	}
	moved, err := rows(e, "transfers", func(t *table.Transfer) bool { return t.Chain == c.Name && wanted[t.TransactionHash] })
	if err != nil {
		return err
	}
	entries, err := rows(e, "entries", func(t *table.Entry) bool { return t.Chain == c.Name && wanted[t.TransactionHash] })
	if err != nil {
		return err
	}
	for _, v := range path[1:] {
		way := "->"
		from, to := v.Parent, v.Address
		if v.Direction == "backward" {
			way, from, to = "<-", v.Address, v.Parent
		}
		e.say("  %s %s %s\n      transaction %s", v.Parent, way, v.Address, v.TransactionHash)
		if v.FirstBlock != nil && v.FirstTimestamp != nil {
			e.say(", block %d, %s", *v.FirstBlock, time.UnixMicro(*v.FirstTimestamp).UTC().Format("2006-01-02 15:04:05 UTC"))
		}
		e.say("\n")
		for _, t := range moved {
			if t.TransactionHash == v.TransactionHash && t.FromAddress == from && t.ToAddress == to {
				e.say("      %s %s\n", t.Kind, amount(c, t.Asset, t.ValueLossless))
			}
		}
		for _, t := range entries {
			if t.TransactionHash == v.TransactionHash && (t.Side == "in" && t.Address == from || t.Side == "out" && t.Address == to) {
				e.say("      %s %d: %s, %s\n", t.Side, t.Index, t.Address, amount(c, string(chain.Native), t.ValueLossless))
			}
		}
	}
	return nil
}

// amount shows base units and, where the unit is known, what people call it.
func amount(c chain.Chain, asset, lossless string) string {
	a, err := chain.ParseAmount(lossless)
	if err != nil {
		return "an unknown amount"
	}
	u := report.UnitOf(c, chain.Asset(asset))
	if u.Decimals == 0 {
		return u.Amount(a)
	}
	return fmt.Sprintf("%s (%s base units)", u.Amount(a), lossless)
}

func (e *explainer) labels(c chain.Chain, _ []table.Visit) error {
	list, err := rows(e, "labels", func(l *table.Label) bool { return l.Chain == c.Name && l.Address == e.address })
	for _, l := range list {
		e.say("  label %s, category %s, source %s, confidence %d", report.Plain(l.Label), report.Plain(l.Category), report.Plain(l.Source), l.Confidence)
		if !l.Winner && len(list) > 1 {
			e.say(" (another label comes before it)")
		}
		e.say("\n")
	}
	return err
}

func (e *explainer) ends(c chain.Chain, _ []table.Visit) error {
	list, err := rows(e, "endpoints", func(p *table.Endpoint) bool { return p.Chain == c.Name && p.Address == e.address })
	for _, p := range list {
		what := "still rests here"
		if p.Stop != "" {
			what = "stopped here (" + p.Stop + ")"
		}
		e.say("  %s: %s of seed %s, case %s %s\n", p.Method, amount(c, p.Asset, p.ValueLossless), p.Seed, p.CaseID, what)
	}
	return err
}

func (e *explainer) links(c chain.Chain, _ []table.Visit) error {
	list, err := rows(e, "links", func(l *table.Link) bool {
		return l.Chain == c.Name && (l.AddressA == e.address || l.AddressB == e.address)
	})
	if err != nil {
		return err
	}
	const most = 20
	for i, l := range list {
		if i == most {
			e.say("  and %d more links\n", len(list)-most)
			break
		}
		other := l.AddressA
		if other == e.address {
			other = l.AddressB
		}
		e.say("  linked with %s by %s, confidence %d, transaction %s", other, l.Heuristic, l.Confidence, l.TransactionHash)
		if !l.Accepted {
			e.say(" (shown, not united: %s)", l.Reason)
		}
		e.say("\n")
	}
	own, err := rows(e, "clusters", func(k *table.Cluster) bool { return k.Chain == c.Name && k.Address == e.address })
	if err != nil || len(own) == 0 {
		return err
	}
	members, err := rows(e, "clusters", func(k *table.Cluster) bool { return k.ClusterID == own[0].ClusterID })
	e.say("  cluster %s, %d addresses\n", own[0].ClusterID, len(members))
	return err
}

func (e *explainer) gaps(c chain.Chain, path []table.Visit) error {
	list, err := rows(e, "coverage", func(g *table.Coverage) bool {
		return g.Chain == c.Name && !g.Complete && (g.Address == "" || slices.ContainsFunc(path, func(v table.Visit) bool { return v.Address == g.Address }))
	})
	for _, g := range list {
		on := g.Address
		if on == "" {
			on = "every address"
		}
		e.say("  gap: %s: %s\n", on, report.Terminal(g.Reason))
	}
	return err
}
