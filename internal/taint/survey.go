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
)

// survey reads the book once before the trace. It adds up all entries of each
// asset: no balance, injection or stop can exceed that sum, so no sum of an asset
// that fits can overflow later. Anyone can issue a token that moves 2^256-1 units
// twice; such an asset is left out, and must not end the run.
//
// On account chains it also marks the addresses that taint can reach at all,
// whatever the amounts, assets and method. The others need no holding: what they
// pay is clean.
func survey(b *ledger.Book, r roles) []size {
	sizes := make([]size, b.Assets())
	sums := make([]chain.Amount, b.Assets())
	for i := range b.Len() {
		x := b.At(i)
		sum := &sums[x.Asset]
		spread := false
		for e := x.First; e < x.End; e++ {
			n := b.Entry(e)
			if spread && e >= x.Mid {
				r[n.Address] |= reached
			}
			if !n.Known || n.Amount.IsZero() {
				continue
			}
			spread = spread || e < x.Mid && r[n.Address]&(reached|stopped) == reached
			if _, over := sum.AddOverflow(sum, &n.Amount); over {
				sizes[x.Asset] = tooBig
			}
		}
	}
	return sizes
}

// skip passes over a transfer of an asset that does not fit.
func (t *tracer) skip(x ledger.Transfer) {
	for e := x.First; e < x.End; e++ {
		if t.roles.is(t.book.Entry(e).Address, seeded) {
			t.oversized[x.Asset] = skipped
		}
	}
}
