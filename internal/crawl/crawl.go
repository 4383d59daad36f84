package crawl

import (
	"context"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

type crawl struct {
	in       Input
	cfg      Config
	ledger   *ledger.Ledger
	on       []bool
	rules    []Rule
	nodes    []node
	next     []ledger.AddressID // met in this round
	again    []ledger.AddressID // asked, and reached better in this round
	answered map[chain.Address]struct{}
	gapped   map[chain.Address]bool // the source left something untold
	hubs     map[chain.Address]bool // the source says: more transfers than asked for
	asked    int
	met      int
	gaps     map[chain.Gap]struct{}
	result   Result
	depth    int32
	ruleAt   map[string]uint8
	assets   []assetFacts
	// Rules that a transfer decides, as index + 1; 0 when they are off.
	coinjoin, asset, window, dust uint8
	labelOf                       ledger.AddressID // the address of label
	label                         string
	labelled                      bool
}

// assetFacts is what the configuration says of one asset.
type assetFacts struct {
	known  bool
	follow bool
	floor  chain.Amount
}

// Run crawls until nothing new is met. It asks nothing for an address that a
// rule stops. The error is the source's, the ledger's or ctx's.
func Run(ctx context.Context, in Input, cfg Config) (*Result, error) {
	on, err := selected(cfg.Rules)
	if err != nil {
		return nil, err
	}
	c := &crawl{
		in: in, cfg: cfg, ledger: in.Ledger, on: on, rules: Rules(),
		answered: map[chain.Address]struct{}{}, gapped: map[chain.Address]bool{}, hubs: map[chain.Address]bool{}, gaps: map[chain.Gap]struct{}{},
		ruleAt: map[string]uint8{},
	}
	for i, r := range c.rules {
		c.ruleAt[r.Name] = uint8(i + 1)
	}
	c.coinjoin, c.asset, c.window, c.dust = c.enabled("coinjoin"), c.enabled("asset"), c.enabled("window"), c.enabled("dust")
	c.begin()
	for len(c.next)+len(c.again) > 0 {
		frontier := c.decide()
		if in.Progress != nil {
			in.Progress(Progress{c.result.Rounds, len(frontier), c.asked - len(frontier), c.met, in.Ledger.Len()})
		}
		if len(frontier) > 0 {
			c.result.Rounds++
			if err := c.ask(ctx, frontier); err != nil {
				return nil, err
			}
		}
		if c.depth == 0 {
			c.findPayments()
		}
		c.settle(frontier)
		if err := c.walkAll(ctx, slices.Concat(frontier, c.again)); err != nil {
			return nil, err
		}
	}
	return c.finish(), nil
}

// enabled returns a rule's index + 1, or 0 when the configuration leaves it out.
func (c *crawl) enabled(name string) uint8 {
	if r := c.ruleAt[name]; c.on[r-1] {
		return r
	}
	return 0
}

func (c *crawl) begin() {
	for _, s := range c.in.Starts {
		id := c.ledger.Address(s.Address)
		n := c.node(id)
		if n.state == unmet {
			c.met++
			c.next = append(c.next, id)
			*n = node{state: candidate, arrival: never, backward: c.cfg.Direction == Backward}
		}
		if s.Watch {
			n.watch = true
			continue
		}
		n.start = true
		if s.Payment == nil {
			if c.cfg.Direction != Backward {
				n.arrival = 0
			}
			if c.cfg.Direction != Forward {
				n.departure = never
			}
		}
	}
}

// decide applies the rules to the addresses met in the last round and returns
// those that are asked, in order.
func (c *crawl) decide() []ledger.AddressID {
	c.sort(c.next)
	var frontier []ledger.AddressID
	for _, id := range c.next {
		n := c.node(id)
		if n.state != candidate {
			continue
		}
		if r := c.firing(id, n, false); r > 0 {
			n.state, n.stop = stopped, r
			continue
		}
		n.state = asked
		c.asked++
		frontier = append(frontier, id)
	}
	return frontier
}

// firing returns the first rule that fires, plus one.
func (c *crawl) firing(id ledger.AddressID, n *node, answered bool) uint8 {
	for i, r := range c.rules {
		when := r.before
		if answered {
			when = r.after
		}
		if c.on[i] && when != nil && when(c, id, n) {
			return uint8(i + 1)
		}
	}
	return 0
}

// findPayments gives the starts that begin with a payment their first arrival.
func (c *crawl) findPayments() {
	for _, s := range c.in.Starts {
		if s.Payment == nil || s.Watch {
			continue
		}
		id := c.ledger.Address(s.Address)
		n := c.node(id)
		if n.state != asked {
			continue
		}
		pos, ok := c.payment(id, *s.Payment)
		if !ok {
			c.result.Missing = append(c.result.Missing, s)
			continue
		}
		if c.cfg.Direction != Backward {
			n.arrival = min(n.arrival, early(pos))
		}
		if c.cfg.Direction != Forward {
			n.departure = max(n.departure, late(pos)+1)
		}
	}
}

// settle looks at the answers, and stops what turned out not to be followed.
func (c *crawl) settle(frontier []ledger.AddressID) {
	for _, id := range frontier {
		n := c.node(id)
		n.stop = c.firing(id, n, true)
		if n.stop == 0 || n.stop == c.ruleAt["watch"] {
			c.answered[c.ledger.Text(id)] = struct{}{}
		}
	}
}

// payment finds a transaction that pays the address.
func (c *crawl) payment(id ledger.AddressID, h chain.Hash) (chain.Pos, bool) {
	tx, ok := c.ledger.FindTx(h)
	if !ok {
		return chain.Pos{}, false
	}
	for m := range c.ledger.Received(id) {
		if m.Tx == tx && !m.Failed {
			return m.Pos, true
		}
	}
	return chain.Pos{}, false
}

// sort puts addresses in the order of their text, each once.
func (c *crawl) sort(ids []ledger.AddressID) { c.ledger.Sort(ids) }
