package strategy

// flow is MFTracer's simulation in order of time: all that a source pays is
// tainted, and everybody else pays taint first, as long as he has some. It asks
// for no reach, degree or threshold, and so keeps every transfer that has any
// taint. Values must be in one unit.
func (g *Graph) flow(sources []int) *found {
	f := g.nothing()
	source := make([]bool, len(g.out))
	for _, s := range sources {
		source[s] = true
		f.addresses[s] = true
	}
	tainted := make([]float64, len(g.out))
	for i, e := range g.edges {
		x := e.value
		if !source[e.from] {
			x = min(x, tainted[e.from])
			tainted[e.from] -= x
		}
		if x > 0 {
			tainted[e.to] += x
			f.addresses[e.to] = true
			f.transfers[i] = true
		}
	}
	return f
}
