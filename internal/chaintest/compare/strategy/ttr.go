package strategy

// ttr is the Transaction Tracing Rank without time: an address shares what it has
// left among those it paid, and less of it among those who paid it, equally by
// transfer or by amount. Where a side is missing its share is lost.
func (g *Graph) ttr(source int, epsilon float64, byAmount bool) *found {
	r := g.unranked()
	rest := make([]float64, len(g.out))
	rest[source] = 1
	for v := source; v >= 0; v = heaviest(rest, nil, epsilon) {
		r.expanded[v] = true
		mass := rest[v]
		r.score[v] += restart * mass
		rest[v] = 0
		give := func(edges []int, mass float64, whom func(edge) int) {
			sum := g.sum(edges)
			for _, i := range edges {
				e := g.edges[i]
				switch {
				case !byAmount:
					rest[whom(e)] += mass / float64(len(edges))
				case sum > 0:
					rest[whom(e)] += mass * e.value / sum
				}
			}
		}
		give(g.out[v], (1-restart)*forward*mass, payee)
		give(g.in[v], (1-restart)*(1-forward)*mass, payer)
	}
	return g.community(source, r)
}

func payee(e edge) int { return e.to }
func payer(e edge) int { return e.from }
