package taint

import (
	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// size says whether the amounts of an asset add up to 256 bits.
type size uint8

const (
	fits    size = iota
	tooBig       // their sum overflows
	skipped      // so it does, and a source touches the asset
	ignored      // Input.Followed leaves the asset out
)

// survey reads the book once before the trace. It adds up all entries of each
// asset: no balance, injection or stop can exceed that sum, so no sum of an asset
// that fits can overflow later. Anyone can issue a token that moves 2^256-1 units
// twice; such an asset is left out, and must not end the run.
//
// On account chains it also marks the addresses that taint can reach at all,
// whatever the amounts, assets and method. The others need no holding: what they
// pay is clean.
func survey(in *Input, r roles) []size {
	b := in.Book
	sizes := make([]size, b.Assets())
	sums := make([]chain.Amount, b.Assets())
	for i := range b.Len() {
		x := b.At(i)
		for e := x.First; e < x.End; e++ {
			if n := b.Entry(e); n.Known {
				if _, over := sums[x.Asset].AddOverflow(&sums[x.Asset], &n.Amount); over {
					sizes[x.Asset] = tooBig
				}
			}
		}
	}
	for a := range sizes {
		if in.Followed != nil && !in.Followed(ledger.AssetID(a)) {
			sizes[a] = ignored
		}
	}
	for first, end := range transactions(b) {
		// In one transaction a later transfer may pay for an earlier one.
		for again := true; again; {
			again = false
			for i := first; i < end; i++ {
				again = r.spread(b, b.At(i)) && i > first || again
			}
		}
	}
	return sizes
}

// spread marks the payees of a payer that taint can reach, and reports whether
// one was not marked before.
func (r roles) spread(b *ledger.Book, x ledger.Transfer) (fresh bool) {
	from := false
	for e := x.First; e < x.Mid && !from; e++ {
		n := b.Entry(e)
		from = r.holds(n.Address) && (!n.Known || !n.Amount.IsZero())
	}
	if !from {
		return false
	}
	for e := x.Mid; e < x.End; e++ {
		if to := b.Entry(e).Address; !r.is(to, reached) {
			r[to] |= reached
			fresh = true
		}
	}
	return fresh
}

// fits reports whether a transfer is traced: its asset is followed, and its
// amounts add up. An asset that does not fit is noted if a source touches it.
func (t *tracer) fits(x ledger.Transfer) bool {
	if t.oversized[x.Asset] == fits {
		return true
	}
	for e := x.First; e < x.End && t.oversized[x.Asset] == tooBig; e++ {
		if t.roles.is(t.book.Entry(e).Address, seeded) {
			t.oversized[x.Asset] = skipped
		}
	}
	return false
}
