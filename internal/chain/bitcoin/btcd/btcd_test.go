package btcd_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/btcd"
	"github.com/scamtrace/scamtrace/internal/chain/dataset"
	"github.com/scamtrace/scamtrace/internal/chaintest/btcnode"
	"github.com/scamtrace/scamtrace/internal/chaintest/conform"
)

func open(t testing.TB, n *btcnode.Node, dir string, change ...func(*chain.Options)) chain.Source {
	t.Helper()
	o := chain.Options{Args: "mynode", Cache: dir, Workers: 4, Endpoint: n.Endpoint()}
	for _, f := range change {
		f(&o)
	}
	s, err := btcd.Driver().Open(context.Background(), btcnode.Chain(), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func export(t testing.TB, s *btcnode.Story) chain.Source {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, s.Export(dir, s.Height()))
	d, err := dataset.Driver().Open(context.Background(), btcnode.Chain(), chain.Options{Args: dir, Workers: 2})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	return d
}

func TestConforms(t *testing.T) {
	story := btcnode.NewStory()
	node := btcnode.Start(t, story, btcnode.Options{})
	conform.Run(t, btcnode.Known(story), func(t *testing.T) chain.Source { return open(t, node, t.TempDir()) })
}

func TestSameBookAsDataset(t *testing.T) {
	story := btcnode.NewStory()
	node := btcnode.Start(t, story, btcnode.Options{})
	node.Send(story.Unconfirmed())
	ctx := context.Background()
	for _, q := range btcnode.Questions(story) {
		want, _, err := conform.Book(ctx, btcnode.Chain(), export(t, story), q)
		require.NoError(t, err)
		s := open(t, node, t.TempDir())
		head, err := s.Head(ctx)
		require.NoError(t, err)
		require.Equal(t, story.Block(story.Height()-5), head)
		got, gaps, err := conform.Book(ctx, btcnode.Chain(), s, q)
		require.NoError(t, err)
		require.Empty(t, gaps)
		conform.SameBooks(t, want, got)
	}
}
