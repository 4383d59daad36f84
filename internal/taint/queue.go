package taint

import (
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// FIFO and LIFO take from the front of the same list; they differ in the end at
// which arrivals join it.

// pushBack lets the lots join at the end: what came first leaves first.
func (s *store) pushBack(h *holding, lots []lot, _ *chain.Amount) {
	for i := range lots {
		s.append(h, lots[i].code, &lots[i].amount)
	}
}

// pushFront lets the lots join at the front, the last of them foremost: what
// came last leaves first.
func (s *store) pushFront(h *holding, lots []lot, _ *chain.Amount) {
	for i := range lots {
		s.prepend(h, lots[i].code, &lots[i].amount)
	}
}

// takeOldest is take for FIFO: what was there before the book leaves first.
func (s *store) takeOldest(h *holding, w *chain.Amount, opening uint32, to []lot) ([]lot, chain.Amount) {
	from := len(to)
	to, short := s.takeFront(h, w, to)
	if !short.IsZero() {
		to = slices.Insert(to, from, lot{opening, short})
	}
	return to, short
}

// takeNewest is take for LIFO: what was there before the book leaves last.
func (s *store) takeNewest(h *holding, w *chain.Amount, opening uint32, to []lot) ([]lot, chain.Amount) {
	to, short := s.takeFront(h, w, to)
	if !short.IsZero() {
		to = append(to, lot{opening, short})
	}
	return to, short
}

// takeFront removes w from the front, splitting the last lot it touches.
func (s *store) takeFront(h *holding, w *chain.Amount, to []lot) ([]lot, chain.Amount) {
	left := *w
	for !left.IsZero() && !h.empty() {
		a := s.load(&h.amount)
		if a.Gt(&left) {
			to = append(to, lot{h.code, left})
			a.Sub(&a, &left)
			s.save(&h.amount, &a)
			left.Clear()
			break
		}
		to = append(to, lot{h.code, a})
		left.Sub(&left, &a)
		s.drop(h)
	}
	return to, left
}
