package reference

import (
	"cmp"
	"math/big"
	"slices"
)

// The roles of seeds.
const (
	RoleSeed     = "seed"      // the address as a whole
	RoleVictimTx = "victim_tx" // one payment to it
	RoleWatch    = "watch"     // nothing is traced
)

// Case is what the public knows and what a tracer is told to do. Every stop rule
// is on, and neither budget nor super-node nor window ever fires.
type Case struct {
	Seeds []Seed
	// Stops are the rules that labels fire: exchange, mixer, bridge, service or
	// contract. What a label does not stop is left out.
	Stops map[Place]string
	// MaxHops is the greatest hop that is followed.
	MaxHops int
	// Dust is the least amount that leads on.
	Dust map[Coin]*big.Int
	// Assets are those that are followed, by chain; none are all.
	Assets map[string][]string
	// Methods are among fifo, lifo, haircut and poison.
	Methods []string
}

// Place is an address of a chain.
type Place struct{ Chain, Address string }

// Coin is an asset of a chain: "native" or a token's contract.
type Coin struct{ Chain, Asset string }

// Seed is a row of the seed list.
type Seed struct {
	CaseID, Chain, Address, Role string
	// Tx is the reported payment, of a victim_tx.
	Tx string
	// Amount is how much of it is the victim's; nil for all.
	Amount *big.Int
}

// Name is what the tables call the seed.
func (s Seed) Name() string {
	if s.Role == RoleVictimTx {
		return s.Address + ":" + s.Tx
	}
	return s.Address
}

// seeds are those of a chain in the order in which they claim, each once.
func (c Case) seeds(chain string) []Seed {
	out := slices.DeleteFunc(slices.Clone(c.Seeds), func(s Seed) bool { return s.Chain != chain })
	order := func(a, b Seed) int {
		rank := func(s Seed) int { return slices.Index([]string{RoleWatch, RoleVictimTx, RoleSeed}, s.Role) }
		return cmp.Or(cmp.Compare(a.CaseID, b.CaseID), cmp.Compare(rank(a), rank(b)),
			cmp.Compare(a.Address, b.Address), cmp.Compare(a.Tx, b.Tx))
	}
	slices.SortStableFunc(out, order)
	return slices.CompactFunc(out, func(a, b Seed) bool { return order(a, b) == 0 })
}

// follows reports whether an asset is followed.
func (c Case) follows(chain, asset string) bool {
	return len(c.Assets[chain]) == 0 || slices.Contains(c.Assets[chain], asset)
}

// isDust reports whether an amount is too small to lead on.
func (c Case) isDust(chain, asset string, amount *big.Int) bool {
	floor := c.Dust[Coin{chain, asset}]
	return floor != nil && amount.Cmp(floor) < 0
}
