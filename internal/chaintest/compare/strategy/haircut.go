package strategy

// haircut shares the weight of an address, 1 for the source, among those it paid,
// in proportion to the amounts, and goes on with the heaviest address that is not
// expanded yet, while it weighs least or more. What arrives at an expanded
// address stays there.
func (g *Graph) haircut(source int, least float64) *found {
	f := g.nothing()
	f.addresses[source] = true
	weight := make([]float64, len(g.out))
	weight[source] = 1
	expanded := make([]bool, len(g.out))
	for v := source; v >= 0; v = heaviest(weight, expanded, least) {
		expanded[v] = true
		sum := g.sum(g.out[v])
		for _, i := range g.out[v] {
			e := g.edges[i]
			f.transfers[i] = true
			f.addresses[e.to] = true
			if sum > 0 {
				weight[e.to] += weight[v] * e.value / sum
			}
		}
		weight[v] = 0
	}
	return f
}

// heaviest is the address of the most weight that is not left out, the first of
// equals, or -1 where none weighs enough.
func heaviest(weight []float64, not []bool, least float64) int {
	best := -1
	for v, w := range weight {
		if w >= least && (not == nil || !not[v]) && (best < 0 || w > weight[best]) {
			best = v
		}
	}
	return best
}

func (g *Graph) sum(edges []int) (total float64) {
	for _, i := range edges {
		total += g.edges[i].value
	}
	return total
}
