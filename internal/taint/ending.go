package taint

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// result collects what the holdings have when the book ends.
func (t *tracer) result(conserves bool) (Result, error) {
	r := Result{Unsplit: t.unsplit}
	n := len(t.ends)
	for _, h := range t.holders() {
		n += t.resting(h)
		t.clear()
	}
	if n > 0 {
		r.Endpoints = make([]Endpoint, 0, n)
	}
	for key, amount := range t.ends {
		r.Endpoints = append(r.Endpoints, Endpoint{
			Source: int(key.source), Asset: key.asset, Address: key.address, Stopped: true, Amount: amount,
		})
	}
	for at, h := range t.holders() {
		t.resting(h)
		for _, source := range t.seen {
			r.Endpoints = append(r.Endpoints, Endpoint{Source: source, Asset: at.asset, Address: at.address, Amount: t.sums[source]})
		}
		t.clear()
		if h.tainted && h.opening != 0 {
			r.Unknown = append(r.Unknown, Opening{at.address, at.asset, t.load(t.openings.at(h.opening))})
		}
	}
	t.sort(&r)
	for asset, s := range t.oversized {
		if s == skipped {
			r.Oversized = append(r.Oversized, ledger.AssetID(asset))
		}
	}
	if !conserves {
		return r, nil
	}
	r.Conservation = t.balances(r.Endpoints)
	for i := range r.Conservation {
		b := &r.Conservation[i]
		if d := b.Difference(); d.Sign() != 0 {
			return r, fmt.Errorf("%w: source %d, asset %s: %s units injected, %s of them not accounted for",
				ErrNotConserved, b.Source, t.book.Asset(b.Asset), b.Injected.Dec(), d)
		}
	}
	return r, nil
}

// holder is who has a holding, and of what.
type holder struct {
	address ledger.AddressID
	asset   ledger.AssetID
}

// holders yields every account, or every coin that is left.
func (t *tracer) holders() iter.Seq2[holder, *holding] {
	if t.accounts == nil {
		return t.coinHolders
	}
	return func(yield func(holder, *holding) bool) {
		for a := range t.book.Addresses() {
			for n := t.accounts.first[a]; n < t.accounts.first[a+1]; n++ {
				if !yield(holder{ledger.AddressID(a), t.accounts.asset[n]}, &t.held[n]) {
					return
				}
			}
		}
	}
}

func (t *tracer) coinHolders(yield func(holder, *holding) bool) {
	for i := range t.book.Len() {
		x := t.book.At(i)
		for e := x.Mid; e < x.End; e++ {
			if n := t.coins[e]; n != 0 && !yield(holder{t.book.AddressOf(e), x.Asset}, t.holdings.at(n)) {
				return
			}
		}
	}
}

// resting gathers what each source has in a holding, and says how many have.
func (t *tracer) resting(h *holding) int {
	t.seen = t.seen[:0]
	if h.empty() {
		return 0
	}
	if t.rule.marks {
		balance := t.load(&h.amount)
		for _, code := range t.sets.members(h.code) {
			t.gatherOne(code, &balance)
		}
	} else {
		t.each(h, t.gatherOne)
	}
	return len(t.seen)
}

// sort puts endpoints and openings in an order that does not depend on address
// numbers, and adds up the coins of one address.
func (t *tracer) sort(r *Result) {
	rank := t.ranks(r)
	slices.SortFunc(r.Endpoints, func(a, b Endpoint) int {
		if c := cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Asset, b.Asset)); c != 0 {
			return c
		}
		if a.Address != b.Address {
			return cmp.Compare(rank[a.Address], rank[b.Address])
		}
		switch {
		case a.Stopped == b.Stopped:
			return 0
		case a.Stopped:
			return 1
		}
		return -1
	})
	merged := r.Endpoints[:0]
	for _, e := range r.Endpoints {
		if n := len(merged); n > 0 {
			last := &merged[n-1]
			if last.Source == e.Source && last.Asset == e.Asset && last.Address == e.Address && last.Stopped == e.Stopped {
				last.Amount.Add(&last.Amount, &e.Amount)
				continue
			}
		}
		merged = append(merged, e)
	}
	r.Endpoints = merged
	slices.SortFunc(r.Unknown, func(a, b Opening) int {
		return cmp.Or(cmp.Compare(a.Asset, b.Asset), cmp.Compare(rank[a.Address], rank[b.Address]))
	})
}

// ranks numbers the addresses of a result by their text.
func (t *tracer) ranks(r *Result) []uint32 {
	type name struct {
		id   ledger.AddressID
		text chain.Address
	}
	rank := make([]uint32, t.book.Addresses())
	var names []name
	add := func(a ledger.AddressID) {
		if rank[a] == 0 {
			rank[a] = 1
			names = append(names, name{a, t.book.Text(a)})
		}
	}
	for i := range r.Endpoints {
		add(r.Endpoints[i].Address)
	}
	for i := range r.Unknown {
		add(r.Unknown[i].Address)
	}
	slices.SortFunc(names, func(a, b name) int { return cmp.Compare(a.text, b.text) })
	for i, n := range names {
		rank[n.id] = uint32(i)
	}
	return rank
}

// balances adds up the endpoints beside what was injected and burnt.
func (t *tracer) balances(ends []Endpoint) []Balance {
	at := map[uint64]*Balance{}
	of := func(source int, asset ledger.AssetID) *Balance {
		key := pair(source, asset)
		if at[key] == nil {
			at[key] = &Balance{Source: source, Asset: asset}
		}
		return at[key]
	}
	for key, f := range t.flows {
		b := of(int(key>>32), ledger.AssetID(uint32(key)))
		b.Injected, b.Fees = f.injected, f.fees
	}
	for i := range ends {
		b := of(ends[i].Source, ends[i].Asset)
		sum := &b.Resting
		if ends[i].Stopped {
			sum = &b.Stopped
		}
		sum.Add(sum, &ends[i].Amount)
	}
	var out []Balance
	for _, key := range slices.Sorted(maps.Keys(at)) {
		out = append(out, *at[key])
	}
	return out
}
