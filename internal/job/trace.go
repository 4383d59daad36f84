package job

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/label"
	"github.com/scamtrace/scamtrace/internal/ledger"
	"github.com/scamtrace/scamtrace/internal/table"
	"github.com/scamtrace/scamtrace/internal/taint"
)

// traced is one method's answer for one case on one chain.
type traced struct {
	caseID string
	method taint.Method
	seeds  []label.Seed // by source number
	result taint.Result
	// opening is what seeds spent of what they had before the first block read,
	// by source and asset.
	opening map[openingKey]chain.Amount
}

type openingKey struct {
	source int
	asset  ledger.AssetID
}

// methods picks the methods of the configuration, in the order of the list.
func methods(names []string) ([]taint.Method, error) {
	var out []taint.Method
	for _, m := range taint.Methods() {
		if slices.Contains(names, m.Name) {
			out = append(out, m)
		}
	}
	for _, name := range names {
		if !slices.ContainsFunc(out, func(m taint.Method) bool { return m.Name == name }) {
			return nil, badInput("trace.methods: unknown method %q; `scamtrace list methods` shows them", name)
		}
	}
	return out, nil
}

// trace runs every method over every case and writes the rows as they come.
func (w *writing) trace(ctx context.Context, t *trail, names []string, hidden func(ledger.TxID) bool) error {
	list, err := methods(names)
	if err != nil {
		return err
	}
	cases := map[string][]label.Seed{}
	for _, s := range t.seeds {
		if s.Role != label.RoleWatch {
			cases[s.CaseID] = append(cases[s.CaseID], s)
		}
	}
	t.traces = make([][]traced, len(list))
	out, err := table.NewTaintWriter(ctx, w.folder, w.part(t, 0))
	if err != nil {
		return err
	}
	defer out.Abandon()
	for _, id := range slices.Sorted(maps.Keys(cases)) {
		in, seeds := t.sources(cases[id], hidden)
		results, err := traceCase(ctx, in, list, func(m int, r *windowRow) error {
			return out.Add(id, seedName(t.chain, seeds[r.source]), list[m].Name, t.book, t.book.At(int(r.transfer)), r.entry, &r.amount)
		})
		if err != nil {
			return fmt.Errorf("%s, case %s: %w", t.chain.Name, id, err)
		}
		for m := range list {
			results[m].caseID, results[m].method, results[m].seeds = id, list[m], seeds
			t.traces[m] = append(t.traces[m], results[m])
		}
	}
	file, err := out.Close()
	if err != nil {
		return err
	}
	w.add(file)
	if err := write(ctx, w, w.part(t, 0), t.proof()); err != nil {
		return err
	}
	return parallel(ctx, w.workers, len(list), func(ctx context.Context, m int) error { return w.endpoints(ctx, t, m) })
}

// sources are the seeds of a case as the trace wants them. A payment that the
// book does not have was declared as a gap by the crawl.
func (t *trail) sources(seeds []label.Seed, hidden func(ledger.TxID) bool) (taint.Input, []label.Seed) {
	in := taint.Input{
		Book: t.book, Stopped: func(id ledger.AddressID) bool { return !t.isExpanded(id) }, Opaque: hidden, Followed: t.traceable,
	}
	var kept []label.Seed
	for _, s := range seeds {
		address, ok := t.book.Find(s.Address)
		if !ok {
			continue
		}
		source := taint.Source{Address: address}
		if s.Role == label.RoleVictimTx {
			tx, ok := t.book.FindTx(s.TxHash)
			if !ok {
				continue
			}
			source.Payment = &taint.Payment{Tx: tx}
			if s.HasAmount {
				source.Payment.Max = &s.Amount
			}
		}
		in.Sources = append(in.Sources, source)
		kept = append(kept, s)
	}
	return in, kept
}

// seedName is what the tables call a seed: its address, and for one payment of a
// victim its transaction behind a colon.
func seedName(c chain.Chain, s label.Seed) string {
	if s.Role == label.RoleVictimTx {
		return string(s.Address) + ":" + s.TxHash.Text(c.Family)
	}
	return string(s.Address)
}

// proof is the conservation of every conserving method.
func (t *trail) proof() []table.Conservation {
	var rows []table.Conservation
	for _, byCase := range t.traces {
		for k := range byCase {
			one := &byCase[k]
			for _, c := range one.result.Conservation {
				rows = append(rows, table.Conservation{
					CaseID: one.caseID, Seed: seedName(t.chain, one.seeds[c.Source]), Method: one.method.Name,
					Chain: t.chain.Name, Asset: string(t.book.Asset(c.Asset)),
				}.WithAmounts(&c.Injected, &c.Resting, &c.Stopped, &c.Fees))
			}
		}
	}
	return rows
}

