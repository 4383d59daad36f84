package strategy

import (
	"cmp"
	"slices"
)

// rank is how near each address is to the source, and what was asked to know it.
type rank struct {
	score    []float64
	expanded []bool
}

func (g *Graph) unranked() *rank {
	return &rank{score: make([]float64, len(g.out)), expanded: make([]bool, len(g.out))}
}

// community cuts the ranked addresses down to those that belong to the source:
// it takes the best until what borders on it scores less than the 1000th part of
// it. The witness has the transfers between its members.
func (g *Graph) community(source int, r *rank) *found {
	near := g.fetched(r)
	f := g.nothing()
	border := map[int]bool{}
	in, out := 0.0, 0.0
	join := func(v int) {
		f.addresses[v] = true
		in += r.score[v]
		if border[v] {
			delete(border, v)
			out -= r.score[v]
		}
		for _, n := range near[v] {
			if !f.addresses[n] && !border[n] {
				border[n] = true
				out += r.score[n]
			}
		}
	}
	join(source)
	for _, v := range r.best() {
		if out < cut*in {
			break
		}
		if !f.addresses[v] && len(near[v]) > 0 {
			join(v)
		}
	}
	for i, e := range g.edges {
		if f.addresses[e.from] && f.addresses[e.to] && (r.expanded[e.from] || r.expanded[e.to]) {
			f.transfers[i] = true
		}
	}
	return f
}

// best are the addresses that have a score, by score.
func (r *rank) best() []int {
	var list []int
	for v, s := range r.score {
		if s > 0 {
			list = append(list, v)
		}
	}
	slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(r.score[b], r.score[a]) })
	return list
}

// fetched are the neighbours that the transfers of expanded addresses show, in
// both directions.
func (g *Graph) fetched(r *rank) [][]int {
	near := make([][]int, len(g.out))
	for _, e := range g.edges {
		if r.expanded[e.from] || r.expanded[e.to] {
			near[e.from] = append(near[e.from], e.to)
			near[e.to] = append(near[e.to], e.from)
		}
	}
	return near
}
