package esplora_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/esplora"
	"github.com/scamtrace/scamtrace/internal/chaintest/btcnode"
	"github.com/scamtrace/scamtrace/internal/chaintest/conform"
	gateway "github.com/scamtrace/scamtrace/internal/chaintest/gateway/esplora"
)

func open(t testing.TB, g *gateway.Gateway, dir string, change ...func(*chain.Options)) chain.Source {
	t.Helper()
	o := chain.Options{
		Args: "explorer,index", Cache: dir, Workers: 4,
		Endpoint: chain.Endpoint{Name: "explorer", URL: g.URL, Rate: 10_000, Patience: time.Minute},
	}
	for _, f := range change {
		f(&o)
	}
	s, err := esplora.Driver().Open(context.Background(), btcnode.Chain(), o)
	if err != nil && strings.Contains(err.Error(), "in use") {
		// Another source of this test has the folder: begin with an empty one.
		o.Cache = t.TempDir()
		s, err = esplora.Driver().Open(context.Background(), btcnode.Chain(), o)
	}
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func start(t testing.TB) (*btcnode.Story, *btcnode.Node, *gateway.Gateway) {
	story := btcnode.NewStory()
	node := btcnode.Start(t, story, btcnode.Options{})
	return story, node, gateway.Start(t, node.URL)
}

// No test here changes the node.
func TestOneNode(t *testing.T) {
	story, node, g := start(t)
	node.Send(story.Unconfirmed())
	for name, test := range map[string]func(*testing.T, *btcnode.Story, *gateway.Gateway){
		"conforms": conforms, "same book as dataset": sameBookAsDataset, "without index": withoutIndex,
		"a hub costs two requests": hubCostsTwoRequests, "refused for being too many": refusedForBeingTooMany,
		"lost transactions": lostTransactions, "wrong chain": wrongChain, "doctor": doctorIsWell,
	} {
		t.Run(name, func(t *testing.T) { test(t, story, g) })
	}
}

func conforms(t *testing.T, story *btcnode.Story, g *gateway.Gateway) {
	dir := t.TempDir()
	conform.Run(t, btcnode.Known(story, 14), func(t *testing.T) chain.Source { return open(t, g, dir) })
}

func sameBookAsDataset(t *testing.T, story *btcnode.Story, g *gateway.Gateway) {
	btcnode.SameBooks(t, story, open(t, g, t.TempDir()))
}

// Without the places of transactions in their blocks all else is the same.
func withoutIndex(t *testing.T, story *btcnode.Story, g *gateway.Gateway) {
	ctx := context.Background()
	q := btcnode.Questions(story)[2]
	whole, err := conform.Ask(ctx, open(t, g, t.TempDir()), q)
	require.NoError(t, err)
	g.Take()
	s := open(t, g, t.TempDir(), func(o *chain.Options) { o.Args = "explorer" })
	_, err = s.Head(ctx)
	require.NoError(t, err)
	some, err := conform.Ask(ctx, s, q)
	require.NoError(t, err)
	require.Len(t, some.Transfers, len(whole.Transfers))
	for i := range some.Transfers {
		tx := &some.Transfers[i].Tx
		require.True(t, tx.Pos.Index == chain.UnknownIndex || tx.Pos.Index == 0 && len(some.Transfers[i].In) == 0)
		tx.Pos.Index = whole.Transfers[i].Tx.Pos.Index
		require.Equal(t, conform.Line(&whole.Transfers[i]), conform.Line(&some.Transfers[i]))
	}
	for _, path := range g.Take() {
		require.NotContains(t, path, "txids")
	}
}

func hubCostsTwoRequests(t *testing.T, story *btcnode.Story, g *gateway.Gateway) {
	s := open(t, g, t.TempDir())
	ctx := context.Background()
	_, err := s.Head(ctx)
	require.NoError(t, err)
	hub := story.Address("hub")
	q := chain.Question{Addresses: conform.Set(hub), Span: chain.Span{To: uint64(story.Height() - 5)}, Limit: 100}
	_, err = conform.Ask(ctx, s, chain.Question{Addresses: conform.Set(story.Address("scammer")), Span: q.Span})
	require.NoError(t, err)
	g.Take()
	a, err := conform.Ask(ctx, s, q)
	require.NoError(t, err)
	require.Empty(t, a.Transfers)
	require.Len(t, a.Gaps, 1)
	require.Equal(t, chain.Hub, a.Gaps[0].Effect)
	require.LessOrEqual(t, len(g.Take()), 2)
}

func refusedForBeingTooMany(t *testing.T, story *btcnode.Story, g *gateway.Gateway) {
	s := open(t, g, t.TempDir())
	ctx := context.Background()
	_, err := s.Head(ctx)
	require.NoError(t, err)
	g.Refuse.Store(2)
	a, err := conform.Ask(ctx, s, chain.Question{Addresses: conform.Set(story.Address("scammer")), Span: chain.Span{To: 120}})
	require.NoError(t, err)
	require.Empty(t, a.Gaps)
	require.NotEmpty(t, a.Transfers)
	require.Positive(t, s.(chain.Metered).Usage().Refused)
}

// A server that lost transactions says so by its own sums.
func lostTransactions(t *testing.T, story *btcnode.Story, g *gateway.Gateway) {
	ctx := context.Background()
	for _, name := range []string{"scammer", "hub", "customer-3"} {
		g.Forget.Store(1)
		s := open(t, g, t.TempDir())
		_, err := s.Head(ctx)
		require.NoError(t, err)
		a, err := conform.Ask(ctx, s, chain.Question{Addresses: conform.Set(story.Address(name)), Span: chain.Span{To: 120}})
		require.NoError(t, err)
		require.Empty(t, a.Transfers, name)
		require.Len(t, a.Gaps, 1)
		require.Equal(t, chain.Missing, a.Gaps[0].Effect)
		g.Forget.Store(0)
		// Nothing of that was kept: the same folder is good when the server is.
		a, err = conform.Ask(ctx, s, chain.Question{Addresses: conform.Set(story.Address(name)), Span: chain.Span{To: 120}})
		require.NoError(t, err)
		require.Empty(t, a.Gaps)
		require.NotEmpty(t, a.Transfers)
	}
}

func wrongChain(t *testing.T, _ *btcnode.Story, g *gateway.Gateway) {
	c, err := chain.Lookup("bitcoin")
	require.NoError(t, err)
	s, err := esplora.Driver().Open(context.Background(), c, chain.Options{
		Args: "explorer", Cache: t.TempDir(), Endpoint: chain.Endpoint{Name: "explorer", URL: g.URL},
	})
	require.NoError(t, err)
	defer s.Close()
	_, err = s.Head(context.Background())
	require.ErrorContains(t, err, "explorer serves bitcoin-regtest, not bitcoin")
}

func TestSecondNight(t *testing.T) {
	story, node, g := start(t)
	dir := t.TempDir()
	ctx := context.Background()
	some := btcnode.Known(story, 20).Addresses
	ask := func() (n int, a conform.Answer) {
		t.Run("night", func(t *testing.T) {
			s := open(t, g, dir)
			head, err := s.Head(ctx)
			require.NoError(t, err)
			a, err = conform.Ask(ctx, s, chain.Question{Addresses: conform.Set(some...), Span: chain.Span{To: head.Height}})
			require.NoError(t, err)
			require.Empty(t, a.Gaps)
			n = len(g.Take())
		})
		return n, a
	}
	first, one := ask()
	again, two := ask()
	t.Log(first, again)
	require.LessOrEqual(t, again, 2)
	require.Equal(t, lines(one), lines(two))
	story.Extend(6)
	node.Submit(story.Blocks[story.Height()-5:]...)
	more, three := ask()
	t.Log(more)
	require.Less(t, more, first)
	require.Greater(t, len(three.Transfers), len(two.Transfers))
	s := open(t, g, t.TempDir())
	_, err := s.Head(ctx)
	require.NoError(t, err)
	fresh, err := conform.Ask(ctx, s, chain.Question{
		Addresses: conform.Set(some...), Span: chain.Span{To: uint64(story.Height() - 5)},
	})
	require.NoError(t, err)
	require.Equal(t, lines(fresh), lines(three))
}

func lines(a conform.Answer) string {
	var out []string
	for i := range a.Transfers {
		out = append(out, conform.Line(&a.Transfers[i]))
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), "\n")
}

func doctorIsWell(t *testing.T, _ *btcnode.Story, g *gateway.Gateway) {
	s := open(t, g, t.TempDir())
	for _, f := range doctor(t, s) {
		require.True(t, f.OK, f.Text)
	}
}
