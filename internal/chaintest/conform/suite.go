package conform

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// Known is a small chain of which everything is known.
type Known struct {
	Chain chain.Chain
	// Span ends at or below the final block.
	Span chain.Span
	// Kinds are those that the source tells; it must declare gaps for others.
	Kinds []chain.Kind
	// Addresses are asked together and, the first Single of them, one by one; 8
	// if Single is 0. The first ones should be varied.
	Addresses []chain.Address
	Single    int
	// Hub is one of the addresses with more transfers than anybody else.
	Hub chain.Address
	// Stranger is an address that the chain does not know.
	Stranger chain.Address
	// Patience is how long a source may take to notice that it was cancelled, 2
	// seconds if 0.
	Patience time.Duration
}

// Run tries the suite on a source. open is called many times and must open the
// same chain each time; it closes what it opened when its test ends. The first
// thing that a source is asked is its head.
func Run(t *testing.T, k Known, open func(*testing.T) chain.Source) {
	t.Helper()
	s := &suite{Known: k, open: func(t *testing.T) chain.Source {
		t.Helper()
		source := open(t)
		head, err := source.Head(context.Background())
		require.NoError(t, err)
		require.GreaterOrEqual(t, head.Height, k.Span.To, "the head is below the span of the suite")
		return source
	}}
	if s.Single == 0 {
		s.Single = 8
	}
	s.Single = min(s.Single, len(s.Addresses))
	if s.Patience == 0 {
		s.Patience = 2 * time.Second
	}
	for _, c := range cases() {
		t.Run(c.name, func(t *testing.T) { c.try(s, t) })
	}
}

type suite struct {
	Known
	open func(*testing.T) chain.Source
}

func cases() []struct {
	name string
	try  func(*suite, *testing.T)
} {
	return []struct {
		name string
		try  func(*suite, *testing.T)
	}{
		{"each transfer once, as it can be", (*suite).wellFormed},
		{"same answer twice", (*suite).twice},
		{"parts in any order and at once", (*suite).parts},
		{"together as one by one", (*suite).together},
		{"a narrower span tells a part", (*suite).narrower},
		{"kinds respected", (*suite).kinds},
		{"gaps of what was asked", (*suite).gaps},
		{"limit", (*suite).limit},
		{"answered may be left out, no more", (*suite).answered},
		{"stranger", (*suite).stranger},
		{"cancelled before", (*suite).cancelledBefore},
		{"cancelled midway", (*suite).cancelledMidway},
		{"error of emit", (*suite).emitError},
		{"head and inputs", (*suite).headAndInputs},
	}
}

func (s *suite) question() chain.Question {
	return chain.Question{Addresses: Set(s.Addresses...), Span: s.Span, Kinds: s.Kinds}
}

func ask(t *testing.T, source chain.Source, q chain.Question) Answer {
	t.Helper()
	a, err := Ask(context.Background(), source, q)
	require.NoError(t, err)
	return a
}

func (s *suite) wellFormed(t *testing.T) {
	q := s.question()
	a := ask(t, s.open(t), q)
	require.NotEmpty(t, a.Transfers, "nothing was told: the suite proves nothing")
	seen, kinds := map[string]bool{}, map[chain.Kind]int{}
	l := ledger.New(s.Chain)
	for i := range a.Transfers {
		tr := &a.Transfers[i]
		kinds[tr.Kind]++
		id := identity(tr)
		require.False(t, seen[id], "told twice: %s", Line(tr))
		seen[id] = true
		require.True(t, q.Span.Has(tr.Tx.Pos.Height), "outside the span: %s", Line(tr))
		require.NotZero(t, tr.Tx.Hash, Line(tr))
		require.NotZero(t, tr.Tx.Time, Line(tr))
		if len(tr.In)+len(tr.Out) == 0 {
			continue
		}
		require.True(t, touches(tr, q.Addresses), "touches nobody asked: %s", Line(tr))
		s.conserved(t, tr)
		require.NoError(t, l.Add(tr))
	}
	t.Log(kinds)
	_, err := l.Seal(nil)
	require.NoError(t, err)
}

