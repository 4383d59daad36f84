package taint

import (
	"github.com/scamtrace/scamtrace/internal/chain"
)

// share is one source's part of a haircut payment.
type share struct {
	lot
	paid, remainder chain.Amount
}

// mix is put for haircut: lots of one source are kept as one, in the order in
// which the sources came.
func (s *store) mix(h *holding, lots []lot, _ *chain.Amount) {
	for i := range lots {
		s.blend(h, lots[i].code, &lots[i].amount)
	}
}

func (s *store) blend(h *holding, code uint32, a *chain.Amount) {
	if h.empty() || h.rest == 0 || h.code == code {
		if !h.empty() && h.code == code {
			s.grow(&h.amount, a)
			return
		}
		s.append(h, code, a)
		return
	}
	for i := s.nodes.at(h.rest).next; i != h.rest; i = s.nodes.at(i).next {
		if n := s.nodes.at(i); n.code == code {
			s.grow(&n.amount, a)
			return
		}
	}
	s.append(h, code, a)
}

// takeShares is take for haircut. Of a lot of a units in a balance of b, a
// payment of w takes w*a/b rounded down; the units that rounding leaves over go
// to the largest remainders, and among equals to the source that came first.
func (s *store) takeShares(h *holding, w *chain.Amount, opening uint32, to []lot) ([]lot, chain.Amount) {
	if h.rest == 0 {
		return s.takeOldest(h, w, opening, to)
	}
	var balance chain.Amount
	s.shares = s.shares[:0]
	s.each(h, func(code uint32, a *chain.Amount) {
		balance.Add(&balance, a)
		s.shares = append(s.shares, share{lot: lot{code, *a}})
	})
	if !balance.Gt(w) {
		return s.takeOldest(h, w, opening, to)
	}
	left := *w
	for i := range s.shares {
		p := &s.shares[i]
		var product, whole chain.Amount
		// The balance is above w, so the quotient is at most the lot.
		p.paid.MulDivOverflow(w, &p.amount, &balance)
		// The remainder is below the balance, so it survives arithmetic
		// modulo 2^256 although the products may not.
		product.Mul(w, &p.amount)
		whole.Mul(&p.paid, &balance)
		p.remainder.Sub(&product, &whole)
		left.Sub(&left, &p.paid)
	}
	s.roundUp(left.Uint64())
	return s.settle(h, to), chain.Amount{}
}

// roundUp gives one unit more to each of the n shares with the largest
// remainders; n is less than the number of shares that have one.
func (s *store) roundUp(n uint64) {
	for ; n > 0; n-- {
		best := 0
		for i := range s.shares {
			if s.shares[i].remainder.Gt(&s.shares[best].remainder) {
				best = i
			}
		}
		p := &s.shares[best]
		p.paid.AddUint64(&p.paid, 1)
		p.remainder.Clear()
	}
}

// settle takes the shares out of the holding.
func (s *store) settle(h *holding, to []lot) []lot {
	for !h.empty() {
		s.drop(h)
	}
	for i := range s.shares {
		p := &s.shares[i]
		if !p.paid.IsZero() {
			to = append(to, lot{p.code, p.paid})
		}
		p.amount.Sub(&p.amount, &p.paid)
		s.append(h, p.code, &p.amount)
	}
	return to
}
