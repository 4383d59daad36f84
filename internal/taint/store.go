package taint

import (
	"github.com/scamtrace/scamtrace/internal/chain"
)

// clean is the code of units that no source has tainted. Source i has the code
// i+1. Codes above the sources mark, inside one UTXO transaction only, the clean
// units that a seed address itself put in.
const clean = uint32(0)

// lot is an amount from one source, outside of a holding.
type lot struct {
	code   uint32
	amount chain.Amount
}

// holding is what one account or one coin has: a list of lots. The
// front lot lies in the holding itself, because almost all holdings have one;
// the others lie behind it in a ring of nodes. An empty holding has a front
// amount of zero and no ring.
//
// Under poison the amount is the balance and the code is a set of sources.
type holding struct {
	amount  units
	code    uint32
	rest    uint32 // the last node of the ring, whose next is the first; 0 for none
	opening uint32 // in store.openings; 0 for none
	tainted bool   // taint was ever put here
}

// node is a lot behind the front.
type node struct {
	amount units
	code   uint32
	next   uint32
}

// store keeps the holdings of one run of one method.
type store struct {
	vault
	holdings pages[holding] // of coins
	nodes    pages[node]
	openings pages[units]
	sets     sets
	// Buffers, so that a transfer allocates nothing.
	shares []share
	lent   chain.Amount
}

func (h *holding) empty() bool { return h.amount.hi|h.amount.lo == 0 }

// each calls f for every lot, front first. The amount is only lent.
func (s *store) each(h *holding, f func(code uint32, amount *chain.Amount)) {
	if h.empty() {
		return
	}
	s.lent = s.load(&h.amount)
	f(h.code, &s.lent)
	if h.rest == 0 {
		return
	}
	for i := s.nodes.at(h.rest).next; ; i = s.nodes.at(i).next {
		n := s.nodes.at(i)
		s.lent = s.load(&n.amount)
		f(n.code, &s.lent)
		if i == h.rest {
			return
		}
	}
}

// append adds a lot behind the last one, or to it if they are of one source.
func (s *store) append(h *holding, code uint32, a *chain.Amount) {
	switch {
	case a.IsZero():
	case h.empty():
		h.code = code
		s.save(&h.amount, a)
	case h.rest == 0 && h.code == code:
		s.grow(&h.amount, a)
	case h.rest != 0 && s.nodes.at(h.rest).code == code:
		s.grow(&s.nodes.at(h.rest).amount, a)
	default:
		i := s.nodes.take()
		n := s.nodes.at(i)
		n.code = code
		s.save(&n.amount, a)
		s.link(h, i)
		h.rest = i
	}
}

// prepend adds a lot before the front one, or to it if they are of one source.
func (s *store) prepend(h *holding, code uint32, a *chain.Amount) {
	switch {
	case a.IsZero():
	case h.empty():
		h.code = code
		s.save(&h.amount, a)
	case h.code == code:
		s.grow(&h.amount, a)
	default:
		i := s.nodes.take()
		n := s.nodes.at(i)
		n.code, n.amount = h.code, h.amount
		s.link(h, i)
		if h.rest == 0 {
			h.rest = i
		}
		h.code, h.amount = code, units{}
		s.save(&h.amount, a)
	}
}

// link puts node i between the last and the first of the ring.
func (s *store) link(h *holding, i uint32) {
	n := s.nodes.at(i)
	if h.rest == 0 {
		n.next = i
		return
	}
	last := s.nodes.at(h.rest)
	n.next = last.next
	last.next = i
}

// drop removes the front lot.
func (s *store) drop(h *holding) {
	var zero chain.Amount
	s.save(&h.amount, &zero)
	if h.rest == 0 {
		return
	}
	last := s.nodes.at(h.rest)
	i := last.next
	first := s.nodes.at(i)
	h.code, h.amount = first.code, first.amount
	first.amount = units{}
	if i == h.rest {
		h.rest = 0
	} else {
		last.next = first.next
	}
	s.nodes.give(i)
}

func (s *store) grow(u *units, a *chain.Amount) {
	sum := s.load(u)
	sum.Add(&sum, a)
	s.save(u, &sum)
}

// opened notes units that an account had before the book shows where from.
func (s *store) opened(h *holding, a *chain.Amount) {
	if h.opening == 0 {
		h.opening = s.openings.take()
	}
	s.grow(s.openings.at(h.opening), a)
}
