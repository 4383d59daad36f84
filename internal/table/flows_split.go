package table

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// shares splits the outputs of Bitcoin transactions over their inputs.
type shares struct {
	book   *ledger.Book
	payers []payer
	outs   []ledger.EntryID
	order  []int
}

// payer is one distinct input address of a transaction.
type payer struct {
	address   ledger.AddressID
	paid      chain.Amount
	share     chain.Amount
	remainder chain.Amount
}

// transaction emits who paid whom how much. The amounts add up to the outputs;
// shares of zero are left out. Shares of one pair come one after the other.
func (s *shares) transaction(t *ledger.Transfer, emit func(rule split, from, to ledger.AddressID, known bool, a *chain.Amount)) {
	s.sortOutputs(t)
	total, known := s.sortPayers(t)
	coinbase := t.First == t.Mid
	if coinbase || !known || total.IsZero() {
		rule := splitProRata
		if !known {
			rule = splitUnknown
		}
		for _, id := range s.outs {
			if e := s.book.Entry(id); e.Known && !e.Amount.IsZero() {
				emit(rule, 0, e.Address, false, &e.Amount)
			}
		}
		return
	}
	for from := 0; from < len(s.outs); {
		to := from + 1
		first := s.book.Entry(s.outs[from])
		for to < len(s.outs) && s.book.Entry(s.outs[to]).Address == first.Address {
			to++
		}
		for _, p := range s.group(s.outs[from:to], &total) {
			if !p.share.IsZero() {
				emit(splitProRata, p.address, first.Address, true, &p.share)
			}
		}
		from = to
	}
}

// group sums up what each payer gives to outputs of one address. Each output is
// split by itself.
func (s *shares) group(outs []ledger.EntryID, total *chain.Amount) []payer {
	for i := range s.payers {
		s.payers[i].share.Clear()
	}
	for _, id := range outs {
		if e := s.book.Entry(id); e.Known {
			s.split(&e.Amount, total)
		}
	}
	return s.payers
}

// split adds each payer's share of an amount to its sum.
func (s *shares) split(amount, total *chain.Amount) {
	if len(s.payers) == 1 {
		s.payers[0].share.Add(&s.payers[0].share, amount)
		return
	}
	left := *amount
	for i := range s.payers {
		p := &s.payers[i]
		part := p.part(amount, total)
		p.share.Add(&p.share, &part)
		left.Sub(&left, &part)
	}
	if left.IsZero() {
		return
	}
	s.order = s.order[:0]
	for i := range s.payers {
		s.order = append(s.order, i)
	}
	// The payers are in the order of their text, so the index breaks ties.
	slices.SortFunc(s.order, func(i, j int) int {
		return cmp.Or(s.payers[j].remainder.Cmp(&s.payers[i].remainder), cmp.Compare(i, j))
	})
	one := chain.Amount{1}
	for _, i := range s.order[:left.Uint64()] {
		s.payers[i].share.Add(&s.payers[i].share, &one)
	}
}

// part is the payer's share of an amount, rounded down. It sets the remainder.
func (p *payer) part(amount, total *chain.Amount) (part chain.Amount) {
	if total.IsUint64() { // so are the others, which are not above it
		high, low := bits.Mul64(amount[0], p.paid[0])
		part[0], low = bits.Div64(high, low, total[0])
		p.remainder.SetUint64(low)
		return part
	}
	part.MulDivOverflow(amount, &p.paid, total)
	p.remainder.MulMod(amount, &p.paid, total)
	return part
}

// sortPayers collects the distinct input addresses in the order of their text.
func (s *shares) sortPayers(t *ledger.Transfer) (total chain.Amount, known bool) {
	s.payers = s.payers[:0]
	for id := t.First; id < t.Mid; id++ {
		e := s.book.Entry(id)
		if !e.Known {
			return total, false
		}
		total.Add(&total, &e.Amount)
		s.payers = append(s.payers, payer{address: e.Address, paid: e.Amount})
	}
	slices.SortFunc(s.payers, func(a, b payer) int { return cmp.Compare(a.address, b.address) })
	distinct := s.payers[:0]
	for _, p := range s.payers {
		if n := len(distinct); n > 0 && distinct[n-1].address == p.address {
			distinct[n-1].paid.Add(&distinct[n-1].paid, &p.paid)
			continue
		}
		distinct = append(distinct, p)
	}
	s.payers = distinct
	if len(distinct) > 1 {
		slices.SortFunc(s.payers, func(a, b payer) int {
			return cmp.Compare(s.book.Text(a.address), s.book.Text(b.address))
		})
	}
	return total, true
}

func (s *shares) sortOutputs(t *ledger.Transfer) {
	s.outs = s.outs[:0]
	for id := t.Mid; id < t.End; id++ {
		s.outs = append(s.outs, id)
	}
	slices.SortFunc(s.outs, func(a, b ledger.EntryID) int {
		return cmp.Or(cmp.Compare(s.book.Entry(a).Address, s.book.Entry(b).Address), cmp.Compare(a, b))
	})
}
