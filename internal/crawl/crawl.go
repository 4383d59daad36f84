package crawl

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// Direction says which way money is followed from the seeds.
type Direction string

// Forward goes to where the money went, Backward to where it came from.
const (
	Forward  Direction = "forward"
	Backward Direction = "backward"
	Both     Direction = "both"
)

// Config are the settings of one crawl. Zero values are not defaults.
type Config struct {
	Direction Direction
	// Rules are the names of the optional rules that apply; none leaves time
	// order alone.
	Rules []string
	// MaxHops is the greatest hop that is still asked.
	MaxHops int
	// Budget is the greatest number of addresses asked.
	Budget int
	// SuperNode is what makes an address a super-node.
	SuperNode SuperNode
	// Dust is, per asset, the smallest amount in base units that leads on.
	Dust map[chain.Asset]chain.Amount
	// Assets are the assets followed; none means all.
	Assets map[chain.Asset]bool
	// Window is for how many seconds after its first arrival an address is
	// followed, 0 for ever. Backward, before its last departure.
	Window int64
	// Span bounds the blocks asked for.
	Span chain.Span
	// Kinds are the kinds of movement asked for; none means all.
	Kinds []chain.Kind
	// Workers is how many parts of an answer are read at once.
	Workers int
}

// SuperNode is the greatest number of distinct counterparties, and of
// transfers, that an address may have and still be followed.
type SuperNode struct{ Counterparties, Transfers int }

// Start is one address to start from.
type Start struct {
	Address chain.Address
	// Watch asks for the address without following it.
	Watch bool
	// Payment, if set, is the transaction from which on the address is
	// followed; otherwise it is followed from the beginning.
	Payment *chain.Hash
}

// Input is what a crawl works on.
type Input struct {
	Source chain.Source
	Ledger *ledger.Ledger
	Starts []Start
	// Label returns the rule that the labels of an address call for, or "".
	Label func(chain.Address) string
	// Opaque reports whether the outputs of a transfer cannot be told apart (a
	// CoinJoin); nil for never.
	Opaque func(ledger.Movement) bool
	// Progress, if set, is called before every round.
	Progress func(Progress)
}

// Progress is where a crawl stands.
type Progress struct {
	Round     int
	Frontier  int // addresses asked in this round
	Asked     int // addresses asked before it
	Met       int // addresses met so far
	Transfers int // transfers in the ledger
}

// Visit is what became of one address that was met.
type Visit struct {
	Address ledger.AddressID
	// Hop is the number of transfers of the shortest way in time from a seed.
	Hop int
	// Parent is the address before it on that way; a seed has none.
	Parent    ledger.AddressID
	HasParent bool
	// Direction is the side on which it was met first.
	Direction Direction
	// Tx is the transaction by which it was met; meaningless for a seed.
	Tx ledger.TxID
	// Stop is the rule that kept it from being followed, "" if it was.
	Stop string
}

// Result is what a crawl found out beside the ledger.
type Result struct {
	// Visits are in the order of the address text.
	Visits []Visit
	// Gaps are what the source could not tell, without repetition, in order.
	Gaps   []chain.Gap
	Rounds int
	Asked  int
	// Missing are the starts whose Payment the source does not have.
	Missing []Start
}

type state uint8

const (
	unmet     state = iota
	tentative       // met, but only by transfers that do not lead on
	candidate       // to be decided
	asked           // asked
	stopped         // decided: not asked
)

// node is what the crawl knows of an address. Keys are positions, see early and
// late.
type node struct {
	hop       int32
	parent    ledger.AddressID
	tx        ledger.TxID
	arrival   uint64 // forward: the first; never if it was not reached
	departure uint64 // backward: the last plus one; 0 if it was not reached
	metAt     uint64 // the key of tx
	since     int64  // time of the first arrival
	until     int64  // time of the last departure
	state     state
	stop      uint8 // rule index + 1
	backward  bool  // met backward
	watch     bool
	start     bool // a start that is followed
	dirty     bool // to be walked again
}

