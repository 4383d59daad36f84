package taint

import (
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// arrive tells the rows of one output, injects if it pays a seed, and counts what
// stops. It returns the lots to be put at the payee; none if it is stopped.
func (t *tracer) arrive(x ledger.Transfer, e ledger.EntryID, to ledger.AddressID, w *chain.Amount, lots []lot) ([]lot, error) {
	if err := t.rows(x, e, lots); err != nil {
		return nil, err
	}
	if t.roles.is(to, seeded) {
		var err error
		if lots, err = t.inject(x, e, to, w, lots); err != nil {
			return nil, err
		}
	}
	if !t.roles.is(to, stopped) {
		return lots, nil
	}
	for i := range lots {
		if source, ok := t.source(lots[i].code); ok {
			t.stop(source, x.Asset, to, &lots[i].amount)
		}
	}
	return lots[:0], nil
}

// burn counts the lots as fees.
func (t *tracer) burn(x ledger.Transfer, lots []lot) error {
	for i := range lots {
		if source, ok := t.source(lots[i].code); ok {
			f := t.flow(source, x.Asset)
			f.fees.Add(&f.fees, &lots[i].amount)
		}
	}
	return t.rows(x, ledger.NoEntry, lots)
}

// rows tells what of an output each source tainted.
func (t *tracer) rows(x ledger.Transfer, e ledger.EntryID, lots []lot) error {
	if t.to.Row == nil {
		return nil
	}
	t.gather(lots)
	for _, source := range t.seen {
		row := Row{Transfer: x.ID, Entry: e, Source: source, Amount: t.sums[source]}
		t.sums[source].Clear()
		if err := t.to.Row(row); err != nil {
			return err
		}
	}
	return nil
}

// gather sums the lots of each source in sums and lists the sources in seen. The
// caller must clear the sums.
func (t *tracer) gather(lots []lot) {
	t.seen = t.seen[:0]
	for i := range lots {
		t.gatherOne(lots[i].code, &lots[i].amount)
	}
	if len(t.seen) > 1 {
		slices.Sort(t.seen)
	}
}

func (t *tracer) gatherOne(code uint32, a *chain.Amount) {
	source, ok := t.source(code)
	if !ok || a.IsZero() {
		return
	}
	if t.sums[source].IsZero() {
		t.seen = append(t.seen, source)
	}
	t.sums[source].Add(&t.sums[source], a)
}

// clear makes the sums zero again.
func (t *tracer) clear() {
	for _, source := range t.seen {
		t.sums[source].Clear()
	}
}
