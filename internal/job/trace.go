package job

import (
	"cmp"
	"context"
	"fmt"
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
	opening map[openingKey]*chain.Amount
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

// trace runs every method over every case and writes its rows as they come, one
// part of the table for each method. It keeps only where the money ends.
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
	return parallel(ctx, w.workers, len(list), func(ctx context.Context, i int) error {
		out, err := table.NewTaintWriter(ctx, w.folder, w.part(t, i))
		if err != nil {
			return err
		}
		defer out.Abandon()
		for _, id := range slices.Sorted(maps.Keys(cases)) {
			one, err := t.traceCase(list[i], id, cases[id], hidden, out)
			if err != nil {
				return fmt.Errorf("%s, case %s, method %s: %w", t.chain.Name, id, list[i].Name, err)
			}
			t.traces[i] = append(t.traces[i], one)
		}
		file, err := out.Close()
		if err != nil {
			return err
		}
		w.add(file)
		return w.endpoints(ctx, t, i)
	})
}

func (t *trail) traceCase(m taint.Method, caseID string, seeds []label.Seed, hidden func(ledger.TxID) bool, out *table.TaintWriter) (traced, error) {
	one := traced{caseID: caseID, method: m, opening: map[openingKey]*chain.Amount{}}
	in := taint.Input{
		Book: t.book, Stopped: func(id ledger.AddressID) bool { return !t.isExpanded(id) }, Opaque: hidden, Followed: t.followed,
	}
	for _, s := range seeds {
		address, ok := t.book.Find(s.Address)
		if !ok {
			continue
		}
		source := taint.Source{Address: address}
		if s.Role == label.RoleVictimTx {
			tx, ok := t.book.FindTx(s.TxHash)
			if !ok {
				continue // declared as a gap by the crawl
			}
			source.Payment = &taint.Payment{Tx: tx}
			if s.HasAmount {
				source.Payment.Max = &s.Amount
			}
		}
		in.Sources = append(in.Sources, source)
		one.seeds = append(one.seeds, s)
	}
	names := make([]string, len(one.seeds))
	for i, s := range one.seeds {
		names[i] = seedName(t.chain, s)
	}
	var err error
	one.result, err = taint.Trace(in, m, taint.Sink{
		Row: func(r taint.Row) error {
			return out.Add(caseID, names[r.Source], m.Name, t.book, t.book.At(r.Transfer), r.Entry, &r.Amount)
		},
		Injection: func(i taint.Injection) error {
			if i.Opening {
				key := openingKey{i.Source, t.book.At(i.Transfer).Asset}
				if one.opening[key] == nil {
					one.opening[key] = new(chain.Amount)
				}
				one.opening[key].Add(one.opening[key], &i.Amount)
			}
			return nil
		},
	})
	return one, err
}

// seedName is what the tables call a seed: its address, and for one payment of a
// victim its transaction behind a colon.
func seedName(c chain.Chain, s label.Seed) string {
	if s.Role == label.RoleVictimTx {
		return string(s.Address) + ":" + s.TxHash.Text(c.Family)
	}
	return string(s.Address)
}

// end is tainted value at one address, with the rule that stopped it.
type end struct {
	taint.Endpoint
	stop string
}

// ends names the rule of every endpoint. An address that was followed and yet
// stopped value did so in a transaction that cannot be split.
func (t *trail) ends(one *traced) []end {
	type key struct {
		source  int
		asset   ledger.AssetID
		address ledger.AddressID
	}
	unsplit := map[key]map[string]*chain.Amount{}
	for _, u := range one.result.Unsplit {
		transfer := t.book.At(u.Transfer)
		k := key{u.Source, transfer.Asset, t.book.Entry(u.Entry).Address}
		rule := "coinjoin"
		if u.Reason != taint.OpaqueTx {
			rule = "coverage-gap"
		}
		if unsplit[k] == nil {
			unsplit[k] = map[string]*chain.Amount{}
		}
		if unsplit[k][rule] == nil {
			unsplit[k][rule] = new(chain.Amount)
		}
		unsplit[k][rule].Add(unsplit[k][rule], &u.Amount)
	}
	out := make([]end, 0, len(one.result.Endpoints))
	for _, e := range one.result.Endpoints {
		switch byRule := unsplit[key{e.Source, e.Asset, e.Address}]; {
		case !e.Stopped:
			out = append(out, end{e, ""})
		case t.stopOf(e.Address) != "":
			out = append(out, end{e, t.stopOf(e.Address)})
		default:
			for _, rule := range slices.Sorted(maps.Keys(byRule)) {
				share := e
				share.Amount = *byRule[rule]
				if len(byRule) == 1 {
					share.Amount = e.Amount
				}
				out = append(out, end{share, rule})
			}
		}
	}
	return out
}

// stopOf is the rule that stopped an address, "" if it was followed.
func (t *trail) stopOf(id ledger.AddressID) string {
	switch {
	case t.book.Nameless(id):
		return "no-address"
	case t.book.Text(id) == chain.NullAddress && t.chain.Family == chain.Account:
		return "contract"
	case t.isExpanded(id):
		return ""
	}
	if i, ok := slices.BinarySearchFunc(t.crawl.Visits, id, func(v visit, id ledger.AddressID) int {
		return t.book.Compare(v.Address, id)
	}); ok {
		return t.crawl.Visits[i].Stop
	}
	return "direction"
}

// endpoints writes where the money ends by one method, and the proof that none
// was lost.
func (w *writing) endpoints(ctx context.Context, t *trail, method int) error {
	var rows []table.Endpoint
	var proof []table.Conservation
	for k := range t.traces[method] {
		one := &t.traces[method][k]
		for _, e := range t.ends(one) {
			rows = append(rows, table.Endpoint{
				CaseID: one.caseID, Seed: seedName(t.chain, one.seeds[e.Source]), Method: one.method.Name,
				Chain: t.chain.Name, Asset: string(t.book.Asset(e.Asset)), Address: string(t.book.Text(e.Address)), Stop: e.stop,
			}.WithValue(&e.Amount))
		}
		for _, c := range one.result.Conservation {
			proof = append(proof, table.Conservation{
				CaseID: one.caseID, Seed: seedName(t.chain, one.seeds[c.Source]), Method: one.method.Name,
				Chain: t.chain.Name, Asset: string(t.book.Asset(c.Asset)),
			}.WithAmounts(&c.Injected, &c.Resting, &c.Stopped, &c.Fees))
		}
	}
	return cmp.Or(
		write(ctx, w, w.part(t, method), rows),
		write(ctx, w, w.part(t, method), proof))
}
