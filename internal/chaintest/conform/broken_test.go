package conform_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chaintest/conform"
	"github.com/scamtrace/scamtrace/internal/chaintest/evmnode"
)

// broken are sources that break one promise each, and the part of the suite
// that must notice.
func broken() map[string]struct {
	notices string
	tamper  func(x *breaking)
} {
	type b = struct {
		notices string
		tamper  func(x *breaking)
	}
	first := func(tr *chain.Transfer) bool { return tr.Kind == chain.Token }
	return map[string]b{
		"tells twice": {"each transfer once", func(x *breaking) { x.twice = first }},
		"creates value": {"each transfer once", func(x *breaking) {
			x.change = func(tr *chain.Transfer, _ int) { tr.Out[0].Amount.AddUint64(&tr.Out[0].Amount, 1) }
		}},
		"leaves the span": {"each transfer once", func(x *breaking) { x.change = func(tr *chain.Transfer, _ int) { tr.Tx.Pos.Height += 1000 } }},
		"tells of strangers": {"each transfer once", func(x *breaking) {
			x.change = func(tr *chain.Transfer, _ int) { tr.In[0].Address, tr.Out[0].Address = nobody, nobody }
		}},
		"forgets the next time": {"same answer twice", func(x *breaking) {
			x.drop = func(tr *chain.Transfer, asked, _ int) bool { return asked > 0 && first(tr) }
		}},
		"forgets in company": {"together as one", func(x *breaking) {
			x.drop = func(tr *chain.Transfer, _, company int) bool { return company > 1 && first(tr) }
		}},
		"forgets the last block": {"a narrower span", func(x *breaking) {
			x.drop = func(tr *chain.Transfer, _, _ int) bool { return tr.Tx.Pos.Height == x.span.To }
		}},
		"ignores kinds":          {"kinds respected", func(x *breaking) { x.kinds = true }},
		"gaps of others":         {"gaps of what", func(x *breaking) { x.gaps = []chain.Gap{{Address: nobody, Kind: chain.Token, Reason: "r"}} }},
		"calls all hubs":         {"limit", func(x *breaking) { x.hubs = true }},
		"does not stop":          {"cancelled", func(x *breaking) { x.deaf = true }},
		"goes on after an error": {"error of emit", func(x *breaking) { x.stubborn = true }},
		"invents for strangers":  {"stranger", func(x *breaking) { x.gaps = []chain.Gap{{Address: nobody, Kind: chain.Token, Reason: "r"}} }},
	}
}

const nobody chain.Address = "0x00000000000000000000000000000000deadbeef"

// TestSuiteNotices runs the suite on each broken source in a process of its
// own, which must fail.
func TestSuiteNotices(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	program, err := os.Executable()
	require.NoError(t, err)
	dir := t.TempDir()
	s, err := evmnode.Tell(evmnode.Plot{Txs: 250})
	require.NoError(t, err)
	require.NoError(t, s.ExportRewards(dir))
	for name, b := range broken() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run := exec.CommandContext(t.Context(), program, "-test.run", "^TestBrokenSource$/"+strings.ReplaceAll(b.notices, " ", "_"), "-test.v")
			run.Env = append(os.Environ(), "SCAMTRACE_BROKEN="+name, "SCAMTRACE_BROKEN_FILES="+dir)
			out, err := run.CombinedOutput()
			require.Error(t, err, "the suite is content:\n%s", out)
			require.Contains(t, string(out), "--- FAIL: TestBrokenSource/"+strings.ReplaceAll(b.notices, " ", "_"))
		})
	}
}

// TestBrokenSource is what TestSuiteNotices runs.
func TestBrokenSource(t *testing.T) {
	b, ok := broken()[os.Getenv("SCAMTRACE_BROKEN")]
	if !ok {
		t.Skip("see TestSuiteNotices")
	}
	s, err := evmnode.Tell(evmnode.Plot{Txs: 250})
	require.NoError(t, err)
	known := conform.KnownStory(t, s, 100, append(account(), chain.Reward)...)
	conform.Run(t, known, func(t *testing.T) chain.Source {
		t.Helper()
		x := &breaking{Source: openFiles(t, known.Chain, os.Getenv("SCAMTRACE_BROKEN_FILES"))}
		b.tamper(x)
		return x
	})
}

// breaking is a source that breaks promises.
type breaking struct {
	chain.Source
	twice                       func(*chain.Transfer) bool
	drop                        func(tr *chain.Transfer, asked, company int) bool
	change                      func(tr *chain.Transfer, asked int)
	gaps                        []chain.Gap
	kinds, hubs, deaf, stubborn bool
	asked                       int
	span                        chain.Span
}

func (x *breaking) Plan(ctx context.Context, q chain.Question) ([]chain.Part, error) {
	x.span = q.Span
	company := len(q.Addresses)
	gaps := x.gaps
	if x.hubs && q.Limit > 0 {
		for a := range q.Addresses {
			gaps = append(gaps, chain.Gap{Address: a, Kind: chain.Token, Span: q.Span, Reason: "r", Effect: chain.Hub})
		}
	}
	if x.kinds {
		q.Kinds = nil
	}
	parts, err := x.Source.Plan(ctx, q)
	for i, p := range parts {
		parts[i] = brokenPart{p, x, x.asked, company, gaps}
	}
	x.asked++
	return parts, err
}

type brokenPart struct {
	chain.Part
	x              *breaking
	asked, company int
	gaps           []chain.Gap
}

func (p brokenPart) Ask(ctx context.Context, emit func(*chain.Transfer) error) ([]chain.Gap, error) {
	if p.x.deaf {
		ctx = context.WithoutCancel(ctx)
	}
	var ignored error
	gaps, err := p.Part.Ask(ctx, func(tr *chain.Transfer) error {
		if p.x.drop != nil && p.x.drop(tr, p.asked, p.company) {
			return nil
		}
		if p.x.change != nil && len(tr.In) > 0 && len(tr.Out) > 0 {
			p.x.change(tr, p.asked)
		}
		if p.x.twice != nil && p.x.twice(tr) {
			if err := emit(tr); err != nil {
				return err
			}
		}
		err := emit(tr)
		if p.x.stubborn && err != nil {
			ignored = err
			return nil
		}
		return err
	})
	if err == nil {
		err = ignored
	}
	return append(gaps, p.gaps...), err
}
