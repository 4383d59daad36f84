package strategy

import "fmt"

func deep(name, ref string, hops int, both bool) Strategy {
	return Strategy{
		Name: fmt.Sprintf("%s, %d hops", name, hops), Ref: ref,
		find: each(func(g *Graph, s int) *found { return g.breadth(s, hops, both) }),
	}
}

// breadth expands every address nearer than so many hops, and keeps what it
// asked for: all transfers of the expanded addresses, or only what they paid. It
// knows no order of time.
func (g *Graph) breadth(source, hops int, both bool) *found {
	f := g.nothing()
	f.addresses[source] = true
	for frontier := []int{source}; hops > 0 && len(frontier) > 0; hops-- {
		var next []int
		meet := func(i, a int) {
			f.transfers[i] = true
			if !f.addresses[a] {
				f.addresses[a] = true
				next = append(next, a)
			}
		}
		for _, v := range frontier {
			for _, i := range g.out[v] {
				meet(i, g.edges[i].to)
			}
			if both {
				for _, i := range g.in[v] {
					meet(i, g.edges[i].from)
				}
			}
		}
		frontier = next
	}
	return f
}
