package report

import (
	"fmt"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Report is what one run has to say.
type Report struct {
	Case    string
	RunID   string
	Version string
	// Method is the tracing method of the headline.
	Method  string
	Chains  []Chain
	Money   []Money
	Ends    []End
	Stops   []Stop
	Gaps    []Gap
	Seeds   int
	Ignored []string // what was left out of the inputs, and why
}

// Chain is what was read of one chain.
type Chain struct {
	Chain     chain.Chain
	AsOf      chain.Block
	Transfers int
	Asked     int
	Met       int
	Rounds    int
	Clusters  int
}

// Money is the headline for one asset.
type Money struct {
	Chain chain.Chain
	Asset chain.Asset
	// CameIn is what arrived at the seeds; it is where the tracing begins.
	// Unfollowed is what arrived at seeds that a rule stopped, as far as the run
	// read of them; it is in no other sum.
	CameIn, Unfollowed chain.Amount
	// Stopped is what reached each named end, by stop rule and name.
	Stopped []Reached
	// Resting is what lies at followed addresses, Fees what was burnt.
	Resting, Fees chain.Amount
	// Range is, for each method, how much reached exchanges.
	Range []MethodSum
}

// Reached is how much reached one service.
type Reached struct {
	Stop, Name string
	Addresses  int
	Amount     chain.Amount
}

// MethodSum is one method's answer.
type MethodSum struct {
	Method string
	Amount chain.Amount
}

// End is one address where traced money lies, the largest first.
type End struct {
	Chain   chain.Chain
	Asset   chain.Asset
	Address chain.Address
	Stop    string
	Label   string
	Amount  chain.Amount
}

// Stop counts the addresses that one rule stopped.
type Stop struct {
	Chain, Rule string
	Addresses   int
}

// Gap is something that the sources could not tell.
type Gap struct{ Chain, Address, Kind, Reason string }

// Headline are the numbers a person wants, a line each: how much came in, how
// much reached which service, how much still rests where it can be frozen.
func (r *Report) Headline() string {
	var b strings.Builder
	shown, more := r.shown()
	for _, m := range shown {
		u := UnitOf(m.Chain, m.Asset)
		fmt.Fprintf(&b, "%s, %s\n", m.Chain.Name, u.Symbol)
		fmt.Fprintf(&b, "  came in to the seeds    %s\n", u.Amount(m.CameIn))
		if !m.Unfollowed.IsZero() {
			fmt.Fprintf(&b, "  not followed            %s (seeds that a rule stopped, beside the above)\n", u.Amount(m.Unfollowed))
		}
		for _, s := range m.Stopped {
			fmt.Fprintf(&b, "  reached %-15s %s (%s, %d %s)\n", s.Stop, u.Amount(s.Amount), Plain(s.Name), s.Addresses, plural(s.Addresses, "address", "addresses"))
		}
		fmt.Fprintf(&b, "  still rests             %s\n", u.Amount(m.Resting))
		if !m.Fees.IsZero() {
			fmt.Fprintf(&b, "  burnt in fees           %s\n", u.Amount(m.Fees))
		}
	}
	if more > 0 {
		fmt.Fprintf(&b, "and %d more %s without a name, see the table conservation\n", more, plural(more, "token", "tokens"))
	}
	return b.String()
}

// unnamedShown is how many tokens without a name the report spells out.
const unnamedShown = 3

// shown are the assets with a name and the first few of the others, and how many
// are left out: a scam wallet gets hundreds of worthless tokens.
func (r *Report) shown() (list []Money, more int) {
	unnamed := 0
	for _, m := range r.Money {
		if !Named(m.Chain, m.Asset) {
			if unnamed++; unnamed > unnamedShown {
				more++
				continue
			}
		}
		list = append(list, m)
	}
	return list, more
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// Markdown is report.md.
func (r *Report) Markdown() string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("# scamtrace: case %s\n", Plain(r.Case))
	p("Run %s, made by scamtrace %s. Every figure below is suspected proceeds under the", r.RunID, r.Version)
	p("method named, not a finding of guilt. Exact amounts and the evidence for each row")
	p("stand in the tables beside this file.\n")
	r.status(p)
	r.money(p)
	r.ends(p)
	r.read(p)
	return b.String()
}

func (r *Report) status(p func(string, ...any)) {
	if len(r.Gaps) == 0 {
		p("**Complete.** The sources told everything that was asked.\n")
		return
	}
	p("**Declared incomplete.** The sources could not tell (table `coverage`):\n")
	const most = 20
	for i, g := range r.Gaps {
		if i == most {
			p("- and %d more", len(r.Gaps)-most)
			break
		}
		where := g.Chain
		if g.Address != "" {
			where += " `" + g.Address + "`"
		}
		p("- %s, %s: %s", where, g.Kind, Sentence(g.Reason))
	}
	p("")
}

func (r *Report) money(p func(string, ...any)) {
	if r.Method == "" {
		return // only watched addresses
	}
	p("## Where the money went (method %s)\n", r.Method)
	if len(r.Money) == 0 {
		p("Nothing arrived at the seeds in what the sources tell.\n")
	}
	shown, more := r.shown()
	if more > 0 {
		p("%d more %s without a name arrived; the table `conservation` has them.\n", more, plural(more, "token", "tokens"))
	}
	for _, m := range shown {
		u := UnitOf(m.Chain, m.Asset)
		p("### %s, %s\n", m.Chain.Name, u.Symbol)
		p("| | amount |\n|---|---:|")
		p("| came in to the seeds | %s |", u.Amount(m.CameIn))
		if !m.Unfollowed.IsZero() {
			p("| not followed: at seeds that a rule stopped, beside the above | %s |", u.Amount(m.Unfollowed))
		}
		for _, s := range m.Stopped {
			p("| reached %s: %s (%d %s) | %s |", s.Stop, Plain(s.Name), s.Addresses, plural(s.Addresses, "address", "addresses"), u.Amount(s.Amount))
		}
		p("| still rests at followed addresses | %s |", u.Amount(m.Resting))
		p("| burnt in fees | %s |\n", u.Amount(m.Fees))
		if len(m.Range) > 1 {
			p("Reached exchanges, by method (poison is an upper bound and never adds up):\n")
			for _, s := range m.Range {
				p("- %s: %s", s.Method, u.Amount(s.Amount))
			}
			p("")
		}
	}
}

func (r *Report) ends(p func(string, ...any)) {
	if len(r.Ends) == 0 {
		return
	}
	_, more := r.shown()
	p("## The largest ends\n")
	p("| chain | address | stop | label | amount |\n|---|---|---|---|---:|")
	for _, e := range r.Ends {
		if !Named(e.Chain, e.Asset) && more > 0 {
			continue
		}
		stop := e.Stop
		if stop == "" {
			stop = "still there"
		}
		p("| %s | `%s` | %s | %s | %s |", e.Chain.Name, e.Address, stop, Plain(e.Label), UnitOf(e.Chain, e.Asset).Amount(e.Amount))
	}
	p("")
	p("`scamtrace explain DIR ADDRESS` tells why an address is here.\n")
}

func (r *Report) read(p func(string, ...any)) {
	p("## What was read\n")
	p("| chain | as of block | rounds | addresses asked | addresses met | transfers | clusters |\n|---|---:|---:|---:|---:|---:|---:|")
	for _, c := range r.Chains {
		p("| %s | %d | %d | %d | %d | %d | %d |", c.Chain.Name, c.AsOf.Height, c.Rounds, c.Asked, c.Met, c.Transfers, c.Clusters)
	}
	p("\nSeeds: %d.\n", r.Seeds)
	if len(r.Stops) > 0 {
		p("Addresses not followed, by rule (`scamtrace list rules` explains each):\n")
		for _, s := range r.Stops {
			p("- %s, %s: %d", s.Chain, s.Rule, s.Addresses)
		}
		p("")
	}
	for _, note := range r.Ignored {
		p("- note: %s", Sentence(note))
	}
}
