package job

import (
	"cmp"
	"slices"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/label"
	"github.com/scamtrace/scamtrace/internal/ledger"
	"github.com/scamtrace/scamtrace/internal/report"
	"github.com/scamtrace/scamtrace/internal/table"
	"github.com/scamtrace/scamtrace/internal/taint"
)

// topEnds is how many of the largest ends of each asset the report shows.
const topEnds = 15

// report gathers what people read from what the tables hold.
func (r *run) report(runID string, rows []table.Coverage) *report.Report {
	out := &report.Report{Case: r.caseName(), RunID: runID, Version: r.process.Tool.Version, Seeds: len(r.in.seeds), Ignored: r.in.notes}
	for _, row := range rows {
		if !row.Complete {
			out.Gaps = append(out.Gaps, report.Gap{Chain: row.Chain, Address: row.Address, Kind: cmp.Or(row.Kind, "every kind"), Reason: row.Reason})
		}
	}
	for _, t := range r.trails {
		out.Chains = append(out.Chains, report.Chain{
			Chain: t.chain, AsOf: t.asOf, Transfers: t.book.Len(), Asked: t.crawl.Asked, Met: len(t.crawl.Visits),
			Rounds: t.crawl.Rounds, Clusters: len(t.clusters),
		})
		out.Stops = append(out.Stops, t.stopCounts()...)
		out.Ignored = append(out.Ignored, t.notes...)
		out.Money = append(out.Money, t.money...)
		out.Ends = append(out.Ends, t.largest...)
		out.Method = cmp.Or(out.Method, t.headline)
	}
	return out
}

// caseName is the case of the configuration or, if it names none, those of the
// seeds.
func (r *run) caseName() string {
	if r.cfg.Case != label.DefaultCase {
		return r.cfg.Case
	}
	var names []string
	for _, s := range r.in.seeds {
		if !slices.Contains(names, s.CaseID) {
			names = append(names, s.CaseID)
		}
		if len(names) > 3 {
			return r.cfg.Case
		}
	}
	return strings.Join(names, ", ")
}

func (t *trail) stopCounts() []report.Stop {
	count := map[string]int{}
	for _, v := range t.crawl.Visits {
		if v.Stop != "" {
			count[v.Stop]++
		}
	}
	var out []report.Stop
	for rule, n := range count {
		out = append(out, report.Stop{Chain: t.chain.Name, Rule: rule, Addresses: n})
	}
	slices.SortFunc(out, func(a, b report.Stop) int { return cmp.Compare(a.Rule, b.Rule) })
	return out
}

// summarize takes from the traces what the report shows, and lets go of where the
// money ends, which the tables have by now.
func (t *trail) summarize(labels *label.Book) {
	at := map[ledger.AssetID]*report.Money{}
	for _, byCase := range t.traces {
		if len(byCase) == 0 {
			continue
		}
		if t.headline == "" && byCase[0].method.Conserves {
			t.headline = byCase[0].method.Name
			t.sumHeadline(byCase, at, labels)
		}
	}
	for _, byCase := range t.traces {
		sums := map[ledger.AssetID]chain.Amount{}
		for k := range byCase {
			for i := range byCase[k].result.Endpoints {
				e := &byCase[k].result.Endpoints[i]
				if e.Stopped && t.stopOf(e.Address) == "exchange" && !t.unfollowed(&byCase[k], e) {
					sum := sums[e.Asset]
					sum.Add(&sum, &e.Amount)
					sums[e.Asset] = sum
				}
			}
			byCase[k].result.Endpoints = nil
		}
		for id, m := range at {
			if len(byCase) > 0 {
				m.Range = append(m.Range, report.MethodSum{Method: byCase[0].method.Name, Amount: sums[id]})
			}
		}
	}
	for _, m := range at {
		slices.SortFunc(m.Stopped, func(a, b report.Reached) int {
			return cmp.Or(cmp.Compare(a.Stop, b.Stop), b.Amount.Cmp(&a.Amount), cmp.Compare(a.Name, b.Name))
		})
		t.money = append(t.money, *m)
	}
	// The native asset first.
	slices.SortFunc(t.money, func(a, b report.Money) int {
		if (a.Asset == chain.Native) != (b.Asset == chain.Native) {
			return map[bool]int{true: -1, false: 1}[a.Asset == chain.Native]
		}
		return cmp.Compare(a.Asset, b.Asset)
	})
}

