package btcd_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/btcd"
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
	if err != nil && strings.Contains(err.Error(), "in use") {
		// Another source of this test has the folder: begin with an empty one.
		o.Cache = t.TempDir()
		s, err = btcd.Driver().Open(context.Background(), btcnode.Chain(), o)
	}
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func TestConforms(t *testing.T) {
	story := btcnode.NewStory()
	node := btcnode.Start(t, story, btcnode.Options{})
	dir := t.TempDir()
	conform.Run(t, btcnode.Known(story, 40), func(t *testing.T) chain.Source { return open(t, node, dir) })
}

func TestSameBookAsDataset(t *testing.T) {
	story := btcnode.NewStory()
	node := btcnode.Start(t, story, btcnode.Options{})
	node.Send(story.Unconfirmed())
	btcnode.SameBooks(t, story, open(t, node, t.TempDir()))
}
