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
