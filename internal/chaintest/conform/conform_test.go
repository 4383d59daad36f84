package conform_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/dataset"
	"github.com/scamtrace/scamtrace/internal/chaintest/conform"
	"github.com/scamtrace/scamtrace/internal/chaintest/evmnode"
)

func openFiles(t *testing.T, c chain.Chain, dir string) chain.Source {
	t.Helper()
	s, err := dataset.Driver().Open(context.Background(), c, chain.Options{Args: dir, Workers: 2})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func TestDatasetConforms(t *testing.T) {
	s, err := evmnode.Tell(evmnode.Plot{})
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, s.ExportRewards(dir))
	known := conform.KnownStory(t, s, 95, chain.Fee, chain.NativeKind, chain.Internal, chain.Token, chain.Reward)
	conform.Run(t, known, func(t *testing.T) chain.Source { return openFiles(t, known.Chain, dir) })
}

func TestBooksOfOneStoryAreEqual(t *testing.T) {
	s, err := evmnode.Tell(evmnode.Plot{Seed: 4})
	require.NoError(t, err)
	one, two := t.TempDir(), t.TempDir()
	require.NoError(t, s.Export(one))
	require.NoError(t, s.ExportRewards(two))
	known := conform.KnownStory(t, s, 100, chain.Fee, chain.NativeKind, chain.Internal, chain.Token)
	q := chain.Question{Addresses: conform.Set(known.Addresses...), Span: known.Span, Kinds: known.Kinds}
	a, _, err := conform.Book(context.Background(), known.Chain, openFiles(t, known.Chain, one), q)
	require.NoError(t, err)
	b, _, err := conform.Book(context.Background(), known.Chain, openFiles(t, known.Chain, two), q)
	require.NoError(t, err)
	require.Greater(t, a.Len(), 900)
	conform.SameBooks(t, a, b)
}

// TestUndeclared holds the judge of crawls against results that were tampered
// with.
func TestUndeclared(t *testing.T) {
	s, err := evmnode.Tell(evmnode.Plot{})
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, s.Export(dir))
	ctx := context.Background()
	kinds := []chain.Kind{chain.Fee, chain.NativeKind, chain.Internal, chain.Token}
	known := conform.KnownStory(t, s, 100, kinds...)
	c := conform.Case{Chain: known.Chain, Seeds: s.Cast.Seeds, Kinds: kinds}
	crawl := func(tamper func(*tampering)) *conform.Found {
		source := &tampering{Source: openFiles(t, known.Chain, dir)}
		tamper(source)
		f, err := conform.Crawl(ctx, source, c)
		require.NoError(t, err)
		return f
	}
	truth := conform.StoryTruth(t, s, kinds...)
	clean := crawl(func(*tampering) {})
	require.Greater(t, clean.Book.Len(), 300)
	require.Empty(t, conform.Undeclared(clean, clean, truth))
	require.Equal(t, "super-node", clean.Stops[s.Cast.Hub])
	for _, a := range append(s.Cast.Layer1, s.Cast.Deposits...) {
		require.Empty(t, clean.Stops[a], "the crawl follows the layers")
	}

	seed, gap := s.Cast.Seeds[0], chain.Gap{Address: s.Cast.Seeds[0], Kind: chain.NativeKind, Span: chain.Span{To: 100}, Reason: "r", Effect: chain.Unproved}
	ofSeed := func(tr *chain.Transfer) bool {
		return tr.Kind == chain.NativeKind && (tr.In[0].Address == seed || tr.Out[0].Address == seed)
	}
	silent := crawl(func(x *tampering) { x.drop = ofSeed })
	require.NotEmpty(t, conform.Undeclared(clean, silent, truth))
	declared := crawl(func(x *tampering) { x.drop = ofSeed; x.gaps = []chain.Gap{gap} })
	require.Empty(t, conform.Undeclared(clean, declared, truth))
	gap.Kind = chain.Token
	other := crawl(func(x *tampering) { x.drop = ofSeed; x.gaps = []chain.Gap{gap} })
	require.NotEmpty(t, conform.Undeclared(clean, other, truth), "the gap is of another kind")
	gap.Kind, gap.Effect = chain.NativeKind, chain.Missing
	stopped := crawl(func(x *tampering) { x.drop = ofSeed; x.gaps = []chain.Gap{gap} })
	require.Equal(t, "coverage-gap", stopped.Stops[seed])
	require.Empty(t, conform.Undeclared(clean, stopped, truth))
	wrong := crawl(func(x *tampering) {
		x.change = func(tr *chain.Transfer) {
			if tr.Kind == chain.Token && tr.In[0].Address == seed {
				tr.In[0].Amount.AddUint64(&tr.In[0].Amount, 1)
				tr.Out[0].Amount.AddUint64(&tr.Out[0].Amount, 1)
			}
		}
	})
	require.NotEmpty(t, conform.Undeclared(clean, wrong, truth))
}

// tampering is a source that leaves out, changes and declares.
type tampering struct {
	chain.Source
	drop   func(*chain.Transfer) bool
	change func(*chain.Transfer)
	gaps   []chain.Gap
}

func (x *tampering) Plan(ctx context.Context, q chain.Question) ([]chain.Part, error) {
	parts, err := x.Source.Plan(ctx, q)
	for i, p := range parts {
		parts[i] = tampered{p, x, q}
	}
	return parts, err
}

type tampered struct {
	chain.Part
	x *tampering
	q chain.Question
}

func (p tampered) Ask(ctx context.Context, emit func(*chain.Transfer) error) ([]chain.Gap, error) {
	gaps, err := p.Part.Ask(ctx, func(tr *chain.Transfer) error {
		if p.x.drop != nil && p.x.drop(tr) {
			return nil
		}
		if p.x.change != nil {
			p.x.change(tr)
		}
		return emit(tr)
	})
	for _, g := range p.x.gaps {
		if _, ok := p.q.Addresses[g.Address]; ok {
			gaps = append(gaps, g)
		}
	}
	return gaps, err
}
