package taint

import (
	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// group is the transfers of one transaction of an account chain, first to end.
// They are done in the order of the book, but for one thing: an account that
// cannot pay is first given what a later transfer of the same transaction pays
// it in the same asset. A chain knows balances between transactions only; tokens
// with hooks emit the outer transfer's event after the inner one's, and a source
// may not know the order at all.
func (t *tracer) group(first, end int) error {
	if end-first == 1 {
		return t.payment(t.book.At(first))
	}
	t.done = append(t.done[:0], make([]bool, end-first)...)
	for i := first; i < end; i++ {
		if err := t.settle(first, end, i); err != nil {
			return err
		}
	}
	return nil
}

// settle does transfer i, unless it was done before.
func (t *tracer) settle(first, end, i int) error {
	if t.done[i-first] {
		return nil
	}
	t.done[i-first] = true
	x := t.book.At(i)
	for j := i + 1; j < end; j++ {
		if !t.done[j-first] && t.pays(t.book.At(j), x) && t.lacks(x) {
			if err := t.settle(first, end, j); err != nil {
				return err
			}
		}
	}
	return t.payment(x)
}

// pays reports whether transfer y pays the payer of x what x moves.
func (t *tracer) pays(y, x ledger.Transfer) bool {
	return y.Asset == x.Asset && y.Mid < y.End && x.First < x.Mid &&
		t.book.Entry(y.Mid).Address == t.book.Entry(x.First).Address
}

// lacks reports whether the payer of x is not known to hold what it pays.
func (t *tracer) lacks(x ledger.Transfer) bool {
	payer := t.book.Entry(x.First)
	if !t.roles.holds(payer.Address) {
		return false
	}
	left, enough := payer.Amount, payer.Amount.IsZero()
	t.each(t.account(payer.Address, x.Asset), func(_ uint32, a *chain.Amount) {
		if enough = enough || !left.Gt(a); !enough {
			left.Sub(&left, a)
		}
	})
	return !enough
}