// conserved holds what chain.Transfer promises of the entries of each kind.
func (s *suite) conserved(t *testing.T, tr *chain.Transfer) {
	t.Helper()
	for _, e := range slices.Concat(tr.In, tr.Out) {
		if s.Chain.Family == chain.Account {
			require.Regexp(t, "^0x[0-9a-f]{40}$", string(e.Address), "an address that is not canonical")
			require.False(t, e.AmountUnknown, Line(tr))
		}
	}
	require.NotEmpty(t, tr.Asset)
	if s.Chain.Family == chain.UTXO {
		require.Equal(t, chain.Output, tr.Kind)
		var in, out chain.Amount
		known := len(tr.In) > 0
		for _, e := range tr.In {
			known = known && !e.AmountUnknown
			in.Add(&in, &e.Amount)
			require.NotZero(t, e.Spends, "an input that spends nothing: %s", Line(tr))
		}
		for _, e := range tr.Out {
			out.Add(&out, &e.Amount)
		}
		require.False(t, known && in.Lt(&out), "creates value: %s", Line(tr))
		return
	}
	in, out := 1, 1
	switch tr.Kind {
	case chain.Fee:
		out = 0
	case chain.Reward:
		in = 0
	case chain.NativeKind, chain.Internal, chain.Token:
	default:
		require.Fail(t, "a kind that account chains do not have", Line(tr))
	}
	require.Len(t, tr.In, in, Line(tr))
	require.Len(t, tr.Out, out, Line(tr))
	if in+out == 2 {
		require.Equal(t, tr.In[0].Amount, tr.Out[0].Amount, Line(tr))
	}
	require.Equal(t, tr.Kind == chain.Token, tr.Asset != chain.Native, Line(tr))
	require.Equal(t, tr.Kind == chain.Internal, len(tr.Path) > 0, Line(tr))
	if tr.Kind != chain.Token {
		require.False(t, tr.Kind != chain.Fee && slices.Concat(tr.In, tr.Out)[0].Amount.IsZero(), "moves nothing: %s", Line(tr))
	}
}

func (s *suite) twice(t *testing.T) {
	source := s.open(t)
	one := ask(t, source, s.question())
	two := ask(t, source, s.question())
	require.Equal(t, lines(one.Transfers, nil), lines(two.Transfers, nil), "the same source, asked again")
	require.Equal(t, one.Gaps, two.Gaps)
	again := ask(t, s.open(t), s.question())
	require.Equal(t, sorted(one.Transfers, nil), sorted(again.Transfers, nil), "opened anew")
	require.Equal(t, gapLines(one.Gaps), gapLines(again.Gaps))
}

func (s *suite) parts(t *testing.T) {
	source := s.open(t)
	parts, err := source.Plan(context.Background(), s.question())
	require.NoError(t, err)
	together := make([]Answer, len(parts))
	errs := make([]error, len(parts))
	var all sync.WaitGroup
	for i, p := range parts {
		all.Go(func() { together[i], errs[i] = askPart(context.Background(), p) })
	}
	all.Wait()
	require.NoError(t, errors.Join(errs...))
	for i, p := range slices.Backward(parts) {
		a, err := askPart(context.Background(), p)
		require.NoError(t, err)
		require.Equal(t, lines(together[i].Transfers, nil), lines(a.Transfers, nil), "part %d of %d", i, len(parts))
		require.Equal(t, together[i].Gaps, a.Gaps)
	}
}

// together: what is told of an address does not depend on who else is asked.
func (s *suite) together(t *testing.T) {
	source := s.open(t)
	few := s.Addresses[:s.Single]
	q := s.question()
	q.Addresses = Set(few...)
	all := ask(t, source, q)
	var union []string
	for _, a := range few {
		q.Addresses = Set(a)
		one := ask(t, source, q)
		union = append(union, loose(one.Transfers, nil)...)
		s.agree(t, all, one)
		require.Equal(t,
			loose(all.Transfers, func(tr *chain.Transfer) bool { return touches(tr, q.Addresses) }),
			loose(one.Transfers, func(tr *chain.Transfer) bool { return len(tr.In)+len(tr.Out) > 0 }), "of %s", a)
	}
	slices.Sort(union)
	require.Equal(t, slices.Compact(union), loose(all.Transfers, nil))
}

func (s *suite) narrower(t *testing.T) {
	source := s.open(t)
	all := ask(t, source, s.question())
	wide := s.Span.To - s.Span.From
	for _, span := range []chain.Span{
		{From: s.Span.From, To: s.Span.From + wide/2},
		{From: s.Span.From + wide/2 + 1, To: s.Span.To},
		{From: s.Span.From + wide/3, To: s.Span.From + wide*2/3},
		{From: s.Span.To, To: s.Span.To},
	} {
		q := s.question()
		q.Span = span
		part := ask(t, source, q)
		s.agree(t, all, part)
		require.Equal(t, loose(all.Transfers, func(tr *chain.Transfer) bool { return span.Has(tr.Tx.Pos.Height) }),
			loose(part.Transfers, nil), "span %v", span)
	}
}

