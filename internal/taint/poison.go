package taint

import "github.com/scamtrace/scamtrace/internal/chain"

// mark is put for poison: the balance grows once, and the holding is marked by
// every source among the lots, for good.
func (s *store) mark(h *holding, lots []lot, total *chain.Amount) {
	s.grow(&h.amount, total)
	for i := range lots {
		h.code = s.sets.with(h.code, lots[i].code)
	}
}

// takeMarked is take for poison: the whole payment once for every mark. Clean is
// a mark too: it says that some unit may be clean under another method.
func (s *store) takeMarked(h *holding, w *chain.Amount, opening uint32, to []lot) ([]lot, chain.Amount) {
	balance := s.load(&h.amount)
	var short chain.Amount
	if w.Gt(&balance) {
		short.Sub(w, &balance)
		balance.Clear()
		h.code = s.sets.with(h.code, opening)
	} else {
		balance.Sub(&balance, w)
	}
	s.save(&h.amount, &balance)
	for _, code := range s.sets.members(h.code) {
		to = append(to, lot{code, *w})
	}
	return to, short
}
