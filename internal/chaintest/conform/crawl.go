package conform

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/crawl"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// Case is a crawl: what is asked, and from where.
type Case struct {
	Chain chain.Chain
	Seeds []chain.Address
	Kinds []chain.Kind
	// From is the first block asked for.
	From uint64
	// MaxHops is 6 if 0; more than SuperNode transfers, 60 if 0, make a
	// super-node.
	MaxHops, SuperNode int
	// Workers is how many parts are asked at once, 4 if 0.
	Workers int
}

// Found is what a crawl found.
type Found struct {
	Book *ledger.Book
	Gaps []chain.Gap
	// Stops are the addresses that were met, and the rule that stopped each, ""
	// for those that were followed.
	Stops map[chain.Address]string
	// Parents are the addresses through which others were met.
	Parents map[chain.Address]chain.Address
}

// Crawl follows the money from the seeds up to the source's head.
func Crawl(ctx context.Context, s chain.Source, c Case) (*Found, error) {
	fill := func(v *int, standard int) {
		if *v == 0 {
			*v = standard
		}
	}
	fill(&c.MaxHops, 6)
	fill(&c.SuperNode, 60)
	fill(&c.Workers, 4)
	head, err := s.Head(ctx)
	if err != nil {
		return nil, err
	}
	in := crawl.Input{Source: s, Ledger: ledger.New(c.Chain)}
	for _, a := range c.Seeds {
		in.Starts = append(in.Starts, crawl.Start{Address: a})
	}
	result, err := crawl.Run(ctx, in, crawl.Config{
		Direction: crawl.Forward, Rules: []string{"contract", "max-hops", "budget", "super-node"},
		MaxHops: c.MaxHops, Budget: 10_000, SuperNode: crawl.SuperNode{Counterparties: c.SuperNode, Transfers: c.SuperNode},
		Span: chain.Span{From: c.From, To: head.Height}, Kinds: c.Kinds, Workers: c.Workers,
	})
	if err != nil {
		return nil, err
	}
	f := &Found{Gaps: result.Gaps, Stops: map[chain.Address]string{}, Parents: map[chain.Address]chain.Address{}}
	followed := map[ledger.AddressID]bool{}
	for _, v := range result.Visits {
		a := in.Ledger.Text(v.Address)
		f.Stops[a] = v.Stop
		followed[v.Address] = v.Stop == ""
		if v.HasParent {
			f.Parents[a] = in.Ledger.Text(v.Parent)
		}
	}
	f.Book, err = in.Ledger.Seal(func(id ledger.AddressID) bool { return followed[id] })
	return f, err
}

// Dump is the book and the gaps as text.
func (f *Found) Dump() string {
	return Dump(f.Book) + strings.Join(gapLines(f.Gaps), "\n")
}

// followed reports whether an address was followed.
func (f *Found) followed(a chain.Address) bool {
	stop, met := f.Stops[a]
	return met && stop == ""
}

// fact is a row of a book without what other rows may add to it: the place of
// its transaction in the block, whether it succeeded, and whether an address
// carries code.
type fact struct {
	text    string
	kind    chain.Kind
	height  uint64
	parties []chain.Address
}

func facts(b *ledger.Book) map[string]fact {
	out := make(map[string]fact, b.Len())
	for i := range b.Len() {
		t := b.At(i)
		tx := b.Tx(t.Tx)
		f := fact{kind: t.Kind, height: tx.Pos.Height}
		for e := t.First; e < t.End; e++ {
			f.parties = append(f.parties, b.Text(b.Entry(e).Address))
		}
		f.text = strings.ReplaceAll(strings.Replace(row(b, t), " "+status(tx.Status)+" ", " ", 1), "!", "")
		f.text = strings.Replace(f.text, fmt.Sprintf(".%d ", tx.Pos.Index), " ", 1)
		out[f.text] = f
	}
	return out
}

// covered reports whether a gap declares that a fact may be missing or wrong for
// one of its parties.
func (f *Found) covered(x fact, a chain.Address) bool {
	return slices.ContainsFunc(f.Gaps, func(g chain.Gap) bool {
		return (g.Address == a || g.Address == "") && (g.Kind == x.kind || g.Kind == 0) && g.Span.Has(x.height)
	})
}

// lost reports whether an address was not followed since something about it, or
// about those through whom the other crawl met it, was declared a gap.
func (f *Found) lost(a chain.Address, clean *Found) bool {
	for seen := map[chain.Address]bool{}; !seen[a]; a = clean.Parents[a] {
		seen[a] = true
		if f.Stops[a] == "coverage-gap" || slices.ContainsFunc(f.Gaps, func(g chain.Gap) bool { return g.Address == a || g.Address == "" }) {
			return true
		}
	}
	return false
}

// Undeclared lists the differences between two crawls that the second has not
// declared: rows that it lacks outside of its gaps, and rows that it should not
// have. A row lies inside a gap if the gap is of its kind, has its block and
// names one of its parties; it is excused as well if nobody was followed whom it
// names, for a reason that goes back to a gap. truth are all rows that are true on the chain, see Truth: a crawl that
// had a gap may meet others than the clean one.
func Undeclared(clean, spoilt *Found, truth map[string]bool) []string {
	want, have := facts(clean.Book), facts(spoilt.Book)
	var out []string
	for text, x := range want {
		if _, ok := have[text]; ok {
			continue
		}
		if slices.ContainsFunc(x.parties, func(a chain.Address) bool { return spoilt.covered(x, a) }) {
			continue
		}
		for _, a := range x.parties {
			if clean.followed(a) && spoilt.followed(a) {
				out = append(out, fmt.Sprintf("missing, %s was followed: %s", a, text))
			} else if clean.followed(a) && !spoilt.lost(a, clean) {
				out = append(out, fmt.Sprintf("missing, %s was not followed (%q): %s", a, spoilt.Stops[a], text))
			}
		}
	}
	for text, x := range have {
		if _, ok := want[text]; ok || truth[text] && len(spoilt.Gaps) > 0 {
			continue
		}
		if !slices.ContainsFunc(x.parties, func(a chain.Address) bool { return spoilt.covered(x, a) }) {
			out = append(out, "not true: "+text)
		}
	}
	slices.Sort(out)
	return out
}

// Truth are the rows of a book as Undeclared compares them.
func Truth(b *ledger.Book) map[string]bool {
	out := map[string]bool{}
	for text := range facts(b) {
		out[text] = true
	}
	return out
}
