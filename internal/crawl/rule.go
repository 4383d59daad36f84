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
	// stops decides on an address before it is asked; nil for rules that are
	// found elsewhere: by the answer, or by the transfer that leads there.
	stops func(*crawl, ledger.AddressID, *node) bool
	// late rules are decided once more with the answer at hand.
	late bool
}

// Rules lists every rule, in the order in which they are tried: the first that
// fires is the one a Visit names.
func Rules() []Rule {
	return []Rule{
		{Name: "watch", Doc: "The seed list asks to watch this address, not to follow it.", Ref: "seed role watch", stops: isWatched, late: true},
		{Name: "exchange", Doc: "A label says exchange: inside, its own books decide who owns what.", Ref: "practice: never trace through a hot wallet", Optional: true, stops: labelled("exchange")},
		{Name: "mixer", Doc: "A label says mixer: what comes out is not what went in.", Ref: "practice 1.4 MIXER", Optional: true, stops: labelled("mixer")},
		{Name: "bridge", Doc: "A label says bridge: the money goes on, on another chain.", Ref: "practice 1.4 BRIDGE_UNMATCHED", Optional: true, stops: labelled("bridge")},
		{Name: "service", Doc: "A label names a service (dex, payment processor, gambling, pool) that serves everybody.", Ref: "practice 1.4 DEX_POOL, VASP_OTHER", Optional: true, stops: labelled("service")},
		{Name: "contract", Doc: "The address carries code: it was created, called others, issued a token or is labelled so; the null address counts too.", Ref: "practice 1.4 CONTRACT_UNKNOWN", Optional: true, stops: isContract, late: true},
		{Name: "max-hops", Doc: "The address is further from the seeds than crawl.max_hops.", Ref: "practice 1.4 MAX_HOPS", Optional: true, stops: isFar},
		{Name: "budget", Doc: "crawl.budget addresses were asked before.", Ref: "practice 1.4 BUDGET", Optional: true, stops: isOverBudget},
		{Name: "coverage-gap", Doc: "The source could not tell all of this address; coverage says what is missing.", Ref: "practice 1.4 COVERAGE_GAP"},
		{Name: "super-node", Doc: "The address has more counterparties or transfers than crawl.super_node allows: probably a service without a label, a finding to review.", Ref: "practice 1.4 HIGH_DEGREE", Optional: true, stops: isSuperNode, late: true},
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
	return n.hop > 0 && (c.ledger.Contract(id) || labelled("contract")(c, id, n))
}

func isFar(c *crawl, _ ledger.AddressID, n *node) bool { return int(n.hop) > c.cfg.MaxHops }

func isOverBudget(c *crawl, _ ledger.AddressID, _ *node) bool { return c.asked >= c.cfg.Budget }

// isSuperNode counts the transfers of an asked address, and its counterparties
// only when there are enough transfers for too many.
func isSuperNode(c *crawl, id ledger.AddressID, n *node) bool {
	if n.state != asked {
		return false
	}
	transfers := 0
	for range c.ledger.Paid(id) {
		transfers++
	}
	for range c.ledger.Received(id) {
		transfers++
	}
	if transfers > c.cfg.SuperNode.Transfers {
		return true
	}
	if transfers <= c.cfg.SuperNode.Counterparties && c.ledger.Chain().Family == chain.Account {
		return false // one counterparty a transfer
	}
	met := map[ledger.AddressID]bool{}
	for m := range c.ledger.Paid(id) {
		for a := range m.Payees() {
			met[a] = true
		}
	}
	for m := range c.ledger.Received(id) {
		for a := range m.Payers() {
			met[a] = true
		}
	}
	delete(met, id)
	return len(met) > c.cfg.SuperNode.Counterparties
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
