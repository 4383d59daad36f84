package crawl

import (
	"fmt"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// Rule is one reason not to follow an address.
type Rule struct {
	// Name is what the tables say in the column stop.
	Name string
	// Doc is one sentence.
	Doc string
	// Ref is where the rule comes from.
	Ref string
	// Optional rules are those that a configuration may leave out.
	Optional bool
	// before decides on an address before it is asked, after with the answer at
	// hand. A rule without either is decided by the transfers that lead there.
	before, after func(*crawl, ledger.AddressID, *node) bool
}

// Rules lists every rule, in the order in which they are tried: the first that
// fires is the one a Visit names.
func Rules() []Rule {
	return []Rule{
		{Name: "watch", Doc: "The seed list asks to watch this address, not to follow it.", Ref: "seed role watch", after: isWatched},
		{Name: "exchange", Doc: "A label says exchange: inside, its own books decide who owns what.", Ref: "practice: never trace through a hot wallet", Optional: true, before: labelled("exchange")},
		{Name: "mixer", Doc: "A label says mixer: what comes out is not what went in.", Ref: "practice 1.4 MIXER", Optional: true, before: labelled("mixer")},
		{Name: "bridge", Doc: "A label says bridge: the money goes on, on another chain.", Ref: "practice 1.4 BRIDGE_UNMATCHED", Optional: true, before: labelled("bridge")},
		{Name: "service", Doc: "A label names a service (dex, payment processor, gambling, pool) that serves everybody.", Ref: "practice 1.4 DEX_POOL, VASP_OTHER", Optional: true, before: labelled("service")},
		{Name: "contract", Doc: "The address carries code: it was created, called others, issued a token or is labelled so; the null address counts too.", Ref: "practice 1.4 CONTRACT_UNKNOWN", Optional: true, before: isContract, after: isContract},
		{Name: "max-hops", Doc: "The address is further from the seeds than crawl.max_hops.", Ref: "practice 1.4 MAX_HOPS", Optional: true, before: isFar},
		{Name: "budget", Doc: "crawl.budget addresses were asked before.", Ref: "practice 1.4 BUDGET", Optional: true, before: isOverBudget},
		{Name: "coverage-gap", Doc: "The source could not tell all of this address; coverage says what is missing.", Ref: "practice 1.4 COVERAGE_GAP", after: hasGap},
		{Name: "super-node", Doc: "The address has more counterparties or transfers than crawl.super_node allows: probably a service without a label, a finding to review.", Ref: "practice 1.4 HIGH_DEGREE", Optional: true, after: isSuperNode},
		{Name: "coinjoin", Doc: "The address was only paid by CoinJoin transactions, whose outputs cannot be told apart.", Ref: "attribution 2.4.9, taint 2.4", Optional: true},
		{Name: "asset", Doc: "The address was only paid in assets that crawl.assets does not list.", Ref: "taint 2.5, counterfeit tokens", Optional: true},
		{Name: "window", Doc: "The address was only paid later than crawl.window after the payer's first arrival.", Ref: "reference/practice 1.4", Optional: true},
		{Name: "direction", Doc: "Money arrived on the side that crawl.direction does not follow.", Ref: "crawl.direction"},
		{Name: "no-address", Doc: "The output names no address: data, a bare script, or money burnt.", Ref: "chain.Address"},
		{Name: "dust", Doc: "The address was only paid amounts below crawl.dust.", Ref: "practice 1.4 DUST", Optional: true},
	}
}

func isWatched(_ *crawl, _ ledger.AddressID, n *node) bool { return n.watch && !n.start }

func labelled(name string) func(*crawl, ledger.AddressID, *node) bool {
	return func(c *crawl, id ledger.AddressID, _ *node) bool {
		return c.labelRule(id) == name
	}
}

// labelRule is what the labels of an address call for, kept for the next rule.
func (c *crawl) labelRule(id ledger.AddressID) string {
	if c.in.Label == nil {
		return ""
	}
	if !c.labelled || c.labelOf != id {
		c.label, c.labelOf, c.labelled = c.in.Label(c.ledger.Text(id)), id, true
	}
	return c.label
}

func isContract(c *crawl, id ledger.AddressID, n *node) bool {
	return n.hop > 0 && (c.ledger.Contract(id) || c.labelRule(id) == "contract")
}

func isFar(c *crawl, _ ledger.AddressID, n *node) bool { return int(n.hop) > c.cfg.MaxHops }

func isOverBudget(c *crawl, _ ledger.AddressID, _ *node) bool { return c.asked >= c.cfg.Budget }

func hasGap(c *crawl, id ledger.AddressID, _ *node) bool {
	text := c.ledger.Text(id)
	return c.gapped[text] && !c.hubs[text]
}

// isSuperNode counts the transfers of an address, and its counterparties only
// when there are enough transfers for too many. A counterparty is someone with
// whom money was exchanged: anybody can send an address nothing, or name it in a
// transaction that fails.
func isSuperNode(c *crawl, id ledger.AddressID, _ *node) bool {
	most := c.cfg.SuperNode
	if c.hubs[c.ledger.Text(id)] {
		return true
	}
	if c.ledger.Degree(id, most.Transfers) > most.Transfers {
		return true
	}
	if c.ledger.Chain().Family == chain.Account && c.ledger.Degree(id, most.Counterparties) <= most.Counterparties {
		return false // one counterparty a transfer
	}
	met := map[ledger.AddressID]struct{}{}
	count := func(m ledger.Movement, others func(func(ledger.AddressID, ledger.Sum) bool)) {
		for a, sum := range others {
			if !m.Failed && a != id && !c.ledger.Nameless(a) && (!sum.Known || !sum.Amount.IsZero()) {
				met[a] = struct{}{}
			}
		}
	}
	for m := range c.ledger.Paid(id) {
		count(m, m.Payees())
	}
	for m := range c.ledger.Received(id) {
		count(m, m.Payers())
	}
	return len(met) > most.Counterparties
}

// selected returns for each rule whether the configuration wants it.
func selected(names []string) ([]bool, error) {
	rules := Rules()
	on := make([]bool, len(rules))
	for i, r := range rules {
		on[i] = !r.Optional
	}
names:
	for _, name := range names {
		for i, r := range rules {
			if r.Name == name {
				on[i] = true
				continue names
			}
		}
		var known []string
		for _, r := range rules {
			if r.Optional {
				known = append(known, r.Name)
			}
		}
		return nil, fmt.Errorf("unknown rule %q in crawl.rules: use %s, or none", name, strings.Join(known, ", "))
	}
	return on, nil
}
