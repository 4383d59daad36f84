package crawl

import (
	"context"
	"math"
	"sync"

	"github.com/scamtrace/scamtrace/internal/chain"
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
	for id := range c.ledger.Assets() {
		c.facts(ledger.AssetID(id))
	}
	// The transfers of many addresses are read ahead, side by side; what they
	// mean is decided alone and in order.
	var shares [][]step
	for weight, from, i := 0, 0, 0; i < len(steps); i++ {
		weight += c.ledger.Degree(steps[i].id, math.MaxInt)
		if weight >= stepsAhead || i == len(steps)-1 {
			shares = append(shares, steps[from:i+1])
			weight, from = 0, i+1
		}
	}
	found := make([]chan []edge, len(shares))
	var readers sync.WaitGroup
	defer readers.Wait()
	read := func(i int) {
		if i < len(shares) {
			found[i] = make(chan []edge, 1)
			readers.Go(func() { found[i] <- c.edges(shares[i]) })
		}
	}
	for i := range max(1, c.cfg.Workers) {
		read(i)
	}
	for i := range shares {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		edges := <-found[i]
		found[i] = nil
		read(i + max(1, c.cfg.Workers))
		for k := range edges {
			c.meet(&edges[k])
		}
	}
	return nil
}

// stepsAhead is about how many transfers are read ahead by one reader.
const stepsAhead = 1 << 15

// edge is what one transfer means for one address on its other side.
type edge struct {
	from, to  ledger.AddressID
	tx        ledger.TxID
	time      uint32
	pos       chain.Pos
	hindrance uint8 // the rule by which it does not lead on, or 0
	backward  bool
}

// edges reads the transfers of some addresses: from their first arrival on, and
// back from their last departure. It changes nothing.
func (c *crawl) edges(steps []step) []edge {
	var out []edge
	for i := range steps {
		s := &steps[i]
		if s.arrival != never {
			for m := range c.ledger.Paid(s.id) {
				if !m.Failed && late(m.Pos) >= s.arrival {
					out = c.follow(out, s, m, m.Payees(), false)
				}
			}
		}
		if s.departure != 0 {
			for m := range c.ledger.Received(s.id) {
				if !m.Failed && early(m.Pos) < s.departure {
					out = c.follow(out, s, m, m.Payers(), true)
				}
			}
		}
	}
	return out
}

// follow appends the other side of one transfer.
func (c *crawl) follow(out []edge, s *step, m ledger.Movement, others func(func(ledger.AddressID, ledger.Sum) bool), backward bool) []edge {
	hindrance := c.hindrance(s, m, backward)
	for id, sum := range others {
		if id == s.id || (sum.Known && sum.Amount.IsZero()) || c.ledger.Nameless(id) {
			continue
		}
		h := hindrance
		if h == 0 && c.dust > 0 && sum.Known && sum.Amount.Lt(&c.assets[m.Asset].floor) {
			h = c.dust
		}
		out = append(out, edge{s.id, id, m.Tx, uint32(m.Time), m.Pos, h, backward})
	}
	return out
}

// hindrance is the rule by which a transfer does not lead on, or 0.
func (c *crawl) hindrance(s *step, m ledger.Movement, backward bool) uint8 {
	if c.coinjoin > 0 && c.in.Opaque != nil && c.in.Opaque(m) {
		return c.coinjoin
	}
	if c.asset > 0 && !c.assets[m.Asset].follow {
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
func (c *crawl) meet(e *edge) {
	n, leads := c.node(e.to), e.hindrance == 0
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
			c.next = append(c.next, e.to)
		} else {
			n.stop = min(n.stop, e.hindrance)
			closer = closer || c.precedes(e, n)
		}
	case candidate:
		closer = leads && c.precedes(e, n)
	default: // decided
	}
	if closer {
		n.hop, n.parent, n.tx, n.backward = c.depth, e.from, e.tx, e.backward
	}
	// Dust and what comes late lead nowhere by themselves, but they are tainted
	// when they arrive and a trace passes them on: who is followed for another
	// reason is followed from then on. A trace ends in a CoinJoin, and leaves out
	// the assets that are not followed.
	if leads || e.hindrance == c.dust || e.hindrance == c.window {
		c.improve(e, n)
	}
}

// precedes reports whether an address that was met before in this round rather
// counts as met by this transfer: the earlier one is the better, and between
// equals the address that comes first.
func (c *crawl) precedes(e *edge, n *node) bool {
	if n.hop != c.depth || n.backward != e.backward {
		return false
	}
	if x, y := early(e.pos), early(c.ledger.Pos(n.tx)); x != y {
		return x < y
	}
	if e.from != n.parent {
		return c.ledger.Compare(e.from, n.parent) < 0
	}
	return c.ledger.CompareTx(e.tx, n.tx) < 0
}

// improve moves the first arrival or the last departure.
func (c *crawl) improve(e *edge, n *node) {
	better := false
	if e.backward {
		if k := late(e.pos) + 1; k > n.departure {
			n.departure, n.until, better = k, e.time, true
		}
	} else if k := early(e.pos); k < n.arrival {
		n.arrival, n.since, better = k, e.time, true
	}
	if better && n.state == asked && n.stop == 0 && !n.dirty {
		n.dirty = true
		c.again = append(c.again, e.to)
	}
}
