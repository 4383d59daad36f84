package crawl

import (
	"cmp"
	"context"
	"math"

	"github.com/scamtrace/scamtrace/internal/ledger"
)

// step is one address to be walked, as it was when the round began: what a
// round finds out counts from the next one on, so that the depth is the length
// of the way.
type step struct {
	id ledger.AddressID
	node
}

// walkAll follows the transfers of the addresses that are not stopped.
func (c *crawl) walkAll(ctx context.Context, ids []ledger.AddressID) error {
	c.sort(ids)
	steps := make([]step, 0, len(ids))
	for _, id := range ids {
		n := &c.nodes[id]
		n.dirty = false
		if n.state == asked && n.stop == 0 {
			steps = append(steps, step{id, *n})
		}
	}
	c.next, c.again = nil, nil
	c.depth++
	for _, s := range steps {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		c.walk(s)
	}
	return nil
}

// walk follows the transfers of one address: from its first arrival on, and
// back from its last departure.
func (c *crawl) walk(s step) {
	if s.arrival != never {
		for m := range c.ledger.Paid(s.id) {
			if !m.Failed && late(m.Pos) >= s.arrival {
				c.follow(s, m, m.Payees(), false)
			}
		}
	}
	if s.departure != 0 {
		for m := range c.ledger.Received(s.id) {
			if !m.Failed && early(m.Pos) < s.departure {
				c.follow(s, m, m.Payers(), true)
			}
		}
	}
}

// follow meets the other side of one transfer.
func (c *crawl) follow(s step, m ledger.Movement, others func(func(ledger.AddressID, ledger.Sum) bool), backward bool) {
	hindrance := c.hindrance(s, m, backward)
	for id, sum := range others {
		if id == s.id || (sum.Known && sum.Amount.IsZero()) || c.ledger.Nameless(id) {
			continue
		}
		h := hindrance
		if h == 0 && c.dust > 0 && sum.Known && sum.Amount.Lt(&c.facts(m.Asset).floor) {
			h = c.dust
		}
		c.meet(s.id, id, m, h, backward)
	}
}

// hindrance is the rule by which a transfer does not lead on, or 0.
func (c *crawl) hindrance(s step, m ledger.Movement, backward bool) uint8 {
	if c.coinjoin > 0 && c.in.Opaque != nil && c.in.Opaque(m) {
		return c.coinjoin
	}
	if c.asset > 0 && !c.facts(m.Asset).follow {
		return c.asset
	}
	if c.window > 0 && c.cfg.Window > 0 && s.hop > 0 {
		if (!backward && m.Time > int64(s.since)+c.cfg.Window) || (backward && m.Time < int64(s.until)-c.cfg.Window) {
			return c.window
		}
	}
	return 0
}

func (c *crawl) facts(id ledger.AssetID) *assetFacts {
	for int(id) >= len(c.assets) {
		c.assets = append(c.assets, assetFacts{})
	}
	f := &c.assets[id]
	if !f.known {
		asset := c.ledger.Asset(id)
		*f = assetFacts{known: true, follow: len(c.cfg.Assets) == 0 || c.cfg.Assets[asset], floor: c.cfg.Dust[asset]}
	}
	return f
}

// meet notes that a transfer leads from one address to another or, with a
// hindrance, that it would.
func (c *crawl) meet(from, id ledger.AddressID, m ledger.Movement, hindrance uint8, backward bool) {
	n, leads := c.node(id), hindrance == 0
	fresh := n.state == unmet
	if fresh {
		c.met++
		*n = node{state: tentative, stop: math.MaxUint8, arrival: never}
	}
	closer := fresh
	switch n.state {
	case tentative:
		if leads {
			n.state, n.stop, closer = candidate, 0, true
			c.next = append(c.next, id)
		} else {
			n.stop = min(n.stop, hindrance)
			closer = closer || c.precedes(from, n, m, backward)
		}
	case candidate:
		closer = leads && c.precedes(from, n, m, backward)
	default: // decided
	}
	if closer {
		n.hop, n.parent, n.tx, n.backward = c.depth, from, m.Tx, backward
	}
	// Dust and what comes late lead nowhere by themselves, but they are tainted
	// when they arrive and a trace passes them on: who is followed for another
	// reason is followed from then on. A trace ends in a CoinJoin, and leaves out
	// the assets that are not followed.
	if leads || hindrance == c.dust || hindrance == c.window {
		c.improve(id, n, m, backward)
	}
}

// precedes reports whether an address that was met before in this round rather
// counts as met by this transfer: the earlier one is the better, and between
// equals the address that comes first.
func (c *crawl) precedes(from ledger.AddressID, n *node, m ledger.Movement, backward bool) bool {
	if n.hop != c.depth || n.backward != backward {
		return false
	}
	return cmp.Or(cmp.Compare(early(m.Pos), early(c.ledger.Pos(n.tx))),
		c.ledger.Compare(from, n.parent), c.ledger.CompareTx(m.Tx, n.tx)) < 0
}

// improve moves the first arrival or the last departure.
func (c *crawl) improve(id ledger.AddressID, n *node, m ledger.Movement, backward bool) {
	better := false
	if backward {
		if k := late(m.Pos) + 1; k > n.departure {
			n.departure, n.until, better = k, uint32(m.Time), true
		}
	} else if k := early(m.Pos); k < n.arrival {
		n.arrival, n.since, better = k, uint32(m.Time), true
	}
	if better && n.state == asked && n.stop == 0 && !n.dirty {
		n.dirty = true
		c.again = append(c.again, id)
	}
}
