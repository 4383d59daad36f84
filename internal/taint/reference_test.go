package taint_test

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
	"github.com/scamtrace/scamtrace/internal/taint"
)

// oracle is the definition of the methods written once more, slowly and in
// another way: exact fractions, maps, a lot for every arrival, nothing merged.
// FIFO and LIFO must agree with it to the unit; haircut, which rounds, nearly.
type oracle struct {
	in       taint.Input
	rule     string
	lots     map[string][]refLot // by holder
	left     map[string]*big.Rat // of payments
	rows     map[string]*big.Rat // "transfer/entry/source"
	injected map[string]*big.Rat // "transfer/entry/source"
	ends     map[string]*big.Rat // "source/asset/address/stopped"
	unknown  map[string]*big.Rat // "asset/address"
	held     map[string]bool     // "asset/address" that ever held taint
}

// refLot is an amount of one source, -1 for clean. An own lot is clean money
// that the address own-1 put into the transaction at hand.
type refLot struct {
	source int
	amount *big.Rat
	own    int
}

func consult(in taint.Input, rule string) *oracle {
	o := &oracle{
		in: in, rule: rule, lots: map[string][]refLot{}, left: map[string]*big.Rat{}, rows: map[string]*big.Rat{},
		injected: map[string]*big.Rat{}, ends: map[string]*big.Rat{}, unknown: map[string]*big.Rat{}, held: map[string]bool{},
	}
	coins := map[string]string{} // holder of a coin: its address key
	done := map[int]bool{}
	for i := range in.Book.Len() {
		if in.Book.Chain().Family == chain.UTXO {
			o.transaction(in.Book.At(i), coins)
		} else {
			o.settle(i, done)
		}
	}
	for holder, lots := range o.lots {
		where := holder
		if key, ok := coins[holder]; ok {
			where = key
		}
		for _, l := range lots {
			if l.source >= 0 {
				add(o.ends, fmt.Sprintf("%d/%s/false", l.source, where), l.amount)
			}
		}
	}
	for account := range o.unknown {
		if !o.held[account] {
			delete(o.unknown, account)
		}
	}
	return o
}

func add(to map[string]*big.Rat, key string, a *big.Rat) {
	if a.Sign() == 0 {
		return
	}
	if to[key] == nil {
		to[key] = new(big.Rat)
	}
	to[key].Add(to[key], a)
}

func rat(a chain.Amount) *big.Rat { return new(big.Rat).SetInt(a.ToBig()) }

// remove takes w out of a holder, as far as it has it.
func (o *oracle) remove(holder string, w *big.Rat) (out []refLot) {
	lots := o.lots[holder]
	total := new(big.Rat)
	for _, l := range lots {
		total.Add(total, l.amount)
	}
	if o.rule == "haircut" && total.Cmp(w) > 0 {
		part := new(big.Rat).Quo(w, total)
		for i, l := range lots {
			paid := new(big.Rat).Mul(l.amount, part)
			out = append(out, refLot{l.source, paid, l.own})
			lots[i].amount = new(big.Rat).Sub(l.amount, paid)
		}
		return out
	}
	left := new(big.Rat).Set(w)
	for len(lots) > 0 && left.Sign() > 0 {
		at := 0
		if o.rule == "lifo" {
			at = len(lots) - 1
		}
		l := lots[at]
		if l.amount.Cmp(left) > 0 {
			out = append(out, refLot{l.source, left, l.own})
			lots[at].amount = new(big.Rat).Sub(l.amount, left)
			break
		}
		out = append(out, l)
		left = new(big.Rat).Sub(left, l.amount)
		lots = slices.Delete(lots, at, at+1)
	}
	o.lots[holder] = lots
	return out
}

func (o *oracle) inflow(a ledger.AddressID) (int, bool) {
	for i, s := range o.in.Sources {
		if s.Address == a && s.Payment == nil && !o.in.Stopped(a) {
			return i, true
		}
	}
	return -1, false
}

func sum(lots []refLot) *big.Rat {
	s := new(big.Rat)
	for _, l := range lots {
		s.Add(s, l.amount)
	}
	return s
}

// settle does transfer i, and before it what its payer needs and gets in the
// same transaction.
func (o *oracle) settle(i int, done map[int]bool) {
	b := o.in.Book
	x := b.At(i)
	if done[i] {
		return
	}
	done[i] = true
	for j := i + 1; j < b.Len() && b.At(j).Tx == x.Tx && x.First < x.Mid; j++ {
		y, payer := b.At(j), b.Entry(x.First)
		if !done[j] && y.Asset == x.Asset && y.Mid < y.End && b.Entry(y.Mid).Address == payer.Address &&
			!o.in.Stopped(payer.Address) && sum(o.lots[fmt.Sprintf("%d/%d", x.Asset, payer.Address)]).Cmp(rat(payer.Amount)) < 0 {
			o.settle(j, done)
		}
	}
	o.payment(x)
}

