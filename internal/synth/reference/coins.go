package reference

import (
	"math/big"
	"slices"
)

// spend does one Bitcoin transaction.
func (t *trace) spend(m Movement) {
	switch {
	case !t.follows(m.Chain, m.Asset):
	case m.Opaque && len(m.In) > 0:
		t.hide(m)
	default:
		t.split(m)
	}
}

// split pays the outputs of a transaction from its inputs, and the fee from what
// is left.
func (t *trace) split(m Movement) {
	purse, fee := newPurse(t.method), new(big.Int)
	for _, in := range m.In {
		parcels := t.open(in, m.Asset)
		if n, ok := t.numbers[in.Address]; ok {
			parcels = relabeled(parcels, func(o owner) bool { return o == clean }, own(n))
		}
		if in.Amount.Sign() > 0 {
			purse.put(parcels, in.Amount)
			fee.Add(fee, in.Amount)
		}
	}
	for i, out := range m.Out {
		if out.Amount.Sign() == 0 {
			continue
		}
		// Only a coinbase lacks anything: new coins are clean.
		parcels, lacking := purse.take(out.Amount, clean)
		fee.Add(fee, lacking)
		fee.Sub(fee, out.Amount)
		t.create(m, i, parcels)
	}
	if fee.Sign() > 0 {
		parcels, _ := purse.take(fee, clean)
		t.burn(parcels, m.Asset)
	}
}

// hide is a transaction whose outputs nobody can tell apart.
func (t *trace) hide(m Movement) {
	for _, in := range m.In {
		for _, p := range t.open(in, m.Asset) {
			t.end(p, m.Asset, in.Address, "coinjoin")
		}
	}
	for i, out := range m.Out {
		n, ok := t.numbers[out.Address]
		if !ok || out.Amount.Sign() == 0 {
			continue
		}
		whose := clean
		if slices.ContainsFunc(m.In, func(e Entry) bool { return e.Address == out.Address }) {
			whose = own(n)
		}
		t.create(m, i, []parcel{{whose, out.Amount}})
	}
}

// open is what an input puts in: the coin it spends, or money from before the
// chain.
func (t *trace) open(in Entry, asset string) []parcel {
	if c, ok := t.coins[in.Spends]; ok {
		delete(t.coins, in.Spends)
		return c.parcels
	}
	if in.Amount.Sign() == 0 {
		return nil
	}
	opening := t.opening(in.Address)
	if opening.tainted() {
		t.inject(opening, asset, in.Amount)
	}
	return []parcel{{opening, in.Amount}}
}

// create makes the coin of an output. One that its owner does not pass on is
// none.
func (t *trace) create(m Movement, i int, parcels []parcel) {
	out := m.Out[i]
	parcels = t.arrive(m, out.Address, out.Amount, parcels)
	if t.holds(out.Address) {
		parcels = relabeled(parcels, func(o owner) bool { return !o.tainted() }, clean)
		t.coins[Outpoint{m.Tx, i}] = coin{out.Address, out.Amount, parcels}
	}
}

// relabeled gives some parcels another owner.
func relabeled(parcels []parcel, which func(owner) bool, to owner) []parcel {
	out := slices.Clone(parcels)
	for i := range out {
		if which(out[i].owner) {
			out[i].owner = to
		}
	}
	return out
}
