package strategy

import (
	"cmp"
	"slices"
)

// Transfer is one movement of one asset.
type Transfer struct {
	Tx, Asset, From, To string
	// Value is in units of the asset.
	Value float64
	// Time is in seconds; transfers of one time are taken in the order given.
	Time int64
}

// edge is a transfer between numbered addresses.
type edge struct {
	from, to  int
	tx, token int
	value     float64
	time      int64
}

// Graph is all transfers that a strategy may ask for.
type Graph struct {
	number  map[string]int // of addresses
	edges   []edge         // in order of time
	out, in [][]int        // by address: its edges
}

// New makes a graph of transfers, in order of time.
func New(transfers []Transfer) *Graph {
	g := &Graph{number: map[string]int{}}
	sorted := slices.Clone(transfers)
	slices.SortStableFunc(sorted, func(a, b Transfer) int { return cmp.Compare(a.Time, b.Time) })
	txs, tokens := map[string]int{}, map[string]int{}
	for i, t := range sorted {
		from, to := g.address(t.From), g.address(t.To)
		g.edges = append(g.edges, edge{from, to, numbered(txs, t.Tx), numbered(tokens, t.Asset), t.Value, t.Time})
		g.out[from] = append(g.out[from], i)
		g.in[to] = append(g.in[to], i)
	}
	return g
}

func (g *Graph) address(a string) int {
	n := numbered(g.number, a)
	if n == len(g.out) {
		g.out, g.in = append(g.out, nil), append(g.in, nil)
	}
	return n
}

// numbered is the number of a name, the next one for a new name.
func numbered(names map[string]int, name string) int {
	n, ok := names[name]
	if !ok {
		n = len(names)
		names[name] = n
	}
	return n
}

// Witness is what a strategy holds up: a part of the graph.
type Witness struct {
	Addresses map[string]bool
	// Transfers are numbers of transfers in order of time.
	Transfers map[int]bool
}

// found collects a witness in numbers.
type found struct {
	addresses []bool
	transfers map[int]bool
}

func (g *Graph) nothing() *found {
	return &found{addresses: make([]bool, len(g.out)), transfers: map[int]bool{}}
}

func (g *Graph) witness(f *found) Witness {
	w := Witness{Addresses: map[string]bool{}, Transfers: f.transfers}
	for a, n := range g.number {
		if f.addresses[n] {
			w.Addresses[a] = true
		}
	}
	return w
}

// Trace runs a strategy from each source apart, as the originals do, and unites
// what it found. A source without transfers stands alone.
func (g *Graph) Trace(s Strategy, sources ...string) Witness {
	all := Witness{Addresses: map[string]bool{}, Transfers: map[int]bool{}}
	var known []int
	for _, a := range sources {
		all.Addresses[a] = true
		if n, ok := g.number[a]; ok {
			known = append(known, n)
		}
	}
	for _, f := range s.find(g, known) {
		w := g.witness(f)
		for a := range w.Addresses {
			all.Addresses[a] = true
		}
		for i := range w.Transfers {
			all.Transfers[i] = true
		}
	}
	return all
}