func (o *oracle) payment(x ledger.Transfer) {
	b := o.in.Book
	w := rat(b.Entry(x.First).Amount)
	if x.First < x.Mid && x.Mid < x.End && b.Entry(x.First).Address == b.Entry(x.Mid).Address {
		return
	}
	lots := []refLot{{-1, w, 0}}
	if x.First < x.Mid {
		payer := b.Entry(x.First).Address
		if !o.in.Stopped(payer) {
			key := fmt.Sprintf("%d/%d", x.Asset, payer)
			lots = o.remove(key, w)
			short := new(big.Rat).Sub(w, sum(lots))
			source, seed := o.inflow(payer)
			if seed {
				add(o.injected, fmt.Sprintf("%d/%d/%d", x.ID, x.First, source), short)
			} else {
				add(o.unknown, key, short)
			}
			if short.Sign() > 0 {
				lots = append(lots, refLot{source, short, 0})
				if o.rule != "lifo" {
					lots = append(lots[len(lots)-1:], lots[:len(lots)-1]...)
				}
			}
		}
	}
	if x.Mid == x.End {
		o.row(x, ledger.NoEntry, lots)
		return
	}
	o.arrive(x, x.Mid, lots, func(to ledger.AddressID) string { return fmt.Sprintf("%d/%d", x.Asset, to) })
}

func (o *oracle) row(x ledger.Transfer, e ledger.EntryID, lots []refLot) {
	for _, l := range lots {
		if l.source >= 0 {
			add(o.rows, fmt.Sprintf("%d/%d/%d", x.ID, e, l.source), l.amount)
			if e == ledger.NoEntry {
				add(o.ends, fmt.Sprintf("%d/%d/fee", l.source, x.Asset), l.amount)
			}
		}
	}
}

func (o *oracle) arrive(x ledger.Transfer, e ledger.EntryID, lots []refLot, holder func(ledger.AddressID) string) {
	to := o.in.Book.Entry(e).Address
	o.row(x, e, lots)
	for i, s := range o.in.Sources {
		if s.Address != to || s.Payment != nil && s.Payment.Tx != x.Tx {
			continue
		}
		var next []refLot
		for _, l := range lots {
			if l.source >= 0 || l.own == int(to)+1 {
				next = append(next, l)
				continue
			}
			claimed := l.amount
			if s.Payment != nil && s.Payment.Max != nil {
				key := fmt.Sprintf("%d/%d", i, x.Asset)
				if o.left[key] == nil {
					o.left[key] = rat(*s.Payment.Max)
				}
				if claimed.Cmp(o.left[key]) > 0 {
					claimed = new(big.Rat).Set(o.left[key])
				}
				o.left[key].Sub(o.left[key], claimed)
			}
			if claimed.Sign() > 0 {
				next = append(next, refLot{i, claimed, 0})
				add(o.injected, fmt.Sprintf("%d/%d/%d", x.ID, e, i), claimed)
			}
			if rest := new(big.Rat).Sub(l.amount, claimed); rest.Sign() > 0 {
				next = append(next, refLot{-1, rest, l.own})
			}
		}
		lots = next
	}
	for _, l := range lots {
		switch {
		case o.in.Stopped(to) && l.source >= 0:
			add(o.ends, fmt.Sprintf("%d/%d/%d/true", l.source, x.Asset, to), l.amount)
		case !o.in.Stopped(to):
			o.lots[holder(to)] = append(o.lots[holder(to)], refLot{l.source, l.amount, 0})
			if l.source >= 0 {
				o.held[fmt.Sprintf("%d/%d", x.Asset, to)] = true
			}
		}
	}
}

func (o *oracle) transaction(x ledger.Transfer, coins map[string]string) {
	b := o.in.Book
	split := x.First == x.Mid || !o.in.Opaque(x.Tx)
	for e := x.First; e < x.End; e++ {
		split = split && b.Entry(e).Known
	}
	const here = "transaction"
	delete(o.lots, here)
	for e := x.First; e < x.Mid; e++ {
		in := b.Entry(e)
		if !in.Known {
			continue
		}
		coin := fmt.Sprintf("coin %d", in.Spends)
		lots, ok := o.lots[coin]
		delete(o.lots, coin)
		if !ok {
			source := -1
			if i, seed := o.inflow(in.Address); seed && in.Spends == ledger.NoEntry {
				source = i
				add(o.injected, fmt.Sprintf("%d/%d/%d", x.ID, e, source), rat(in.Amount))
			}
			lots = []refLot{{source, rat(in.Amount), 0}}
		}
		for _, l := range lots {
			switch {
			case !split && l.source >= 0:
				add(o.ends, fmt.Sprintf("%d/%d/%d/true", l.source, x.Asset, in.Address), l.amount)
			case split:
				if l.source < 0 {
					l.own = int(in.Address) + 1
				}
				o.lots[here] = append(o.lots[here], l)
			}
		}
	}
	for e := x.Mid; e < x.End; e++ {
		out := b.Entry(e)
		if !out.Known {
			continue
		}
		var lots []refLot
		if split && x.First < x.Mid {
			lots = o.remove(here, rat(out.Amount))
		} else {
			own := 0
			for i := x.First; i < x.Mid; i++ {
				if b.Entry(i).Address == out.Address {
					own = int(out.Address) + 1
				}
			}
			lots = []refLot{{-1, rat(out.Amount), own}}
		}
		coin := fmt.Sprintf("coin %d", e)
		coins[coin] = fmt.Sprintf("%d/%d", x.Asset, out.Address)
		o.arrive(x, e, lots, func(ledger.AddressID) string { return coin })
	}
	rest := sum(o.lots[here])
	o.row(x, ledger.NoEntry, o.remove(here, rest))
	delete(o.lots, here)
}
