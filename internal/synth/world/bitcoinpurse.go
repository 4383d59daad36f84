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

// spend pays from a purse; change goes where it says. It returns what pay
// returns.
func (b *bitcoin) spend(p *purse, d dice.Dice, to []Output, change func() Party, m Mark) (tx int64, payer Party) {
	tx, payer = b.pay(d, p.addresses(), to, func() Party {
		c := change()
		if c != p.receives {
			p.change = append(p.change, c)
		}
		return c
	}, m)
	b.tidy(p)
	return tx, payer
}

// tidy forgets change of which everything was spent.
func (b *bitcoin) tidy(p *purse) {
	p.change = slices.DeleteFunc(p.change, func(a Party) bool { return len(b.coins[a]) == 0 })
}