// sumHeadline sums the answers of one method over all cases, by asset.
func (t *trail) sumHeadline(byCase []traced, at map[ledger.AssetID]*report.Money, labels *label.Book) {
	var ends []end
	for k := range byCase {
		one := &byCase[k]
		for i := range one.result.Conservation {
			c := &one.result.Conservation[i]
			m := at[c.Asset]
			if m == nil {
				m = &report.Money{Chain: t.chain, Asset: t.book.Asset(c.Asset)}
				at[c.Asset] = m
			}
			m.CameIn.Add(&m.CameIn, &c.Injected)
			m.Resting.Add(&m.Resting, &c.Resting)
			m.Fees.Add(&m.Fees, &c.Fees)
		}
		for e := range t.ends(one, one.result.Endpoints) {
			if t.unfollowed(one, &e.Endpoint) {
				m := at[e.Asset]
				m.CameIn.Sub(&m.CameIn, &e.Amount)
				m.Unfollowed.Add(&m.Unfollowed, &e.Amount)
				continue
			}
			ends = append(ends, e)
		}
	}
	ends = t.merged(ends)
	type service struct {
		asset      ledger.AssetID
		stop, name string
	}
	reached := map[service]*report.Reached{}
	for i := range ends {
		e := &ends[i]
		if e.stop == "" {
			continue
		}
		l, _ := labels.Winner(t.chain.ID, t.book.Text(e.Address))
		key := service{e.Asset, e.stop, cmp.Or(actor(l), "no label")}
		if reached[key] == nil {
			reached[key] = &report.Reached{Stop: key.stop, Name: key.name}
		}
		reached[key].Addresses++
		reached[key].Amount.Add(&reached[key].Amount, &e.Amount)
	}
	for key, sum := range reached {
		at[key.asset].Stopped = append(at[key.asset].Stopped, *sum)
	}
	t.largest = t.largestOf(ends, labels)
}

// unfollowed tells what a seed has that a rule stopped, such as an exchange's own
// wallet in the list: that reached nobody. What a victim paid there did.
func (t *trail) unfollowed(one *traced, e *taint.Endpoint) bool {
	seed := &one.seeds[e.Source]
	return e.Stopped && seed.Role == label.RoleSeed && seed.Address == t.book.Text(e.Address) && !t.isExpanded(e.Address)
}

// merged adds up the ends of all seeds at one address, under one rule.
func (t *trail) merged(ends []end) []end {
	slices.SortFunc(ends, func(a, b end) int {
		return cmp.Or(cmp.Compare(t.book.Asset(a.Asset), t.book.Asset(b.Asset)), t.book.Compare(a.Address, b.Address), cmp.Compare(a.stop, b.stop))
	})
	out := ends[:0]
	for _, e := range ends {
		if n := len(out); n > 0 && out[n-1].Asset == e.Asset && out[n-1].Address == e.Address && out[n-1].stop == e.stop {
			out[n-1].Amount.Add(&out[n-1].Amount, &e.Amount)
			continue
		}
		out = append(out, e)
	}
	return out
}

// largestOf keeps the largest ends of each asset.
func (t *trail) largestOf(ends []end, labels *label.Book) []report.End {
	slices.SortStableFunc(ends, func(a, b end) int {
		return cmp.Or(cmp.Compare(t.book.Asset(a.Asset), t.book.Asset(b.Asset)), b.Amount.Cmp(&a.Amount))
	})
	var out []report.End
	shown := 0
	for i, e := range ends {
		if i == 0 || e.Asset != ends[i-1].Asset {
			shown = 0
		}
		if shown++; shown > topEnds {
			continue
		}
		l, _ := labels.Winner(t.chain.ID, t.book.Text(e.Address))
		out = append(out, report.End{
			Chain: t.chain, Asset: t.book.Asset(e.Asset), Address: t.book.Text(e.Address),
			Stop: e.stop, Label: l.Label, Amount: e.Amount,
		})
	}
	return out
}
