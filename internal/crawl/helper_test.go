package crawl_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/crawl"
	"github.com/scamtrace/scamtrace/internal/ledger"
	"github.com/scamtrace/scamtrace/internal/ledger/ledgertest"
)

// memory is a source that holds a whole chain. It tells in an order that its
// seed decides, and counts how often each address is asked for.
type memory struct {
	transfers []chain.Transfer
	gaps      []chain.Gap
	parts     int
	seed      uint64
	terse     bool // leaves out what was answered
	fail      func(part int) error
	failPlan  error

	questions map[chain.Address]int
	limits    []int
}

func (s *memory) Plan(_ context.Context, q chain.Question) ([]chain.Part, error) {
	if s.failPlan != nil {
		return nil, s.failPlan
	}
	if s.questions == nil {
		s.questions = map[chain.Address]int{}
	}
	for a := range q.Addresses {
		s.questions[a]++
	}
	s.limits = append(s.limits, q.Limit)
	parts := make([]*part, max(1, s.parts))
	for i := range parts {
		parts[i] = &part{source: s, q: q, n: i}
	}
	for i := range s.transfers {
		t := &s.transfers[i]
		touches := func(set map[chain.Address]struct{}) bool {
			return slices.ContainsFunc(slices.Concat(t.In, t.Out), func(e chain.Entry) bool {
				_, ok := set[e.Address]
				return ok
			})
		}
		if touches(q.Addresses) && (!s.terse || !touches(q.Answered)) {
			p := parts[i%len(parts)]
			p.transfers = append(p.transfers, t)
		}
	}
	out := make([]chain.Part, len(parts))
	for i, p := range parts {
		out[i] = p
	}
	if s.seed > 0 {
		r := rand.New(rand.NewPCG(s.seed, 1))
		r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
		for _, p := range parts {
			r.Shuffle(len(p.transfers), func(i, j int) { p.transfers[i], p.transfers[j] = p.transfers[j], p.transfers[i] })
		}
	}
	return out, nil
}

func (*memory) Head(context.Context) (chain.Block, error) { return chain.Block{}, nil }

func (*memory) Inputs(context.Context) ([]chain.Input, error) { return nil, nil }

func (*memory) Close() error { return nil }

type part struct {
	source    *memory
	q         chain.Question
	n         int
	transfers []*chain.Transfer
}

func (p *part) Ask(ctx context.Context, emit func(*chain.Transfer) error) (gaps []chain.Gap, err error) {
	if p.source.fail != nil {
		if err := p.source.fail(p.n); err != nil {
			return nil, err
		}
	}
	for i, t := range p.transfers {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if p.source.seed > 0 && (uint64(i)+p.source.seed)%3 == 0 {
			runtime.Gosched()
		}
		if err := emit(t); err != nil {
			return nil, err
		}
	}
	for _, g := range p.source.gaps {
		if _, ok := p.q.Addresses[g.Address]; ok || g.Address == "" {
			gaps = append(gaps, g)
		}
	}
	return gaps, nil
}

// scenario is a crawl in words.
type scenario struct {
	chain  chain.Chain
	cfg    crawl.Config
	starts []crawl.Start
	labels map[chain.Address]string
	opaque map[chain.Hash]bool
	source *memory
}

// all are the optional rules.
func all() []string {
	var out []string
	for _, r := range crawl.Rules() {
		if r.Optional {
			out = append(out, r.Name)
		}
	}
	return out
}

// read reads a scenario: settings, a line each, and the transfers of the chain.
// Without settings every rule is on and nothing is too far, too big or too late.
func read(t testing.TB, settings, transfers string) *scenario {
	t.Helper()
	s := &scenario{
		cfg: crawl.Config{
			Direction: crawl.Forward, Rules: all(), MaxHops: math.MaxInt32, Budget: math.MaxInt32,
			SuperNode: crawl.SuperNode{Counterparties: 1000, Transfers: 1000},
			Span:      chain.Span{To: math.MaxUint32}, Workers: 1,
			Dust: map[chain.Asset]chain.Amount{}, Assets: map[chain.Asset]bool{},
		},
		labels: map[chain.Address]string{}, opaque: map[chain.Hash]bool{}, source: &memory{},
	}
	s.use(t, "ethereum")
	for line := range strings.Lines(settings) {
		if words := strings.Fields(line); len(words) > 0 {
			s.set(t, words[0], words[1:])
		}
	}
	var err error
	s.source.transfers, err = ledgertest.Parse(s.chain.Family, transfers)
	require.NoError(t, err)
	return s
}

func (s *scenario) use(t testing.TB, name string) {
	t.Helper()
	var err error
	s.chain, err = chain.Lookup(name)
	require.NoError(t, err)
}

