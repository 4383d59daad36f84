package crawl_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/crawl"
	"github.com/scamtrace/scamtrace/internal/ledger/ledgertest"
)

// edge is one payer and one payee of a transfer, in one direction of a crawl:
// backward, from is who was paid. Its place in its block is between lo and hi.
type edge struct {
	from, to  string
	backward  bool
	lo, hi    uint64
	time      int64
	tx        string
	hindrance string // why it never leads on: coinjoin, asset or dust
	level     int    // the length of the shortest way that ends with it; 0: none
	late      bool   // it is too late for the window
}

// follows reports whether f, which arrives where e leaves, leads on to e.
func (e *edge) follows(f *edge) bool {
	if f.to != e.from || f.backward != e.backward {
		return false
	}
	if e.backward {
		return e.lo <= f.hi
	}
	return f.lo <= e.hi
}

// reference says what a crawl has to find, in the words of scenario.text. It
// knows the whole chain, and searches breadth first over transfers instead of
// addresses: a transfer is reached if its payer is a seed or was paid before, by
// a transfer that was reached. It knows neither budget nor super-nodes, gaps,
// watched seeds and payments.
func (s *scenario) reference() string {
	w := &whole{scenario: s, hop: map[string]int{}, seeds: map[string]bool{}}
	for _, start := range s.starts {
		w.seeds[s.name(start.Address)], w.hop[s.name(start.Address)] = true, 0
	}
	for i := range s.source.transfers {
		w.edges = append(w.edges, s.edges(&s.source.transfers[i])...)
	}
	for level := 1; w.search(level); level++ {
	}
	names := map[string]bool{}
	for n := range w.seeds {
		names[n] = true
	}
	for i := range w.edges {
		if w.edges[i].level > 0 {
			names[w.edges[i].to] = true
		}
	}
	var out strings.Builder
	for _, n := range slices.SortedFunc(mapKeys(names), func(a, b string) int {
		return strings.Compare(string(s.address(a)), string(s.address(b)))
	}) {
		out.WriteString(w.visit(n) + "\n")
	}
	return out.String()
}

func mapKeys(m map[string]bool) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func (s *scenario) edges(t *chain.Transfer) []edge {
	if t.Tx.Status == chain.Failed {
		return nil
	}
	var out []edge
	e := edge{
		lo: t.Tx.Pos.Height << 32, hi: t.Tx.Pos.Height<<32 | uint64(t.Tx.Pos.Index),
		time: t.Tx.Time, tx: ledgertest.TxName(t.Tx.Hash),
	}
	if t.Tx.Pos.Index != chain.UnknownIndex {
		e.lo = e.hi
	}
	for _, payer := range t.In {
		for _, payee := range t.Out {
			for _, backward := range []bool{false, true} {
				from, to := payer, payee
				if backward {
					from, to = payee, payer
				}
				unwanted := (backward && s.cfg.Direction == crawl.Forward) || (!backward && s.cfg.Direction == crawl.Backward)
				if unwanted || from.Address == to.Address || to.Address == "" || (!to.AmountUnknown && to.Amount.IsZero()) {
					continue
				}
				e.from, e.to, e.backward, e.hindrance = s.name(from.Address), s.name(to.Address), backward, ""
				floor := s.cfg.Dust[t.Asset]
				switch {
				case s.opaque[t.Tx.Hash]:
					e.hindrance = "coinjoin"
				case len(s.cfg.Assets) > 0 && !s.cfg.Assets[t.Asset]:
					e.hindrance = "asset"
				case !to.AmountUnknown && to.Amount.Lt(&floor):
					e.hindrance = "dust"
				}
				out = append(out, e)
			}
		}
	}
	return out
}

type whole struct {
	*scenario
	edges []edge
	seeds map[string]bool
	hop   map[string]int // of who was reached by a transfer that leads on
}

