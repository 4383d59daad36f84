package node_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/node"
	"github.com/scamtrace/scamtrace/internal/chain/live"
	"github.com/scamtrace/scamtrace/internal/chaintest/btcnode"
	"github.com/scamtrace/scamtrace/internal/chaintest/conform"
)

func open(t testing.TB, e chain.Endpoint, dir string, change ...func(*chain.Options)) chain.Source {
	t.Helper()
	e.Patience = time.Minute
	o := chain.Options{Args: e.Name, Cache: dir, Workers: 4, Endpoint: e}
	for _, f := range change {
		f(&o)
	}
	s, err := node.Driver().Open(context.Background(), btcnode.Chain(), o)
	if err != nil && strings.Contains(err.Error(), "in use") {
		// Another source of this test has the folder: begin with an empty one.
		o.Cache = t.TempDir()
		s, err = node.Driver().Open(context.Background(), btcnode.Chain(), o)
	}
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func TestNode(t *testing.T) {
	story := btcnode.NewStory()
	n := btcnode.Start(t, story, btcnode.Options{NoAddrIndex: true})
	n.Send(story.Unconfirmed())
	t.Run("conforms", func(t *testing.T) {
		dir := t.TempDir()
		conform.Run(t, btcnode.Known(story, 20), func(t *testing.T) chain.Source { return open(t, n.Endpoint(), dir) })
	})
	t.Run("same book as dataset", func(t *testing.T) {
		btcnode.SameBooks(t, story, open(t, n.Endpoint(), t.TempDir()))
	})
	t.Run("doctor", func(t *testing.T) {
		for _, f := range doctor(t, open(t, n.Endpoint(), t.TempDir())) {
			require.True(t, f.OK, f.Text)
		}
	})
}

func doctor(t *testing.T, s chain.Source) []live.Finding {
	d, ok := s.(live.Doctor)
	require.True(t, ok)
	found := d.Doctor(context.Background())
	require.NotEmpty(t, found)
	return found
}

// Bitcoin Core tells with a block what it spends.
func TestLikeCore(t *testing.T) {
	story := btcnode.NewStory()
	n := btcnode.Start(t, story, btcnode.Options{NoTxIndex: true})
	core := serveCore(t, story, n.URL)
	e := n.Endpoint()
	e.URL = core.URL
	btcnode.SameBooks(t, story, open(t, e, t.TempDir()))
	require.Positive(t, core.third.Load())
	for _, f := range doctor(t, open(t, e, t.TempDir())) {
		require.True(t, f.OK, f.Text)
	}
}

// Without any index the window itself tells what is spent, as far as it made it.
func TestWithoutIndex(t *testing.T) {
	story := btcnode.NewStory()
	n := btcnode.Start(t, story, btcnode.Options{NoTxIndex: true})
	ctx := context.Background()
	s := open(t, n.Endpoint(), t.TempDir())
	q := btcnode.Questions(story)[0]
	want, _, err := conform.Book(ctx, btcnode.Chain(), files(t, story), q)
	require.NoError(t, err)
	_, err = s.Head(ctx)
	require.NoError(t, err)
	got, gaps, err := conform.Book(ctx, btcnode.Chain(), s, q)
	require.NoError(t, err)
	require.Empty(t, gaps)
	conform.SameBooks(t, want, got)

	// A window that begins later: the values of what is older are not known, and
	// that is said; so are the addresses whose spends may be overlooked.
	q.Span.From = 110
	all, err := conform.Ask(ctx, files(t, story), q)
	require.NoError(t, err)
	some, err := conform.Ask(ctx, s, q)
	require.NoError(t, err)
	hidden := map[chain.Address]bool{}
	unproved := false
	for _, g := range some.Gaps {
		if g.Effect == chain.Missing {
			require.True(t, strings.HasPrefix(string(g.Address), "bcrt1p"), g.Address)
			hidden[g.Address] = true
		}
		unproved = unproved || g.Effect == chain.Unproved
	}
	require.True(t, unproved)
	told := map[chain.Hash]bool{}
	for i := range some.Transfers {
		told[some.Transfers[i].Tx.Hash] = true
	}
	for i := range all.Transfers {
		tr := &all.Transfers[i]
		if told[tr.Tx.Hash] {
			continue
		}
		touched := slices.ContainsFunc(slices.Concat(tr.In, tr.Out), func(e chain.Entry) bool { return hidden[e.Address] })
		require.True(t, touched, "not told, and no gap says so: %s", conform.Line(tr))
	}
	found := doctor(t, s)
	require.False(t, found[len(found)-1].OK)
	require.Contains(t, found[len(found)-1].Advice, "txindex")
}

func TestWrongPassword(t *testing.T) {
	n := btcnode.Start(t, nil, btcnode.Options{})
	e := n.Endpoint()
	e.Password = chain.NewSecret("canary-wrong")
	_, err := open(t, e, t.TempDir()).Head(context.Background())
	require.ErrorContains(t, err, "mynode: ")
	require.ErrorContains(t, err, "does not accept the user and the password")
	require.NotContains(t, err.Error(), "canary-wrong")
}

func TestWrongChain(t *testing.T) {
	n := btcnode.Start(t, nil, btcnode.Options{})
	c, err := chain.Lookup("bitcoin")
	require.NoError(t, err)
	s, err := node.Driver().Open(context.Background(), c, chain.Options{Args: "mynode", Cache: t.TempDir(), Endpoint: n.Endpoint()})
	require.NoError(t, err)
	defer s.Close()
	_, err = s.Head(context.Background())
	require.ErrorContains(t, err, "mynode serves bitcoin-regtest, not bitcoin")
}

// A second night asks for new blocks alone, also for addresses that are new.
func TestSecondNight(t *testing.T) {
	story := btcnode.NewStory()
	n := btcnode.Start(t, story, btcnode.Options{NoAddrIndex: true})
	dir := t.TempDir()
	ctx := context.Background()
	night := func(addresses []chain.Address, offline bool) (requests int64, lines []string) {
		t.Run("night", func(t *testing.T) {
			s := open(t, n.Endpoint(), dir, func(o *chain.Options) { o.Offline = offline })
			head, err := s.Head(ctx)
			require.NoError(t, err)
			a, err := conform.Ask(ctx, s, chain.Question{Addresses: conform.Set(addresses...), Span: chain.Span{To: head.Height}})
			require.NoError(t, err)
			require.Empty(t, a.Gaps)
			for i := range a.Transfers {
				lines = append(lines, conform.Line(&a.Transfers[i]))
			}
			slices.Sort(lines)
			requests = s.(chain.Metered).Usage().Requests
		})
		return requests, slices.Compact(lines)
	}
	some := []chain.Address{story.Address("scammer"), story.Address("second")}
	first, one := night(some, false)
	again, two := night(some, false)
	require.Equal(t, one, two)
	require.LessOrEqual(t, again, int64(5))
	none, three := night(some, true)
	require.Zero(t, none)
	require.Equal(t, one, three)
	story.Extend(6)
	n.Submit(story.Blocks[story.Height()-5:]...)
	everyone, four := night(story.Addresses(), false)
	t.Log(first, again, everyone)
	require.Greater(t, len(four), len(one))
	require.Less(t, everyone, first)
}