func (s *suite) kinds(t *testing.T) {
	source := s.open(t)
	all := ask(t, source, s.question())
	for _, kind := range s.Kinds {
		q := s.question()
		q.Kinds = []chain.Kind{kind}
		one := ask(t, source, q)
		s.agree(t, all, one)
		require.Equal(t,
			loose(all.Transfers, func(tr *chain.Transfer) bool { return tr.Kind == kind && len(tr.In)+len(tr.Out) > 0 }),
			loose(one.Transfers, func(tr *chain.Transfer) bool { return len(tr.In)+len(tr.Out) > 0 }), kind.String())
		for i := range one.Transfers {
			require.Equal(t, kind, one.Transfers[i].Kind, Line(&one.Transfers[i]))
		}
	}
}

// agree holds two answers to saying the same of each transaction, as far as both
// know.
func (s *suite) agree(t *testing.T, a, b Answer) {
	t.Helper()
	l := ledger.New(s.Chain)
	for _, answer := range []Answer{a, b} {
		for i := range answer.Transfers {
			require.NoError(t, l.Add(&answer.Transfers[i]))
		}
	}
	_, err := l.Seal(nil)
	require.NoError(t, err)
}

func gapLines(gaps []chain.Gap) []string {
	out := []string{}
	for _, g := range gaps {
		out = append(out, fmt.Sprintf("%s %s %v %s %d", g.Address, g.Kind, g.Span, g.Reason, g.Effect))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// gaps: only for asked addresses, kinds and blocks; and for every kind that the
// source is not said to tell.
func (s *suite) gaps(t *testing.T) {
	source := s.open(t)
	for _, q := range []chain.Question{s.question(), {Addresses: Set(s.Addresses[0]), Span: s.Span}} {
		a := ask(t, source, q)
		missing := map[chain.Kind]bool{}
		for _, g := range a.Gaps {
			if g.Address != "" {
				require.Contains(t, q.Addresses, g.Address, "%+v", g)
			}
			if len(q.Kinds) > 0 && g.Kind != 0 {
				require.Contains(t, q.Kinds, g.Kind, "%+v", g)
			}
			require.LessOrEqual(t, g.Span.From, g.Span.To, "%+v", g)
			require.True(t, q.Span.Has(g.Span.From) && q.Span.Has(g.Span.To), "%+v", g)
			require.NotEmpty(t, g.Reason, "%+v", g)
			if g.Address == "" && g.Effect == chain.Missing {
				missing[g.Kind] = true
			}
		}
		if len(q.Kinds) > 0 || s.Chain.Family == chain.UTXO {
			continue
		}
		for _, k := range []chain.Kind{chain.Fee, chain.NativeKind, chain.Internal, chain.Token, chain.Reward} {
			require.True(t, missing[k] || slices.Contains(s.Kinds, k), "%s is neither told nor declared a gap", k)
		}
	}
}

// limit: who stays below it is told whole; who passes it is told to have passed
// it, by more transfers than the limit or by a gap of effect Hub.
func (s *suite) limit(t *testing.T) {
	source := s.open(t)
	all := ask(t, source, s.question())
	degree := func(transfers []chain.Transfer, a chain.Address) (n int) {
		return len(loose(transfers, func(tr *chain.Transfer) bool { return touches(tr, Set(a)) }))
	}
	most := degree(all.Transfers, s.Hub)
	require.Greater(t, most, 4, "the hub is none")
	q := s.question()
	q.Limit = most / 2
	some := ask(t, source, q)
	hubs := map[chain.Address]bool{}
	for _, g := range some.Gaps {
		if g.Effect == chain.Hub {
			hubs[g.Address] = true
		}
	}
	full := loose(all.Transfers, nil)
	for _, l := range loose(some.Transfers, nil) {
		_, found := slices.BinarySearch(full, l)
		require.True(t, found, "told with a limit only: %s", l)
	}
	for _, a := range s.Addresses {
		if degree(all.Transfers, a) > q.Limit {
			require.True(t, hubs[a] || degree(some.Transfers, a) > q.Limit, "%s passed the limit and nobody says so", a)
			continue
		}
		require.False(t, hubs[a], "%s is called a hub with %d transfers, the limit is %d", a, degree(all.Transfers, a), q.Limit)
		touched := func(tr *chain.Transfer) bool { return touches(tr, Set(a)) }
		require.Equal(t, loose(all.Transfers, touched), loose(some.Transfers, touched), "%s is below the limit", a)
	}
}

func (s *suite) answered(t *testing.T) {
	source := s.open(t)
	all := ask(t, source, s.question())
	q := s.question()
	half := s.Addresses[:len(s.Addresses)/2]
	q.Addresses, q.Answered = Set(s.Addresses[len(half):]...), Set(half...)
	some := ask(t, source, q)
	must := loose(all.Transfers, func(tr *chain.Transfer) bool { return touches(tr, q.Addresses) && !touches(tr, q.Answered) })
	may := loose(all.Transfers, func(tr *chain.Transfer) bool { return touches(tr, q.Addresses) })
	told := loose(some.Transfers, func(tr *chain.Transfer) bool { return len(tr.In)+len(tr.Out) > 0 })
	missing, _ := Differences(must, told)
	require.Empty(t, missing)
	_, extra := Differences(may, told)
	require.Empty(t, extra)
}

func (s *suite) stranger(t *testing.T) {
	source := s.open(t)
	q := s.question()
	q.Addresses = Set(s.Stranger)
	a := ask(t, source, q)
	require.Empty(t, a.Transfers)
	for _, g := range a.Gaps {
		require.Empty(t, g.Address, "%+v", g)
	}
	q.Addresses = nil
	require.Empty(t, ask(t, source, q).Transfers, "nobody was asked for")
}

// soon fails if do takes longer than the source's patience.
func (s *suite) soon(t *testing.T, do func() error) error {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- do() }()
	select {
	case err := <-ended:
		return err
	case <-time.After(s.Patience):
		require.FailNow(t, "cancelled, and still working")
	}
	return nil
}

func (s *suite) cancelledBefore(t *testing.T) {
	source := s.open(t)
	parts, err := source.Plan(context.Background(), s.question())
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	told := 0
	for _, p := range parts {
		err = s.soon(t, func() error {
			_, err := p.Ask(ctx, func(*chain.Transfer) error { told++; return nil })
			return err
		})
		if err != nil {
			break
		}
	}
	require.ErrorIs(t, err, context.Canceled)
	// A fresh source, too, which has not read anything yet.
	fresh := s.open(t)
	err = s.soon(t, func() error { _, err := Ask(ctx, fresh, s.question()); return err })
	require.ErrorIs(t, err, context.Canceled)
	// And the source goes on to answer others.
	require.NotEmpty(t, ask(t, source, s.question()).Transfers)
}

func (s *suite) cancelledMidway(t *testing.T) {
	source := s.open(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	parts, err := source.Plan(ctx, s.question())
	require.NoError(t, err)
	told := false
	for _, p := range parts {
		err = s.soon(t, func() error {
			_, err := p.Ask(ctx, func(*chain.Transfer) error {
				told = true
				cancel()
				return ctx.Err()
			})
			return err
		})
		if told {
			break
		}
		require.NoError(t, err)
	}
	require.True(t, told)
	require.ErrorIs(t, err, context.Canceled)
	require.NotEmpty(t, ask(t, source, s.question()).Transfers)
}

func (s *suite) emitError(t *testing.T) {
	source := s.open(t)
	parts, err := source.Plan(context.Background(), s.question())
	require.NoError(t, err)
	enough := errors.New("enough")
	for _, p := range parts {
		calls := 0
		_, err := p.Ask(context.Background(), func(*chain.Transfer) error {
			calls++
			return enough
		})
		if calls > 0 {
			require.Equal(t, 1, calls, "emit is called after it failed")
			require.ErrorIs(t, err, enough)
			return
		}
		require.NoError(t, err)
	}
}

func (s *suite) headAndInputs(t *testing.T) {
	source := s.open(t)
	one, err := source.Head(context.Background())
	require.NoError(t, err)
	two, err := source.Head(context.Background())
	require.NoError(t, err)
	require.Equal(t, one, two)
	require.NotZero(t, one.Time)
	ask(t, source, s.question())
	inputs, err := source.Inputs(context.Background())
	require.NoError(t, err)
	require.NotEmpty(t, inputs)
	for _, in := range inputs {
		require.NotEmpty(t, in.Name)
		require.NotEmpty(t, in.SHA256)
	}
	if m, ok := source.(chain.Metered); ok {
		u := m.Usage()
		require.GreaterOrEqual(t, u.Requests, u.Repeated)
		require.GreaterOrEqual(t, u.Archived, int64(0))
	}
}