func (s *scenario) set(t testing.TB, key string, words []string) {
	t.Helper()
	number := func(w string) int {
		_, w, _ = strings.Cut("="+w, "=")
		if _, after, ok := strings.Cut(w, "="); ok {
			w = after
		}
		n, err := strconv.Atoi(w)
		require.NoError(t, err)
		return n
	}
	switch key {
	case "chain":
		s.use(t, words[0])
	case "direction":
		s.cfg.Direction = crawl.Direction(words[0])
	case "rules":
		s.cfg.Rules = words
	case "max-hops":
		s.cfg.MaxHops = number(words[0])
	case "budget":
		s.cfg.Budget = number(words[0])
	case "window":
		s.cfg.Window = int64(number(words[0]))
	case "counterparties":
		s.cfg.SuperNode.Counterparties = number(words[0])
	case "transfers":
		s.cfg.SuperNode.Transfers = number(words[0])
	case "starts", "watch":
		for _, w := range words {
			name, tx, paid := strings.Cut(w, "@")
			start := crawl.Start{Address: s.address(name), Watch: key == "watch"}
			if paid {
				h := ledgertest.Hash(tx)
				start.Payment = &h
			}
			s.starts = append(s.starts, start)
		}
	case "dust":
		for _, w := range words {
			name, amount, _ := strings.Cut(w, "=")
			a, err := chain.ParseAmount(amount)
			require.NoError(t, err)
			s.cfg.Dust[ledgertest.Asset(name)] = a
		}
	case "assets":
		for _, w := range words {
			s.cfg.Assets[ledgertest.Asset(w)] = true
		}
	case "label":
		for _, w := range words {
			name, label, _ := strings.Cut(w, "=")
			s.labels[s.address(name)] = label
		}
	case "opaque":
		for _, w := range words {
			s.opaque[ledgertest.Hash(w)] = true
		}
	case "gap", "unproved", "hub":
		effect := map[string]chain.Effect{"gap": chain.Missing, "unproved": chain.Unproved, "hub": chain.Hub}[key]
		for _, w := range words {
			g := chain.Gap{Kind: chain.Internal, Span: chain.Span{From: 1, To: 9}, Reason: "no traces", Effect: effect}
			w, span, cut := strings.Cut(w, ":") // a gap from one block to another
			if cut {
				_, err := fmt.Sscanf(span, "%d-%d", &g.Span.From, &g.Span.To)
				require.NoError(t, err)
			}
			if w != "everybody" {
				g.Address = s.address(w)
			}
			s.source.gaps = append(s.source.gaps, g)
		}
	default:
		require.Fail(t, "unknown setting", key)
	}
}

func (s *scenario) address(name string) chain.Address {
	return ledgertest.Address(s.chain.Family, name)
}

func (s *scenario) name(a chain.Address) string { return ledgertest.Name(s.chain.Family, a) }

// outcome is what a crawl led to.
type outcome struct {
	*crawl.Result
	ledger *ledger.Ledger
}

func (s *scenario) run(ctx context.Context) (*outcome, error) {
	l := ledger.New(s.chain)
	in := crawl.Input{
		Source: s.source, Ledger: l, Starts: s.starts,
		Label:  func(a chain.Address) string { return s.labels[a] },
		Opaque: func(m ledger.Movement) bool { return s.isOpaque(m.Tx, l) },
	}
	r, err := crawl.Run(ctx, in, s.cfg)
	return &outcome{r, l}, err
}

func (s *scenario) isOpaque(tx ledger.TxID, l *ledger.Ledger) bool {
	for h := range s.opaque {
		if id, ok := l.FindTx(h); ok && id == tx {
			return true
		}
	}
	return false
}

// text writes the visits, one a line, then what is missing and the gaps:
//
//	S 0                a seed
//	A 1 S>10.2         hop 1, paid by S in transaction 10.2
//	V 1 S<9.0 watch    hop 1 backward, V paid S; stopped by the rule watch
func (s *scenario) text(t testing.TB, o *outcome) string {
	t.Helper()
	hashes := map[ledger.TxID]string{}
	for i := range s.source.transfers {
		h := s.source.transfers[i].Tx.Hash
		if id, ok := o.ledger.FindTx(h); ok {
			hashes[id] = ledgertest.TxName(h)
		}
	}
	var out strings.Builder
	for _, v := range o.Visits {
		fmt.Fprintf(&out, "%s %d", s.name(o.ledger.Text(v.Address)), v.Hop)
		require.Equal(t, v.Hop > 0, v.HasParent)
		if v.HasParent {
			sign := map[crawl.Direction]string{crawl.Forward: ">", crawl.Backward: "<"}[v.Direction]
			fmt.Fprintf(&out, " %s%s%s", s.name(o.ledger.Text(v.Parent)), sign, hashes[v.Tx])
		}
		if v.Stop != "" {
			fmt.Fprintf(&out, " %s", v.Stop)
		}
		out.WriteString("\n")
	}
	for _, m := range o.Missing {
		fmt.Fprintf(&out, "missing %s@%s\n", s.name(m.Address), ledgertest.TxName(*m.Payment))
	}
	for _, g := range o.Gaps {
		fmt.Fprintf(&out, "gap %s %s %d-%d %s\n", s.name(g.Address), g.Kind, g.Span.From, g.Span.To, g.Reason)
	}
	return out.String()
}

// asked lists who was asked for, and checks that it was once.
func (s *scenario) asked(t testing.TB, o *outcome) string {
	t.Helper()
	var names []string
	for a, n := range s.source.questions {
		require.Equal(t, 1, n, "%s is asked for %d times", s.name(a), n)
		names = append(names, s.name(a))
	}
	require.Len(t, names, o.Asked)
	slices.Sort(names)
	return strings.Join(names, " ")
}

// once makes a function that fails the first time it is called.
func once(err error) func(int) error {
	var first sync.Once
	return func(int) (e error) {
		first.Do(func() { e = err })
		return e
	}
}
