package taint

import (
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// inject turns what arrives clean at a seed address into what its sources claim.
// The first taint wins: a coin never carries two sources.
func (t *tracer) inject(x ledger.Transfer, e ledger.EntryID, to ledger.AddressID, w *chain.Amount, lots []lot) ([]lot, error) {
	n := t.seeds.number[to]
	for _, i := range t.seeds.list[n].sources {
		pay := t.Sources[i].Payment
		if pay != nil && pay.Tx != x.Tx {
			continue
		}
		limit, limited := t.limit(i, x.Asset)
		var amount chain.Amount
		if t.rule.marks {
			lots, amount = t.claimMarks(i, n, w, &limit, limited, lots)
		} else {
			lots, amount = t.claim(i, n, &limit, limited, lots)
		}
		if amount.IsZero() {
			continue
		}
		if limited {
			t.seeds.left[pair(i, x.Asset)] = limit
		}
		if err := t.injected(Injection{Transfer: x.ID, Entry: e, Source: i, Amount: amount}, x.Asset); err != nil {
			return lots, err
		}
	}
	return lots, nil
}

// limit is how much source i may still inject of an asset.
func (t *tracer) limit(i int, asset ledger.AssetID) (limit chain.Amount, limited bool) {
	pay := t.Sources[i].Payment
	if pay == nil || pay.Max == nil {
		return limit, false
	}
	if left, ok := t.seeds.left[pair(i, asset)]; ok {
		return left, true
	}
	return *pay.Max, true
}

// claimable says whether seed address n may claim units of a code: those that
// are clean and not its own.
func (t *tracer) claimable(code uint32, n int) bool {
	_, tainted := t.source(code)
	return !tainted && code != t.own(n)
}

// claim relabels the clean lots as source i's, in order, up to the limit.
func (t *tracer) claim(i, n int, limit *chain.Amount, limited bool, lots []lot) ([]lot, chain.Amount) {
	var sum chain.Amount
	for k := 0; k < len(lots); k++ {
		if !t.claimable(lots[k].code, n) {
			continue
		}
		if limited {
			if limit.IsZero() {
				break
			}
			if lots[k].amount.Gt(limit) {
				lots = slices.Insert(lots, k, lot{lots[k].code, *limit})
				lots[k+1].amount.Sub(&lots[k+1].amount, limit)
			}
			limit.Sub(limit, &lots[k].amount)
		}
		lots[k].code = code(i)
		sum.Add(&sum, &lots[k].amount)
	}
	return lots, sum
}

// claimMarks is claim for poison, which must be an upper bound: the mark is set
// whenever another method could claim a unit, and taken away from clean only if
// every method claims all.
func (t *tracer) claimMarks(i, n int, w, limit *chain.Amount, limited bool, lots []lot) ([]lot, chain.Amount) {
	none := chain.Amount{}
	if limited && limit.IsZero() || !slices.ContainsFunc(lots, func(l lot) bool { return t.claimable(l.code, n) }) {
		return lots, none
	}
	certain := !slices.ContainsFunc(lots, func(l lot) bool { return !t.claimable(l.code, n) })
	marked := slices.ContainsFunc(lots, func(l lot) bool { return l.code == code(i) })
	if !limited {
		lots = slices.DeleteFunc(lots, func(l lot) bool { return t.claimable(l.code, n) })
	}
	amount := *w
	if limited && certain {
		if limit.Lt(w) {
			amount = *limit
		}
		limit.Sub(limit, &amount)
	}
	if marked {
		return lots, none
	}
	return append(lots, lot{code(i), *w}), amount
}

// injected counts and tells an injection.
func (t *tracer) injected(j Injection, asset ledger.AssetID) error {
	f := t.flow(j.Source, asset)
	f.injected.Add(&f.injected, &j.Amount)
	if t.to.Injection == nil {
		return nil
	}
	return t.to.Injection(j)
}
