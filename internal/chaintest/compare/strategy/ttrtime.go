package strategy

import (
	"cmp"
	"math"
	"slices"
)

// chip is mass that an address got at a time, and in the rank that redirects of a
// token: it goes on with later payments, and back with earlier ones.
type chip struct {
	time  int64
	token int
	mass  float64
}

// ttrTime is the Transaction Tracing Rank in time. The source's own chips bear
// the times of its own transfers, as in the original: so its first payment never
// gets any mass.
func (g *Graph) ttrTime(source int, epsilon float64) *found {
	r := g.unranked()
	r.expanded[source] = true
	r.score[source] = restart
	chips := make([][]chip, len(g.out))
	rest := make([]float64, len(g.out))
	park := func(edges []int, mass float64, never int64) {
		sum := g.sum(edges)
		if sum == 0 {
			chips[source] = append(chips[source], chip{time: never, mass: mass})
			return
		}
		for _, i := range edges {
			chips[source] = append(chips[source], chip{time: g.edges[i].time, mass: mass * g.edges[i].value / sum})
		}
	}
	park(g.out[source], (1-restart)*forward, 0)
	park(g.in[source], (1-restart)*(1-forward), math.MaxInt64)
	rest[source] = 1 - restart
	for v := heaviest(rest, nil, epsilon); v >= 0; v = heaviest(rest, nil, epsilon) {
		r.expanded[v] = true
		r.score[v] += restart * rest[v]
		held := merged(chips[v])
		chips[v], rest[v] = nil, 0
		give := func(a int, c chip) {
			chips[a] = append(chips[a], c)
			rest[a] += c.mass
		}
		for _, c := range g.spend(g.out[v], held, (1-restart)*forward, later, payee, give) {
			give(v, c)
		}
		for _, c := range g.spend(g.in[v], held, (1-restart)*(1-forward), earlier, payer, give) {
			give(v, c)
		}
	}
	return g.community(source, r)
}

func later(a, b int64) bool   { return a > b }
func earlier(a, b int64) bool { return a < b }

// spend gives a share of each chip to those transfers that it may go on with, by
// amount, and returns the share of the chips that have none.
func (g *Graph) spend(edges []int, held []chip, share float64, after func(edge, chip int64) bool, whom func(edge) int, give func(int, chip)) (stay []chip) {
	mass := make([]float64, len(edges)) // per edge, so that chips do not multiply
	for _, c := range held {
		sum := 0.0
		for _, i := range edges {
			if after(g.edges[i].time, c.time) {
				sum += g.edges[i].value
			}
		}
		if sum == 0 {
			stay = append(stay, chip{time: c.time, mass: share * c.mass})
			continue
		}
		for k, i := range edges {
			if after(g.edges[i].time, c.time) {
				mass[k] += share * c.mass * g.edges[i].value / sum
			}
		}
	}
	for k, i := range edges {
		if mass[k] > 0 {
			give(whom(g.edges[i]), chip{time: g.edges[i].time, mass: mass[k]})
		}
	}
	return stay
}

// merged makes one chip of those of one time and token.
func merged(list []chip) []chip {
	slices.SortStableFunc(list, func(a, b chip) int {
		return cmp.Or(cmp.Compare(a.time, b.time), cmp.Compare(a.token, b.token))
	})
	var out []chip
	for _, c := range list {
		if n := len(out); n > 0 && out[n-1].time == c.time && out[n-1].token == c.token {
			out[n-1].mass += c.mass
			continue
		}
		out = append(out, c)
	}
	return out
}
