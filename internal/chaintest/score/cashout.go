package score

import (
	"cmp"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/report"
	"github.com/scamtrace/scamtrace/internal/table"
)

// stopExchange is the rule that stops at an exchange.
const stopExchange = "exchange"

// CashOut scores what each method says of each exchange against the reference:
// Found are the rows of endpoints that are equal, Of all rows that either side
// has, Wrong the sum over assets of what the exchange's total is off, in base
// units. One unit off is an error.
func CashOut(t *Truth, r *Run) []Row {
	type group struct{ method, exchange string }
	type asset struct {
		group
		chain, asset string
	}
	rows, equal := map[group]int{}, map[group]int{}
	off := map[asset]*big.Int{}
	add := func(a asset, n *big.Int, sign int64) {
		if off[a] == nil {
			off[a] = new(big.Int)
		}
		off[a].Add(off[a], new(big.Int).Mul(n, big.NewInt(sign)))
	}

	expected := map[Endpoint]*big.Int{}
	for _, e := range t.Expected {
		if e.Stop != stopExchange {
			continue
		}
		g := group{e.Method, t.holder(Place{e.Chain, e.Address})}
		expected[e.Endpoint] = e.Value
		rows[g]++
		add(asset{g, e.Chain, e.Asset}, e.Value, -1)
	}
	for i := range r.Endpoints {
		e := &r.Endpoints[i]
		if e.Stop != stopExchange {
			continue
		}
		g := group{e.Method, t.namedBy(r, Place{e.Chain, e.Address})}
		value := units(e.ValueLossless)
		add(asset{g, e.Chain, e.Asset}, value, 1)
		want, ok := expected[endpointOf(e)]
		same := g.exchange == t.holder(Place{e.Chain, e.Address})
		switch {
		case !ok || !same:
			rows[g]++
		case want.Cmp(value) == 0:
			equal[g]++
		}
	}
	errors := map[group]*big.Int{}
	for a, n := range off {
		if errors[a.group] == nil {
			errors[a.group] = new(big.Int)
		}
		errors[a.group].Add(errors[a.group], new(big.Int).Abs(n))
	}
	groups := slices.SortedFunc(maps.Keys(rows), func(a, b group) int {
		return strings.Compare(a.method+"\x00"+a.exchange, b.method+"\x00"+b.exchange)
	})
	var out []Row
	for _, g := range groups {
		out = append(out, Row{
			Name:  "cash-out at " + g.exchange + ", " + g.method + ", wrong in base units",
			Found: N(equal[g]), Of: N(rows[g]), Wrong: errors[g], Amount: true,
		})
	}
	return out
}

// Endpoints scores the rows of endpoints of each method against the reference,
// wherever the money is: a row is found if its amount is right to the unit, and
// wrong if the reference has no such row.
func Endpoints(t *Truth, r *Run) []Row {
	of, found, wrong := map[string]int{}, map[string]int{}, map[string]int{}
	expected := map[Endpoint]*big.Int{}
	for _, e := range t.Expected {
		expected[e.Endpoint] = e.Value
		of[e.Method]++
	}
	for i := range r.Endpoints {
		e := &r.Endpoints[i]
		if want, ok := expected[endpointOf(e)]; ok && want.Cmp(units(e.ValueLossless)) == 0 {
			found[e.Method]++
		} else {
			wrong[e.Method]++
		}
	}
	var out []Row
	for _, method := range slices.Sorted(maps.Keys(of)) {
		out = append(out, Row{
			Name: "where the money is, " + method, Found: N(found[method]), Of: N(of[method]), Wrong: N(wrong[method]),
		})
	}
	return out
}

func endpointOf(e *table.Endpoint) Endpoint {
	return Endpoint{e.CaseID, e.Seed, e.Method, e.Chain, e.Asset, e.Address, e.Stop}
}

// Deposited shows what one method finds at each exchange beside what the scam
// truly paid in, by asset, less than one of the unit aside. It is for people: no method is measured by it, since
// seeds are few and a method's answer is its own.
func Deposited(t *Truth, r *Run, method string) []Row {
	type place struct{ exchange, chain, asset string }
	paid, found := map[place]*big.Int{}, map[place]*big.Int{}
	add := func(m map[place]*big.Int, p place, n *big.Int) {
		if m[p] == nil {
			m[p] = new(big.Int)
		}
		m[p].Add(m[p], n)
	}
	for _, d := range t.Deposits {
		if t.Scam(d.Controller) {
			add(paid, place{d.Exchange, d.Chain, d.Asset}, d.Amount)
		}
	}
	for _, e := range r.Endpoints {
		if e.Method == method && e.Stop == stopExchange {
			add(found, place{r.actor[Place{e.Chain, e.Address}], e.Chain, e.Asset}, units(e.ValueLossless))
		}
	}
	places := slices.SortedFunc(maps.Keys(paid), func(a, b place) int {
		return strings.Compare(strings.Join([]string{a.exchange, a.chain, a.asset}, "\x00"), strings.Join([]string{b.exchange, b.chain, b.asset}, "\x00"))
	})
	var out []Row
	for _, p := range places {
		unit, scale := shownIn(p.chain, p.asset)
		if found[p] == nil {
			found[p] = new(big.Int)
		}
		row := Row{
			Name:  p.exchange + ": " + method + " of what was truly paid in, " + unit,
			Found: new(big.Int).Quo(found[p], scale), Of: new(big.Int).Quo(paid[p], scale), Shown: true,
		}
		if row.Of.Sign() > 0 {
			out = append(out, row)
		}
	}
	return out
}

// shownIn is the unit in which people read an amount: whole tokens, and
// thousandths of a chain's own coin.
func shownIn(name, asset string) (unit string, scale *big.Int) {
	c, err := chain.Lookup(name)
	if err != nil {
		return "base units of " + asset, big.NewInt(1)
	}
	u := report.UnitOf(c, chain.Asset(asset))
	unit, decimals := u.Symbol, u.Decimals
	if asset == string(chain.Native) {
		unit, decimals = "m"+u.Symbol, u.Decimals-3
	}
	return unit, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil)
}

// holder is whose money lies at a place: the exchange's, or, where a label calls
// a desk an exchange that is none, who uses it.
func (t *Truth) holder(at Place) string {
	p := t.Addresses[at]
	return cmp.Or(p.Exchange, p.Controller, at.Address)
}

// namedBy is the exchange that a run says holds a place. What is no exchange is
// called as the truth calls it: its label has no name to be right.
func (t *Truth) namedBy(r *Run, at Place) string {
	if t.Addresses[at].Exchange == "" {
		return t.holder(at)
	}
	return r.actor[at]
}

// units reads an amount that the program wrote. Its tables are checked when they
// are read, so that another text than digits cannot be met.
func units(lossless string) *big.Int {
	n, ok := new(big.Int).SetString(lossless, 10)
	if !ok {
		return new(big.Int)
	}
	return n
}