// search finds the transfers that ways of this length end with.
func (w *whole) search(level int) (found bool) {
	// Dust and late money do not lead on, but they are the first arrival of who
	// is followed for another reason.
	leads := func(f *edge) bool {
		return f.level > 0 && f.level < level && (f.hindrance == "" || f.hindrance == "dust")
	}
	for i := range w.edges {
		e := &w.edges[i]
		hop, reached := w.hop[e.from]
		if e.level > 0 || !reached || hop >= level || w.stop(e.from) != "" {
			continue
		}
		var first *edge
		for k := range w.edges {
			f := &w.edges[k]
			if leads(f) && f.to == e.from && f.backward == e.backward && (first == nil ||
				(!e.backward && f.lo < first.lo) || (e.backward && f.hi > first.hi)) {
				first = f
			}
		}
		if !w.seeds[e.from] && (first == nil || !e.follows(first)) {
			continue
		}
		e.level, found = level, true
		if w.cfg.Window > 0 && !w.seeds[e.from] {
			e.late = max(e.time-first.time, first.time-e.time) > w.cfg.Window
			// In a block whose order is unknown the reverse is possible.
			if (e.time < first.time) != e.backward {
				e.late = false
			}
		}
	}
	for i := range w.edges {
		e := &w.edges[i]
		if _, ok := w.hop[e.to]; !ok && e.level == level && e.hindrance == "" && !e.late {
			w.hop[e.to] = level
		}
	}
	return found
}

// stop is the rule that keeps an address that was reached from being followed.
func (w *whole) stop(name string) string {
	if label := w.labels[w.address(name)]; label != "" {
		return label
	}
	if w.hop[name] > w.cfg.MaxHops {
		return "max-hops"
	}
	return ""
}

func (w *whole) visit(name string) string {
	var stop string
	hop, reached := w.hop[name]
	if reached {
		stop = w.stop(name)
	} else {
		stop, hop = w.hindered(name)
	}
	line := fmt.Sprintf("%s %d", name, hop)
	if hop > 0 {
		way := w.way(name, hop, reached)
		line += fmt.Sprintf(" %s%s%s", way.from, map[bool]string{false: ">", true: "<"}[way.backward], way.tx)
	}
	if stop != "" {
		line += " " + stop
	}
	return line
}

// hindered is the first rule, in their order, by which a transfer to the address
// does not lead on, and the length of the shortest way that it ends.
func (w *whole) hindered(name string) (string, int) {
	order := []string{"coinjoin", "asset", "window", "dust"}
	first, hop := len(order), 0
	for i := range w.edges {
		e := &w.edges[i]
		if e.to != name || e.level == 0 {
			continue
		}
		rule := e.hindrance
		if e.late && (rule == "" || rule == "dust") {
			rule = "window"
		}
		first = min(first, slices.Index(order, rule))
		if hop == 0 || e.level < hop {
			hop = e.level
		}
	}
	return order[first], hop
}

// way is the transfer by which an address is said to be met: of those that end
// a way of its length in the direction that the first payer gives, the earliest.
func (w *whole) way(name string, hop int, reached bool) *edge {
	var ways []*edge
	for i := range w.edges {
		e := &w.edges[i]
		if e.to == name && e.level == hop && (e.hindrance == "" && !e.late) == reached {
			ways = append(ways, e)
		}
	}
	address := func(e *edge) string { return string(w.address(e.from)) }
	side := map[bool]int{false: 0, true: 1}
	first := slices.MinFunc(ways, func(a, b *edge) int {
		return cmp.Or(strings.Compare(address(a), address(b)), cmp.Compare(side[a.backward], side[b.backward]))
	})
	ways = slices.DeleteFunc(ways, func(e *edge) bool { return e.backward != first.backward })
	return slices.MinFunc(ways, func(a, b *edge) int {
		return cmp.Or(cmp.Compare(a.lo, b.lo), strings.Compare(address(a), address(b)), strings.Compare(a.tx, b.tx))
	})
}
