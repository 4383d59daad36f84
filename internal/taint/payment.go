package taint

import "github.com/scamtrace/scamtrace/internal/ledger"

// payment is one transfer of an account chain. A payment to oneself changes no
// lot under any rule, and moves nothing.
func (t *tracer) payment(x ledger.Transfer) error {
	if !t.fits(x) {
		return nil
	}
	var payer, payee ledger.Entry
	// The rules are function values, so what they point at must lie in t, or it
	// would be allocated anew for each transfer.
	w := &t.amount
	hasPayer, hasPayee := x.First < x.Mid, x.Mid < x.End
	if hasPayer {
		payer = t.book.Entry(x.First)
		*w = payer.Amount
	}
	if hasPayee {
		payee = t.book.Entry(x.Mid)
		*w = payee.Amount
	}
	if w.IsZero() || hasPayer && hasPayee && payer.Address == payee.Address {
		return nil
	}
	lots := t.lots[:0]
	if hasPayer && t.roles.holds(payer.Address) {
		h := t.account(payer.Address, x.Asset)
		opening := t.opening(payer.Address)
		taken, short := t.rule.take(&t.store, h, w, opening, lots)
		lots = taken
		if source, ok := t.source(opening); ok && !short.IsZero() {
			err := t.injected(Injection{Transfer: x.ID, Entry: x.First, Source: source, Amount: short, Opening: true}, x.Asset)
			if err != nil {
				return err
			}
		} else if !short.IsZero() {
			t.opened(h, &short)
		}
	} else {
		lots = append(lots, lot{clean, *w})
	}
	t.lots = lots
	if !hasPayee {
		return t.burn(x, lots)
	}
	if !t.roles.is(payee.Address, reached) {
		return nil
	}
	lots, err := t.arrive(x, x.Mid, payee.Address, w, lots)
	if err != nil || len(lots) == 0 {
		return err
	}
	t.lots = lots
	h := t.account(payee.Address, x.Asset)
	h.tainted = h.tainted || t.anyTaint(lots)
	t.rule.put(&t.store, h, lots, w)
	return nil
}