const never = math.MaxUint64

// early is the smallest key that a position may have, late the greatest: they
// differ where the place in the block is unknown.
func early(p chain.Pos) uint64 {
	if p.Index == chain.UnknownIndex {
		return p.Height << 32
	}
	return p.Height<<32 | uint64(p.Index)
}

func late(p chain.Pos) uint64 { return p.Height<<32 | uint64(p.Index) }

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
	gapped   map[chain.Address]bool
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
		answered: map[chain.Address]struct{}{}, gapped: map[chain.Address]bool{}, gaps: map[chain.Gap]struct{}{},
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

// step is one address to be walked, with the keys it had when the round began:
// what a round finds out counts from the next one on, so that the depth is the
// length of the way.
type step struct {
	id        ledger.AddressID
	arrival   uint64
	departure uint64
}

func (c *crawl) walkAll(ctx context.Context, ids []ledger.AddressID) error {
	c.sort(ids)
	steps := make([]step, 0, len(ids))
	for _, id := range ids {
		n := &c.nodes[id]
		n.dirty = false
		if n.state == asked && n.stop == 0 {
			steps = append(steps, step{id, n.arrival, n.departure})
		}
	}
	c.next, c.again = nil, nil
	c.depth++
	for i, s := range steps {
		if i%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		c.walk(s)
	}
	return nil
}

