package ledger

import "github.com/scamtrace/scamtrace/internal/chain"

// amounts keeps 256-bit integers in eight bytes each where they fit.
type amounts struct {
	short []uint64       // the value, or wide|index, or unknown
	wide  []chain.Amount // values of 2^63 and more
}

const (
	isWide  = uint64(1) << 63
	unknown = ^uint64(0)
)

func (c *amounts) add(a *chain.Amount, known bool) {
	switch {
	case !known:
		c.short = append(c.short, unknown)
	case a.IsUint64() && a.Uint64() < isWide:
		c.short = append(c.short, a.Uint64())
	default:
		c.short = append(c.short, isWide|uint64(len(c.wide)))
		c.wide = append(c.wide, *a)
	}
}

func (c *amounts) at(i uint32) (a chain.Amount, known bool) {
	s := c.short[i]
	if s == unknown {
		return a, false
	}
	if s&isWide != 0 {
		return c.wide[s&^isWide], true
	}
	a.SetUint64(s)
	return a, true
}

// fill replaces an unknown amount.
func (c *amounts) fill(i uint32, a *chain.Amount) {
	if a.IsUint64() && a.Uint64() < isWide {
		c.short[i] = a.Uint64()
		return
	}
	c.short[i] = isWide | uint64(len(c.wide))
	c.wide = append(c.wide, *a)
}
