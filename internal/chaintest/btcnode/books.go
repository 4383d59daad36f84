package btcnode

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/dataset"
	"github.com/scamtrace/scamtrace/internal/chaintest/conform"
)

// SameBooks fails a test unless a source makes the same books of a story as the
// story's own files do, without gaps.
func SameBooks(t testing.TB, s *Story, source chain.Source) {
	t.Helper()
	ctx := context.Background()
	dir := t.TempDir()
	require.NoError(t, s.Export(dir, s.Height()))
	files, err := dataset.Driver().Open(ctx, Chain(), chain.Options{Args: dir, Workers: 2})
	require.NoError(t, err)
	defer files.Close()
	head, err := source.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, s.Block(s.Height()-5), head)
	for _, q := range Questions(s) {
		want, _, err := conform.Book(ctx, Chain(), files, q)
		require.NoError(t, err)
		require.Positive(t, want.Len())
		got, gaps, err := conform.Book(ctx, Chain(), source, q)
		require.NoError(t, err)
		require.Empty(t, gaps)
		conform.SameBooks(t, want, got)
	}
}

// Truth are the rows of all that happens in a story.
func Truth(t testing.TB, s *Story) map[string]bool {
	t.Helper()
	ctx := context.Background()
	dir := t.TempDir()
	require.NoError(t, s.Export(dir, s.Height()))
	files, err := dataset.Driver().Open(ctx, Chain(), chain.Options{Args: dir, Workers: 2})
	require.NoError(t, err)
	defer files.Close()
	book, _, err := conform.Book(ctx, Chain(), files, chain.Question{
		Addresses: conform.Set(s.Addresses()...), Span: chain.Span{To: uint64(s.Height())},
	})
	require.NoError(t, err)
	return conform.Truth(book)
}