func (c *crawl) begin() {
	for _, s := range c.in.Starts {
		id := c.ledger.Address(s.Address)
		n := c.node(id)
		if n.state == unmet {
			c.met++
			c.next = append(c.next, id)
			*n = node{state: candidate, arrival: never}
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

// node returns the state of an address, valid until the next call.
func (c *crawl) node(id ledger.AddressID) *node {
	for int(id) >= len(c.nodes) {
		c.nodes = append(c.nodes, make([]node, max(1024, len(c.nodes)/4))...)
	}
	return &c.nodes[id]
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
		if !c.on[i] || r.stops == nil || (answered && !r.late) || (!answered && r.Name == "watch") {
			continue
		}
		if r.stops(c, id, n) {
			return uint8(i + 1)
		}
	}
	return 0
}

// settle looks at the answers: it stops what turned out not to be followed, and
// gives the starts that begin with a payment their first arrival.
func (c *crawl) settle(frontier []ledger.AddressID) {
	for _, s := range c.in.Starts {
		if s.Payment == nil || s.Watch || c.depth > 0 {
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
	for _, id := range frontier {
		n := c.node(id)
		if c.gapped[c.ledger.Text(id)] {
			n.stop = c.ruleAt["coverage-gap"]
		} else {
			n.stop = c.firing(id, n, true)
		}
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

// walk follows the transfers of an address that was asked and not stopped.
func (c *crawl) walk(s step) {
	if s.arrival != never {
		for m := range c.ledger.Paid(s.id) {
			if !m.Failed && late(m.Pos) >= s.arrival {
				c.follow(s.id, m, m.Payees(), false)
			}
		}
	}
	if s.departure != 0 {
		for m := range c.ledger.Received(s.id) {
			if !m.Failed && early(m.Pos) < s.departure {
				c.follow(s.id, m, m.Payers(), true)
			}
		}
	}
}

// follow meets the other side of one transfer.
func (c *crawl) follow(from ledger.AddressID, m ledger.Movement, others func(func(ledger.AddressID, ledger.Sum) bool), backward bool) {
	hindrance := c.hindrance(&c.nodes[from], m, backward)
	for id, sum := range others {
		if id == from || (sum.Known && sum.Amount.IsZero()) || c.ledger.Nameless(id) {
			continue
		}
		h := hindrance
		if h == 0 && c.dust > 0 && sum.Known && sum.Amount.Lt(&c.facts(m.Asset).floor) {
			h = c.dust
		}
		c.meet(from, id, m, h, backward)
	}
}

// hindrance is the rule by which a transfer does not lead on, or 0.
func (c *crawl) hindrance(n *node, m ledger.Movement, backward bool) uint8 {
	if c.coinjoin > 0 && c.in.Opaque != nil && c.in.Opaque(m) {
		return c.coinjoin
	}
	if c.asset > 0 && !c.facts(m.Asset).follow {
		return c.asset
	}
	if c.window > 0 && c.cfg.Window > 0 && n.hop > 0 {
		if (!backward && m.Time > n.since+c.cfg.Window) || (backward && m.Time < n.until-c.cfg.Window) {
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

// meet notes that a transfer leads from one address to another.
func (c *crawl) meet(from, id ledger.AddressID, m ledger.Movement, hindrance uint8, backward bool) {
	hop := c.depth
	n := c.node(id)
	key := early(m.Pos)
	first := n.state == unmet
	switch {
	case first:
		c.met++
		*n = node{state: tentative, stop: hindrance, hop: hop, parent: from, tx: m.Tx, metAt: key, arrival: never, backward: backward}
	case n.state == tentative && hindrance != 0:
		n.stop = min(n.stop, hindrance)
	}
	if hindrance == 0 && n.state == tentative {
		// Only now it is met by something that leads on.
		n.state, n.stop, n.hop, n.parent, n.tx, n.metAt, n.backward = candidate, 0, hop, from, m.Tx, key, backward
		c.next = append(c.next, id)
	} else if n.hop == hop && n.backward == backward && !n.start && (n.state == candidate || n.state == tentative) && !first {
		// Met again in the same round: the earlier transfer is the parent, and
		// between equals the address that comes first.
		if cmp.Or(cmp.Compare(key, n.metAt), c.ledger.Compare(from, n.parent), c.ledger.CompareTx(m.Tx, n.tx)) < 0 && (hindrance == 0 || n.state == tentative) {
			n.parent, n.tx, n.metAt = from, m.Tx, key
		}
	}
	c.improve(id, n, m, backward)
}

// improve moves the first arrival or the last departure.
func (c *crawl) improve(id ledger.AddressID, n *node, m ledger.Movement, backward bool) {
	better := false
	if backward {
		if k := late(m.Pos) + 1; k > n.departure {
			n.departure, n.until, better = k, m.Time, true
		}
	} else if k := early(m.Pos); k < n.arrival {
		n.arrival, n.since, better = k, m.Time, true
	}
	if better && n.state == asked && n.stop == 0 && !n.dirty {
		n.dirty = true
		c.again = append(c.again, id)
	}
}

// sort puts addresses in the order of their text, each once.
func (c *crawl) sort(ids []ledger.AddressID) { slices.SortFunc(ids, c.ledger.Compare) }

func (c *crawl) finish() *Result {
	var ids []ledger.AddressID
	for id := range c.nodes {
		if c.nodes[id].state != unmet {
			ids = append(ids, ledger.AddressID(id))
		}
	}
	c.sort(ids)
	for _, id := range ids {
		n := c.nodes[id]
		v := Visit{Address: id, Hop: int(n.hop), Direction: Forward, Tx: n.tx, Parent: n.parent, HasParent: n.hop > 0}
		if n.backward {
			v.Direction = Backward
		}
		if n.stop > 0 {
			v.Stop = c.rules[n.stop-1].Name
		}
		c.result.Visits = append(c.result.Visits, v)
	}
	for g := range c.gaps {
		c.result.Gaps = append(c.result.Gaps, g)
	}
	slices.SortFunc(c.result.Gaps, func(a, b chain.Gap) int {
		return cmp.Or(strings.Compare(string(a.Address), string(b.Address)), cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Span.From, b.Span.From), cmp.Compare(a.Span.To, b.Span.To), strings.Compare(a.Reason, b.Reason))
	})
	c.result.Asked = c.asked
	return &c.result
}
