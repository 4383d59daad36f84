package taint

import "github.com/scamtrace/scamtrace/internal/ledger"

// transaction is one transfer of a UTXO chain: a temporary account that the
// inputs fill, the outputs empty, and the fee closes.
func (t *tracer) transaction(x ledger.Transfer) error {
	relevant, known := t.look(x)
	if !relevant {
		return nil
	}
	if !known {
		return t.block(x, UnknownAmount)
	}
	if t.Opaque != nil && x.First < x.Mid && t.Opaque(x.Tx) {
		return t.block(x, OpaqueTx)
	}
	fee := &t.amount
	fee.Clear()
	for e := x.First; e < x.Mid; e++ {
		in := &t.entry
		*in = t.book.Entry(e)
		lots, err := t.spend(x, e, in)
		if err != nil {
			return err
		}
		if t.roles.is(in.Address, seeded) {
			t.relabel(lots, clean, t.own(t.seeds.number[in.Address]))
		}
		if !in.Amount.IsZero() {
			t.rule.put(&t.store, &t.temporary, lots, &in.Amount)
			fee.Add(fee, &in.Amount)
		}
	}
	for e := x.Mid; e < x.End; e++ {
		out := &t.entry
		*out = t.book.Entry(e)
		if out.Amount.IsZero() {
			continue
		}
		lots, short := t.rule.take(&t.store, &t.temporary, &out.Amount, clean, t.lots[:0])
		t.lots = lots
		// Only a coinbase is short.
		fee.Add(fee, &short)
		fee.Sub(fee, &out.Amount)
		if err := t.create(x, e, out, lots); err != nil {
			return err
		}
	}
	if !fee.IsZero() {
		t.lots, _ = t.rule.take(&t.store, &t.temporary, fee, clean, t.lots[:0])
		if err := t.burn(x, t.lots); err != nil {
			return err
		}
	}
	t.temporary = holding{}
	return nil
}

// look says whether a transaction spends taint or touches a seed, and whether
// all its amounts are known. A coinbase needs none of its inputs known.
func (t *tracer) look(x ledger.Transfer) (relevant, known bool) {
	known = true
	for e := x.First; e < x.End; e++ {
		n := t.book.Entry(e)
		known = known && n.Known
		relevant = relevant || t.roles.is(n.Address, seeded) || n.Spends != ledger.NoEntry && t.coins[n.Spends] != 0
	}
	return relevant, known
}

// spend takes the lots of the coin that an input consumes. What a seed spends
// and the book does not show arriving is injected; a coin of anyone else that is
// not kept is clean.
func (t *tracer) spend(x ledger.Transfer, e ledger.EntryID, in *ledger.Entry) ([]lot, error) {
	lots := t.inputs[:0]
	if !in.Known || in.Amount.IsZero() {
		return lots, nil
	}
	if in.Spends != ledger.NoEntry && t.coins[in.Spends] != 0 {
		n := t.coins[in.Spends]
		h := t.holdings.at(n)
		lots, _ = t.rule.take(&t.store, h, &in.Amount, clean, lots)
		*h = holding{}
		t.holdings.give(n)
		t.coins[in.Spends] = 0
		t.inputs = lots
		return lots, nil
	}
	from := clean
	if in.Spends == ledger.NoEntry || !t.book.Entry(in.Spends).Known {
		from = t.opening(in.Address)
	}
	lots = append(lots, lot{from, in.Amount})
	t.inputs = lots
	if source, ok := t.source(from); ok {
		err := t.injected(Injection{Transfer: x.ID, Entry: e, Source: source, Amount: in.Amount, Opening: true}, x.Asset)
		return lots, err
	}
	return lots, nil
}

// create makes the coin of an output.
func (t *tracer) create(x ledger.Transfer, e ledger.EntryID, out *ledger.Entry, lots []lot) error {
	lots, err := t.arrive(x, e, out.Address, &out.Amount, lots)
	if err != nil {
		return err
	}
	if !t.anyTaint(lots) {
		return nil
	}
	for i := range lots {
		if lots[i].code > uint32(len(t.Sources)) {
			lots[i].code = clean
		}
	}
	n := t.holdings.take()
	h := t.holdings.at(n)
	t.rule.keep(&t.store, h, lots, &out.Amount)
	t.coins[e] = n
	return nil
}

// block is a transaction that cannot be split. The taint of its inputs stops at
// the addresses that spend them; its outputs are clean, and those to a seed are
// injected unless the seed is among the spenders.
func (t *tracer) block(x ledger.Transfer, why Reason) error {
	for e := x.First; e < x.Mid; e++ {
		in := &t.entry
		*in = t.book.Entry(e)
		lots, err := t.spend(x, e, in)
		if err != nil {
			return err
		}
		t.gather(lots)
		for _, source := range t.seen {
			amount := t.sums[source]
			t.sums[source].Clear()
			t.stop(source, x.Asset, in.Address, &amount)
			t.unsplit = append(t.unsplit, Unsplit{Transfer: x.ID, Entry: e, Source: source, Amount: amount, Reason: why})
		}
		if source, ok := t.source(t.opening(in.Address)); ok && !in.Known {
			t.unsplit = append(t.unsplit, Unsplit{Transfer: x.ID, Entry: e, Source: source, Reason: why})
		}
	}
	for e := x.Mid; e < x.End; e++ {
		out := &t.entry
		*out = t.book.Entry(e)
		if !t.roles.is(out.Address, seeded) || out.Known && out.Amount.IsZero() {
			continue
		}
		n := t.seeds.number[out.Address]
		from := clean
		for i := x.First; i < x.Mid; i++ {
			if t.book.Entry(i).Address == out.Address {
				from = t.own(n)
			}
		}
		if !out.Known {
			if source, ok := t.claimant(n, x.Tx); ok && from == clean {
				t.unsplit = append(t.unsplit, Unsplit{Transfer: x.ID, Entry: e, Source: source, Reason: why})
			}
			continue
		}
		t.lots = append(t.lots[:0], lot{from, out.Amount})
		if err := t.create(x, e, out, t.lots); err != nil {
			return err
		}
	}
	return nil
}

func (t *tracer) relabel(lots []lot, from, to uint32) {
	for i := range lots {
		if lots[i].code == from {
			lots[i].code = to
		}
	}
}
