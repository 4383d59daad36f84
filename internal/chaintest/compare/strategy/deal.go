package strategy

import (
	"cmp"
	"slices"
)

// deal is what a transaction changed for one address, netted by token and
// counterparty.
type deal struct {
	time    int64
	in, out []profit
}

// profit is what a deal brought of a token from somebody, or cost to him.
type profit struct {
	token, party int
	amount       float64 // above 0
}

// deals of an address, in order of time.
func (g *Graph) deals(v int) []deal {
	edges := slices.Concat(g.out[v], g.in[v])
	slices.Sort(edges)
	edges = slices.Compact(edges)
	slices.SortStableFunc(edges, func(a, b int) int {
		return cmp.Or(cmp.Compare(g.edges[a].time, g.edges[b].time), cmp.Compare(g.edges[a].tx, g.edges[b].tx))
	})
	var list []deal
	for len(edges) > 0 {
		n := 1
		for n < len(edges) && g.edges[edges[n]].tx == g.edges[edges[0]].tx {
			n++
		}
		if d := g.netted(v, edges[:n]); len(d.in)+len(d.out) > 0 {
			list = append(list, d)
		}
		edges = edges[n:]
	}
	return list
}

// netted makes a deal of the transfers of one transaction.
func (g *Graph) netted(v int, edges []int) deal {
	var net []profit
	add := func(token, party int, amount float64) {
		i := slices.IndexFunc(net, func(p profit) bool { return p.token == token && p.party == party })
		if i < 0 {
			i = len(net)
			net = append(net, profit{token: token, party: party})
		}
		net[i].amount += amount
	}
	d := deal{time: g.edges[edges[0]].time}
	for _, i := range edges {
		switch e := g.edges[i]; {
		case e.from == e.to:
		case e.to == v:
			add(e.token, e.from, e.value)
		default:
			add(e.token, e.to, -e.value)
		}
	}
	for _, p := range net {
		switch {
		case p.amount > 0:
			d.in = append(d.in, p)
		case p.amount < 0:
			p.amount = -p.amount
			d.out = append(d.out, p)
		}
	}
	return d
}

// only is the one token of a side, if it has one alone.
func only(side []profit) (token int, ok bool) {
	for i, p := range side {
		if i > 0 && p.token != token {
			return 0, false
		}
		token = p.token
	}
	return token, len(side) > 0
}
