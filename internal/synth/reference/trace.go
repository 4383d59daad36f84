package reference

import (
	"context"
	"math/big"
	"slices"
)

// trace is one method's pass over the book of one case.
type trace struct {
	*reach
	method  string
	sources []Seed
	numbers map[string]int // of the seed addresses, for own
	purses  map[holder]purse
	coins   map[Outpoint]coin
	claimed map[holder]*big.Int // of a reported payment, by its seed's name and asset
	flows   map[flow]*flows
	ends    map[end]*big.Int
}

// holder is an account in one asset, or a seed in one, by its name.
type holder struct{ name, asset string }

// coin is an unspent output.
type coin struct {
	address string
	amount  *big.Int
	parcels []parcel
}

// flow is one source in one asset.
type flow struct {
	source owner
	asset  string
}

// flows is what of it entered and what was burnt.
type flows struct{ injected, fees *big.Int }

// end is a place where money ends; an empty stop says that it rests.
type end struct {
	flow
	address, stop string
}

// follow traces the seeds of one case through the book, until it is interrupted.
func follow(ctx context.Context, r *reach, book []Movement, seeds []Seed, method string) (*trace, error) {
	t := &trace{
		reach: r, method: method, purses: map[holder]purse{}, coins: map[Outpoint]coin{}, numbers: map[string]int{}, claimed: map[holder]*big.Int{},
		flows: map[flow]*flows{}, ends: map[end]*big.Int{},
	}
	known := map[string]bool{}
	for _, m := range book {
		known[m.Tx] = true
	}
	for _, s := range seeds {
		if s.Role == RoleWatch || s.Role == RoleVictimTx && !known[s.Tx] {
			continue
		}
		t.sources = append(t.sources, s)
		if _, ok := t.numbers[s.Address]; !ok {
			t.numbers[s.Address] = len(t.numbers)
		}
	}
	for first := 0; first < len(book); {
		last := first + 1
		for last < len(book) && book[last].Tx == book[first].Tx {
			last++
		}
		t.transaction(book[first:last])
		first = last
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
	}
	t.rest()
	return t, nil
}

// opening is whose the units are that an address has from before the chain.
func (t *trace) opening(address string) owner {
	if _, ok := t.numbers[address]; ok && t.holds(address) {
		for i, s := range t.sources {
			if s.Address == address && s.Role == RoleSeed {
				return owner(i)
			}
		}
	}
	return clean
}

// arrive lets the seeds claim what is theirs of an output, and counts what stops
// there. It returns what the address keeps; nothing if it does not hold.
func (t *trace) arrive(m Movement, to string, w *big.Int, parcels []parcel) []parcel {
	if n, ok := t.numbers[to]; ok {
		for i, s := range t.sources {
			if s.Address != to || s.Role == RoleVictimTx && s.Tx != m.Tx {
				continue
			}
			claim := claim{source: owner(i), address: own(n), limit: t.limit(s, m.Asset)}
			var amount *big.Int
			if t.method == "poison" {
				parcels, amount = claim.mark(parcels, w)
			} else {
				parcels, amount = claim.relabel(parcels)
			}
			if claim.limit != nil {
				t.claimed[holder{s.Name(), m.Asset}] = minus(s.Amount, claim.limit)
			}
			t.inject(owner(i), m.Asset, amount)
		}
	}
	if t.holds(to) {
		return parcels
	}
	for _, p := range parcels {
		t.end(p, m.Asset, to, t.stopOf(to))
	}
	return nil
}

// limit is how much a source may still claim of an asset, nil for all.
func (t *trace) limit(s Seed, asset string) *big.Int {
	if s.Role != RoleVictimTx || s.Amount == nil {
		return nil
	}
	if claimed := t.claimed[holder{s.Name(), asset}]; claimed != nil {
		return minus(s.Amount, claimed)
	}
	return s.Amount
}

func (t *trace) flowOf(source owner, asset string) *flows {
	key := flow{source, asset}
	if t.flows[key] == nil {
		t.flows[key] = &flows{new(big.Int), new(big.Int)}
	}
	return t.flows[key]
}

func (t *trace) inject(source owner, asset string, amount *big.Int) {
	if amount.Sign() > 0 {
		f := t.flowOf(source, asset)
		f.injected = plus(f.injected, amount)
	}
}

func (t *trace) burn(parcels []parcel, asset string) {
	for _, p := range parcels {
		if p.tainted() {
			f := t.flowOf(p.owner, asset)
			f.fees = plus(f.fees, p.amount)
		}
	}
}

// end counts tainted units that end at an address.
func (t *trace) end(p parcel, asset, address, stop string) {
	if !p.tainted() || p.amount.Sign() == 0 {
		return
	}
	key := end{flow{p.owner, asset}, address, stop}
	if t.ends[key] == nil {
		t.ends[key] = new(big.Int)
	}
	t.ends[key].Add(t.ends[key], p.amount)
}

// rest counts what accounts and coins have when the chain ends.
func (t *trace) rest() {
	for h, purse := range t.purses {
		for _, p := range purse.content() {
			t.end(p, h.asset, h.name, "")
		}
	}
	for _, c := range t.coins {
		for _, p := range c.parcels {
			t.end(p, native, c.address, "")
		}
	}
}

// claim is one source's claim on what arrives at its address.
type claim struct {
	source  owner
	address owner    // what the address paid itself
	limit   *big.Int // what it may still claim; nil for all
}

// may reports whether units of an owner can be claimed.
func (c *claim) may(o owner) bool { return !o.tainted() && o != c.address }

// relabel claims unit by unit, in order.
func (c *claim) relabel(parcels []parcel) (out []parcel, amount *big.Int) {
	amount = new(big.Int)
	for _, p := range parcels {
		mine := p.amount
		switch {
		case !c.may(p.owner):
			mine = new(big.Int)
		case c.limit != nil && mine.Cmp(c.limit) > 0:
			mine = c.limit
		}
		if mine.Sign() > 0 {
			out = append(out, parcel{c.source, mine})
			amount = plus(amount, mine)
			if c.limit != nil {
				c.limit = minus(c.limit, mine)
			}
		}
		if rest := minus(p.amount, mine); rest.Sign() > 0 {
			out = append(out, parcel{p.owner, rest})
		}
	}
	return out, amount
}

// mark claims for poison, which must never say less than another method: a
// payment w is the source's as soon as some unit may be. Only what is the
// source's for sure uses up its limit, and is not clean any more.
func (c *claim) mark(parcels []parcel, w *big.Int) (out []parcel, amount *big.Int) {
	may := func(p parcel) bool { return c.may(p.owner) }
	mayNot := func(p parcel) bool { return !c.may(p.owner) }
	if c.limit != nil && c.limit.Sign() == 0 || !slices.ContainsFunc(parcels, may) {
		return parcels, new(big.Int)
	}
	certain := !slices.ContainsFunc(parcels, mayNot)
	amount = w
	out = slices.Clone(parcels)
	if c.limit == nil {
		out = slices.DeleteFunc(out, may)
	} else if certain {
		if c.limit.Cmp(w) < 0 {
			amount = c.limit
		}
		c.limit = minus(c.limit, amount)
	}
	if slices.ContainsFunc(out, func(p parcel) bool { return p.owner == c.source }) {
		return out, new(big.Int)
	}
	return append(out, parcel{c.source, w}), amount
}
