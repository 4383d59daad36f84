package world

import (
	"slices"

	"github.com/scamtrace/scamtrace/internal/synth/dice"
)

// purse is somebody's wallet: one address that receives, and those that have
// change, which is spent first.
type purse struct {
	receives Party
	change   []Party
}

func (p *purse) addresses() []Party { return append(slices.Clone(p.change), p.receives) }

// spend pays from a purse.
func (b *bitcoin) spend(p *purse, d dice.Dice, to []Output, change address, m Mark) receipt {
	r := b.pay(d, p.addresses(), to, change, m)
	if r.rest != 0 && r.rest != p.receives {
		p.change = append(p.change, r.rest)
	}
	b.tidy(p)
	return r
}

// tidy forgets change of which everything was spent.
func (b *bitcoin) tidy(p *purse) {
	p.change = slices.DeleteFunc(p.change, func(a Party) bool { return len(b.coins[a]) == 0 })
}
