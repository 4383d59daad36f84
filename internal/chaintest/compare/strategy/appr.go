package strategy

import "slices"

// appr is approximate personalized PageRank by local push: an address keeps a
// part of what it has left and shares the rest equally among its neighbours,
// whoever paid whom.
func (g *Graph) appr(source int, epsilon float64) *found {
	r := g.unranked()
	rest := make([]float64, len(g.out))
	rest[source] = 1
	near := make([][]int, len(g.out))
	for v := source; v >= 0; v = heaviest(rest, nil, epsilon) {
		if !r.expanded[v] {
			r.expanded[v] = true
			near[v] = g.neighbours(v)
		}
		mass := rest[v]
		r.score[v] += restart * mass
		rest[v] = 0
		for _, n := range near[v] {
			rest[n] += (1 - restart) * mass / float64(len(near[v]))
		}
	}
	return g.community(source, r)
}

// neighbours are whom an address paid and who paid it, each once.
func (g *Graph) neighbours(v int) []int {
	var list []int
	for _, i := range g.out[v] {
		list = append(list, g.edges[i].to)
	}
	for _, i := range g.in[v] {
		list = append(list, g.edges[i].from)
	}
	slices.Sort(list)
	return slices.Compact(list)
}
