package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/scamtrace/scamtrace/internal/chaintest/compare"
	"github.com/scamtrace/scamtrace/internal/chaintest/compare/strategy"
	"github.com/scamtrace/scamtrace/internal/table"
)

// targets are the addresses of a set that a good witness graph has in it.
type targets struct {
	set                string
	terminals, members map[string]bool
	// verified is how many transfers the flow has, where all of the set are.
	verified int
}

// graph counts the targets in a witness graph.
func (t targets) graph(name, ref string, addresses map[string]bool, transfers int) compare.Graph {
	in := func(want map[string]bool) compare.Figure {
		f := compare.Figure{Of: len(want)}
		for a := range want {
			if addresses[a] {
				f.Count++
			}
		}
		return f
	}
	g := compare.Graph{
		Set: t.set, Strategy: name, Reference: ref, Terminals: in(t.terminals), Members: in(t.members),
		Addresses: len(addresses), Transfers: transfers,
	}
	if t.verified > 0 {
		g.Verified = compare.Figure{Count: transfers, Of: t.verified}
	}
	return g
}

// strategies runs the published strategies over all transfers of the set.
func (c *comparison) strategies(t targets, g *strategy.Graph, hops int, usd bool, sources ...string) {
	if len(c.report.Graphs) == 0 {
		c.note("Witness graphs: the references have no recall or size of any on these sets. The strategies were written anew from the definitions named and run on the same transfers, "+
			"with the parameters that their authors ship (MFTracer without its limits), and BFS and poison once more with %d hops, as our crawls. "+
			"Those with a rank keep the transfers inside the local community, the others what they asked for.", hops)
	}
	for _, s := range strategy.All(hops) {
		if s.USD && !usd {
			c.skip("%s on %s: it adds up dollars, and the set has no prices.", s.Name, t.set)
			continue
		}
		w := g.Trace(s, sources...)
		c.report.Graphs = append(c.report.Graphs, t.graph(s.Name, s.Ref, w.Addresses, len(w.Transfers)))
	}
}

// ours adds the graphs of a published run: what the crawl met, and what each
// method holds tainted.
func (c *comparison) ours(ctx context.Context, t targets, name, run string) (visits map[string]table.Visit, err error) {
	met, err := rows[table.Visit](ctx, run, "visits")
	if err != nil {
		return nil, err
	}
	visits = map[string]table.Visit{}
	addresses := map[string]bool{}
	for _, v := range met {
		visits[v.Address] = v
		addresses[v.Address] = true
	}
	moved, err := rows[movement](ctx, run, "transfers")
	if err != nil {
		return nil, err
	}
	transfers := 0
	for _, m := range moved {
		if m.Kind != "fee" {
			transfers++
		}
	}
	c.report.Graphs = append(c.report.Graphs, t.graph("scamtrace crawl, "+name, "visits, transfers", addresses, transfers))
	tainted, err := rows[movement](ctx, run, "taint")
	if err != nil {
		return nil, err
	}
	for _, method := range []string{"fifo", "lifo", "haircut", "poison"} {
		addresses, transfers := map[string]bool{}, map[string]bool{}
		for _, v := range met {
			if v.Hop == 0 {
				addresses[v.Address] = true
			}
		}
		for _, m := range tainted {
			if m.Method != method || m.Kind == "fee" || m.Value == "0" {
				continue
			}
			addresses[m.To] = true
			transfers[m.name()] = true
		}
		c.report.Graphs = append(c.report.Graphs, t.graph("scamtrace "+method+", "+name, "taint", addresses, len(transfers)))
	}
	return visits, nil
}

// movement is what transfers and taint have in common. Method is empty in
// transfers.
type movement struct {
	Method string  `parquet:"method,dict,optional"`
	Tx     string  `parquet:"transaction_hash,plain"`
	Kind   string  `parquet:"kind,dict"`
	Log    *int64  `parquet:"log_index,plain,optional"`
	Trace  *string `parquet:"trace_address,plain,optional"`
	To     string  `parquet:"to_address,plain,optional"`
	Value  string  `parquet:"value_lossless,plain"`
}

func (m movement) name() string {
	place := ""
	if m.Log != nil {
		place = strconv.FormatInt(*m.Log, 10)
	}
	if m.Trace != nil {
		place = *m.Trace
	}
	return fmt.Sprint(m.Tx, m.Kind, place)
}
