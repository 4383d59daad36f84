package strategy

import "math"

// ttrRedirect is the Transaction Tracing Rank as published: in time, every token
// for itself, and through swaps. Where an address gives one token and gets one
// other in a transaction, its mass does not go to the pool but on to where it
// later pays that other token. Swaps of the source itself are not seen through,
// as in the original; the way back is the mirror of the way on, which the
// original meant.
func (g *Graph) ttrRedirect(source int, epsilon float64) *found {
	r := g.unranked()
	r.expanded[source] = true
	p := &purse{chips: make([][]chip, len(g.out)), rest: make([]float64, len(g.out)), epsilon: epsilon}
	for _, token := range g.tokensOf(source) {
		r.score[source] += restart
		out := p.first(g, g.out[source], token, (1-restart)*forward, payee)
		if !out {
			p.give(source, chip{0, token, (1 - restart) * forward})
		}
		if in := p.first(g, g.in[source], token, (1-restart)*(1-forward), payer); !in && out {
			p.give(source, chip{math.MaxInt64, token, (1 - restart) * (1 - forward)})
		}
	}
	deals := make([][]deal, len(g.out))
	for v := heaviest(p.rest, nil, epsilon); v >= 0; v = heaviest(p.rest, nil, epsilon) {
		if deals[v] == nil {
			deals[v] = g.deals(v)
		}
		r.expanded[v] = true
		r.score[v] += restart * p.rest[v]
		held := merged(p.chips[v])
		p.chips[v], p.rest[v] = nil, 0
		p.push(v, deals[v], held, (1-restart)*forward, way{later, func(d deal) ([]profit, []profit) { return d.out, d.in }})
		p.push(v, deals[v], held, (1-restart)*(1-forward), way{earlier, func(d deal) ([]profit, []profit) { return d.in, d.out }})
	}
	return g.community(source, r)
}

// tokensOf are the tokens that an address paid or was paid, by number.
func (g *Graph) tokensOf(v int) (tokens []int) {
	seen := map[int]bool{}
	for _, side := range [][]int{g.out[v], g.in[v]} {
		for _, i := range side {
			if token := g.edges[i].token; !seen[token] {
				seen[token] = true
				tokens = append(tokens, token)
			}
		}
	}
	return tokens
}

// way is a direction: which deals are beyond a time, and which side of a deal
// goes on and which comes from before.
type way struct {
	beyond func(deal, chip int64) bool
	sides  func(deal) (on, from []profit)
}

// purse is the mass that waits at each address.
type purse struct {
	chips   [][]chip
	rest    []float64
	epsilon float64
}

func (p *purse) give(a int, c chip) {
	p.chips[a] = append(p.chips[a], c)
	p.rest[a] += c.mass
}

// first shares mass of the source by the amounts of one token; false where it
// has none of it on this side.
func (p *purse) first(g *Graph, edges []int, token int, mass float64, whom func(edge) int) bool {
	sum := 0.0
	for _, i := range edges {
		if g.edges[i].token == token {
			sum += g.edges[i].value
		}
	}
	if sum == 0 {
		return false
	}
	for _, i := range edges {
		if e := g.edges[i]; e.token == token && e.value > 0 {
			p.give(whom(e), chip{e.time, token, mass * e.value / sum})
		}
	}
	return true
}

// place is a profit in the deals of an address.
type place struct{ deal, profit int }

// push gives a share of the chips to those whom the deals beyond their time show,
// by token and amount. A chip with no deal beyond it stays; one with none of its
// token is lost, as in the original.
func (p *purse) push(v int, deals []deal, held []chip, share float64, w way) {
	mass := make([][]float64, len(deals))
	for k, d := range deals {
		on, _ := w.sides(d)
		mass[k] = make([]float64, len(on))
	}
	for _, c := range held {
		sum, beyond := 0.0, false
		for _, d := range deals {
			if w.beyond(d.time, c.time) {
				beyond = true
				on, _ := w.sides(d)
				sum += amountOf(on, c.token)
			}
		}
		if !beyond {
			p.give(v, chip{c.time, c.token, share * c.mass})
		}
		if sum == 0 {
			continue
		}
		for k, d := range deals {
			if !w.beyond(d.time, c.time) {
				continue
			}
			on, _ := w.sides(d)
			for i, x := range on {
				if x.token == c.token {
					mass[k][i] += share * c.mass * x.amount / sum
				}
			}
		}
	}
	for k := range deals {
		for i, m := range mass[k] {
			if m > 0 {
				p.redirect(deals, place{k, i}, m, w)
			}
		}
	}
}

// redirect gives mass to the counterparty of a profit, or if its deal is a swap
// to those whom the token got by it went to afterwards, in equal shares.
func (p *purse) redirect(deals []deal, from place, mass float64, w way) {
	var targets []place
	visited := map[place]bool{from: true}
	for stack := []place{from}; len(stack) > 0; {
		at := stack[len(stack)-1]
		small := mass/float64(len(stack)) < p.epsilon
		stack = stack[:len(stack)-1]
		_, got := w.sides(deals[at.deal])
		token, swap := only(got)
		if !swap || small {
			targets = append(targets, at)
			continue
		}
		for k, d := range deals {
			if !w.beyond(d.time, deals[at.deal].time) {
				continue
			}
			on, _ := w.sides(d)
			for i, x := range on {
				if next := (place{k, i}); x.token == token && !visited[next] {
					visited[next] = true
					stack = append(stack, next)
				}
			}
		}
	}
	for _, at := range targets {
		on, _ := w.sides(deals[at.deal])
		x := on[at.profit]
		p.give(x.party, chip{deals[at.deal].time, x.token, mass / float64(len(targets))})
	}
}

func amountOf(side []profit, token int) (sum float64) {
	for _, x := range side {
		if x.token == token {
			sum += x.amount
		}
	}
	return sum
}
