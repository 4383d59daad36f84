package strategy

// Strategy is one way to choose.
type Strategy struct {
	// Name has the parameters in it.
	Name string
	// Ref is where it is defined.
	Ref string
	// USD strategies need all values in one unit, because they add them up.
	USD bool

	find func(g *Graph, sources []int) []*found
}

const (
	restart = 0.15 // α of APPR and TTR
	forward = 0.8  // β of TTR: the share that goes the way of the money
	cut     = 1e-3 // φ of the local community
)

// All lists the strategies with the parameters that their authors ship. Breadth
// and poison are there once more with the reach of our crawl, since two hops see
// little of a laundering of thirteen.
func All(hops int) []Strategy {
	return []Strategy{
		{Name: "BFS, 2 hops", Ref: "taint.md §3.1", find: each(func(g *Graph, s int) *found { return g.breadth(s, 2, true) })},
		deep("BFS", "taint.md §3.1", hops, true),
		{Name: "Poison, 2 hops", Ref: "taint.md §3.2", find: each(func(g *Graph, s int) *found { return g.breadth(s, 2, false) })},
		deep("Poison", "taint.md §3.2", hops, false),
		{Name: "Haircut, 1e-3", Ref: "taint.md §3.3", find: each(func(g *Graph, s int) *found { return g.haircut(s, 1e-3) })},
		{Name: "APPR, 1e-5", Ref: "taint.md §3.4, §3.9", find: each(func(g *Graph, s int) *found { return g.appr(s, 1e-5) })},
		{Name: "TTRBase, 1e-3", Ref: "taint.md §3.5, §3.9", find: each(func(g *Graph, s int) *found { return g.ttr(s, 1e-3, false) })},
		{Name: "TTRWeight, 1e-3", Ref: "taint.md §3.6, §3.9", find: each(func(g *Graph, s int) *found { return g.ttr(s, 1e-3, true) })},
		{Name: "TTRTime, 1e-3", Ref: "taint.md §3.7, §3.9", find: each(func(g *Graph, s int) *found { return g.ttrTime(s, 1e-3) })},
		{Name: "TTRRedirect, 1e-3", Ref: "taint.md §3.8, §3.9", find: each(func(g *Graph, s int) *found { return g.ttrRedirect(s, 1e-3) })},
		{Name: "MFTracer, no limits", Ref: "taint.md §3.11", USD: true, find: func(g *Graph, sources []int) []*found { return []*found{g.flow(sources)} }},
	}
}

// each runs a strategy of one source for every source.
func each(one func(*Graph, int) *found) func(*Graph, []int) []*found {
	return func(g *Graph, sources []int) []*found {
		var all []*found
		for _, s := range sources {
			all = append(all, one(g, s))
		}
		return all
	}
}
