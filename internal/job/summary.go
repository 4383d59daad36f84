package job

import (
	"cmp"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
	"github.com/scamtrace/scamtrace/internal/report"
	"github.com/scamtrace/scamtrace/internal/table"
)

// topEnds is how many of the largest ends of each asset the report shows.
const topEnds = 15

// report gathers what people read from what the tables hold.
func (r *run) report(runID string, rows []table.Coverage) *report.Report {
	out := &report.Report{Case: r.cfg.Case, RunID: runID, Version: r.process.Tool.Version, Seeds: len(r.in.seeds), Ignored: r.in.notes, Dir: r.cfg.Out}
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
		headline := slices.IndexFunc(t.traces, func(byCase []traced) bool {
			return len(byCase) > 0 && byCase[0].method.Conserves
		})
		if headline < 0 {
			continue
		}
		out.Method = t.traces[headline][0].method.Name
		money, ends := r.money(t, headline)
		out.Money = append(out.Money, money...)
		out.Ends = append(out.Ends, ends...)
	}
	return out
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

// money sums one method's answers over all cases, by asset.
func (r *run) money(t *trail, method int) ([]report.Money, []report.End) {
	byAsset := map[ledger.AssetID]*report.Money{}
	at := func(id ledger.AssetID) *report.Money {
		if byAsset[id] == nil {
			byAsset[id] = &report.Money{Chain: t.chain, Asset: t.book.Asset(id)}
		}
		return byAsset[id]
	}
	type place struct {
		asset   ledger.AssetID
		address ledger.AddressID
		stop    string
	}
	ends := map[place]*chain.Amount{}
	for k := range t.traces[method] {
		one := &t.traces[method][k]
		for i := range one.result.Conservation {
			c := &one.result.Conservation[i]
			m := at(c.Asset)
			m.CameIn.Add(&m.CameIn, &c.Injected)
			m.Resting.Add(&m.Resting, &c.Resting)
			m.Fees.Add(&m.Fees, &c.Fees)
		}
		for _, e := range t.ends(one) {
			key := place{e.Asset, e.Address, e.stop}
			if ends[key] == nil {
				ends[key] = new(chain.Amount)
			}
			ends[key].Add(ends[key], &e.Amount)
		}
	}
	reached := map[ledger.AssetID]map[[2]string]*report.Reached{}
	var list []report.End
	for key, amount := range ends {
		l, _ := r.in.labels.Winner(t.chain.ID, t.book.Text(key.address))
		list = append(list, report.End{
			Chain: t.chain, Asset: t.book.Asset(key.asset), Address: t.book.Text(key.address),
			Stop: key.stop, Label: l.Label, Amount: *amount,
		})
		if key.stop == "" {
			continue
		}
		if reached[key.asset] == nil {
			reached[key.asset] = map[[2]string]*report.Reached{}
		}
		name := cmp.Or(actor(l), "no label")
		sum := reached[key.asset][[2]string{key.stop, name}]
		if sum == nil {
			sum = &report.Reached{Stop: key.stop, Name: name}
			reached[key.asset][[2]string{key.stop, name}] = sum
		}
		sum.Addresses++
		sum.Amount.Add(&sum.Amount, amount)
	}
	for asset, sums := range reached {
		for _, sum := range sums {
			at(asset).Stopped = append(at(asset).Stopped, *sum)
		}
	}
	return r.sorted(t, byAsset), largest(list)
}

// sorted puts the assets in order, the native one first, and adds what the other
// methods say of exchanges.
func (r *run) sorted(t *trail, byAsset map[ledger.AssetID]*report.Money) []report.Money {
	var out []report.Money
	for id, m := range byAsset {
		slices.SortFunc(m.Stopped, func(a, b report.Reached) int {
			return cmp.Or(cmp.Compare(a.Stop, b.Stop), b.Amount.Cmp(&a.Amount), cmp.Compare(a.Name, b.Name))
		})
		for _, byCase := range t.traces {
			if len(byCase) == 0 {
				continue
			}
			sum := report.MethodSum{Method: byCase[0].method.Name}
			for k := range byCase {
				for _, e := range byCase[k].result.Endpoints {
					if e.Asset == id && t.stopOf(e.Address) == "exchange" {
						sum.Amount.Add(&sum.Amount, &e.Amount)
					}
				}
			}
			m.Range = append(m.Range, sum)
		}
		out = append(out, *m)
	}
	slices.SortFunc(out, func(a, b report.Money) int {
		return cmp.Or(-cmp.Compare(btoi(a.Asset == chain.Native), btoi(b.Asset == chain.Native)), cmp.Compare(a.Asset, b.Asset))
	})
	return out
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// largest keeps the largest ends of each asset.
func largest(list []report.End) []report.End {
	slices.SortFunc(list, func(a, b report.End) int {
		return cmp.Or(cmp.Compare(a.Asset, b.Asset), b.Amount.Cmp(&a.Amount), cmp.Compare(a.Address, b.Address), cmp.Compare(a.Stop, b.Stop))
	})
	var out []report.End
	for i, n := 0, 0; i < len(list); i++ {
		if n++; i == 0 || list[i].Asset != list[i-1].Asset {
			n = 1
		}
		if n <= topEnds {
			out = append(out, list[i])
		}
	}
	return out
}