// endpoints writes where the money ends by one method, a file for each partRows
// of them.
func (w *writing) endpoints(ctx context.Context, t *trail, method int) error {
	next, stop := iter.Pull(t.endRows(method))
	defer stop()
	row, more := next()
	for part, first := w.part(t, method), true; first || more; part, first = part+1, false {
		f, err := table.WriteEndpoints(ctx, w.folder, part, t.book, func(yield func(table.End) bool) {
			for n := 0; more && n < partRows && yield(row); n++ {
				row, more = next()
			}
		})
		if err != nil {
			return err
		}
		w.add(f)
	}
	return nil
}

// endRows yields the ends of one method in the order of the table: by case, and
// then by the texts of seed, asset and address, as far as ids do not say the same.
func (t *trail) endRows(method int) iter.Seq[table.End] {
	return func(yield func(table.End) bool) {
		for k := range t.traces[method] {
			one := &t.traces[method][k]
			names := make([]string, len(one.seeds))
			for i := range names {
				names[i] = seedName(t.chain, one.seeds[i])
			}
			inOrder := func(a, b taint.Endpoint) int {
				if a.Source == b.Source && a.Asset == b.Asset {
					return 0 // by address already
				}
				return cmp.Or(cmp.Compare(names[a.Source], names[b.Source]), cmp.Compare(t.book.Asset(a.Asset), t.book.Asset(b.Asset)))
			}
			list := one.result.Endpoints
			if !slices.IsSortedFunc(list, inOrder) {
				list = slices.Clone(list)
				slices.SortStableFunc(list, inOrder)
			}
			for e := range t.ends(one, list) {
				if !yield(table.End{
					CaseID: one.caseID, Seed: names[e.Source], Method: one.method.Name,
					Asset: e.Asset, Address: e.Address, Stop: e.stop, Amount: e.Amount,
				}) {
					return
				}
			}
		}
	}
}

// end is tainted value at one address, with the rule that stopped it.
type end struct {
	taint.Endpoint
	stop string
}

// ends yields the endpoints of a list with their rules. An address that was followed and yet
// stopped value did so in a transaction that cannot be split.
func (t *trail) ends(one *traced, list []taint.Endpoint) iter.Seq[end] {
	type key struct {
		source  int
		asset   ledger.AssetID
		address ledger.AddressID
	}
	unsplit := map[key]map[string]chain.Amount{}
	for _, u := range one.result.Unsplit {
		k := key{u.Source, t.book.At(u.Transfer).Asset, t.book.Entry(u.Entry).Address}
		rule := "coinjoin"
		if u.Reason != taint.OpaqueTx {
			rule = "coverage-gap"
		}
		if unsplit[k] == nil {
			unsplit[k] = map[string]chain.Amount{}
		}
		sum := unsplit[k][rule]
		sum.Add(&sum, &u.Amount)
		unsplit[k][rule] = sum
	}
	return func(yield func(end) bool) {
		for _, e := range list {
			if !e.Stopped || t.stopOf(e.Address) != "" {
				stop := ""
				if e.Stopped {
					stop = t.stopOf(e.Address)
				}
				if !yield(end{e, stop}) {
					return
				}
				continue
			}
			byRule := unsplit[key{e.Source, e.Asset, e.Address}]
			for _, rule := range slices.Sorted(maps.Keys(byRule)) {
				share := e
				if len(byRule) > 1 {
					share.Amount = byRule[rule]
				}
				if !yield(end{share, rule}) {
					return
				}
			}
		}
	}
}

// stopOf is the rule that stopped an address, "" if it was followed.
func (t *trail) stopOf(id ledger.AddressID) string {
	switch {
	case t.book.Nameless(id):
		return "no-address"
	case t.isExpanded(id) && t.chain.Family == chain.Account && t.book.Text(id) == chain.NullAddress:
		return "contract" // burnt; a trace never goes on from there
	case t.isExpanded(id):
		return ""
	case int(id) < len(t.stops) && t.stops[id] >= firstRule:
		return t.rules[t.stops[id]-firstRule]
	}
	return "direction"
}

// windowRow is a row of a trace without its method.
type windowRow struct {
	transfer uint32
	source   uint32
	entry    ledger.EntryID
	amount   chain.Amount
}

func compareRows(a, b windowRow) int {
	return cmp.Or(cmp.Compare(a.transfer, b.transfer), cmp.Compare(a.entry, b.entry), cmp.Compare(a.source, b.source))
}
