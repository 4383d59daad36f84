package btcd_test

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	neturl "net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/btcd"
	"github.com/scamtrace/scamtrace/internal/chain/dataset"
	"github.com/scamtrace/scamtrace/internal/chain/live"
	"github.com/scamtrace/scamtrace/internal/chaintest/btcnode"
	"github.com/scamtrace/scamtrace/internal/chaintest/conform"
	"github.com/scamtrace/scamtrace/internal/fetch"
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

// small opens the driver with pages of a few transactions.
func small(t testing.TB, url, dir string, page int) chain.Source {
	t.Helper()
	o := chain.Options{Args: "mynode", Cache: dir, Workers: 4, Endpoint: (&btcnode.Node{URL: url}).Endpoint()}
	client, err := live.Client("btcd", btcnode.Chain(), o, live.Defaults{Parallel: 8})
	require.NoError(t, err)
	server, err := btcd.New(btcnode.Chain(), client, page)
	require.NoError(t, err)
	s, err := live.Source(btcnode.Chain(), "btcd", server, client, o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// counter counts the HTTP requests that go to a node.
func counter(t testing.TB, node string) (url string, count *atomic.Int64) {
	target, err := neturl.Parse(node)
	require.NoError(t, err)
	count = new(atomic.Int64)
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ErrorLog = log.New(io.Discard, "", 0)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		count.Add(1)
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, count
}

func TestOneNode(t *testing.T) {
	story := btcnode.NewStory()
	node := btcnode.Start(t, story, btcnode.Options{})
	node.Send(story.Unconfirmed())
	ctx := context.Background()
	final := uint64(story.Height() - 5)
	t.Run("conforms", func(t *testing.T) {
		dir := t.TempDir()
		conform.Run(t, btcnode.Known(story, 14), func(t *testing.T) chain.Source { return open(t, node, dir) })
	})
	t.Run("same book as dataset", func(t *testing.T) {
		btcnode.SameBooks(t, story, open(t, node, t.TempDir()))
	})
	t.Run("small pages that join", func(t *testing.T) {
		for _, page := range []int{2, 7} {
			if page == 2 && testing.Short() {
				continue
			}
			source := small(t, node.URL, t.TempDir(), page)
			want := open(t, node, t.TempDir())
			for _, s := range []chain.Source{source, want} {
				_, err := s.Head(ctx)
				require.NoError(t, err)
			}
			for _, q := range []chain.Question{
				{Addresses: conform.Set(story.Address("hub"), story.Address("scammer")), Span: chain.Span{To: final}},
				{Addresses: conform.Set(story.Address("hub"), story.Address("scammer")), Span: chain.Span{From: 110, To: 117}},
			} {
				a, err := conform.Ask(ctx, source, q)
				require.NoError(t, err)
				require.Empty(t, a.Gaps)
				b, err := conform.Ask(ctx, want, q)
				require.NoError(t, err)
				require.Len(t, a.Transfers, len(b.Transfers))
				for i := range a.Transfers {
					require.Equal(t, conform.Line(&b.Transfers[i]), conform.Line(&a.Transfers[i]))
				}
			}
		}
	})
	t.Run("a hub costs two requests", func(t *testing.T) {
		url, count := counter(t, node.URL)
		for _, page := range []int{30, 1000} {
			s := small(t, url, t.TempDir(), page)
			_, err := s.Head(ctx)
			require.NoError(t, err)
			for _, q := range []chain.Question{
				{Addresses: conform.Set(story.Address("hub")), Span: chain.Span{To: final}, Limit: 150},
				{Addresses: conform.Set(story.Address("hub")), Span: chain.Span{From: 108, To: final}, Limit: 150},
			} {
				// The pin is asked for once.
				_, err = conform.Ask(ctx, s, chain.Question{Addresses: conform.Set(story.Address("third")), Span: q.Span})
				require.NoError(t, err)
				before := s.(chain.Metered).Usage()
				count.Store(0)
				a, err := conform.Ask(ctx, s, q)
				require.NoError(t, err)
				require.Empty(t, a.Transfers)
				require.Len(t, a.Gaps, 1)
				require.Equal(t, chain.Gap{
					Address: story.Address("hub"), Kind: chain.Output, Span: q.Span, Reason: "more than 150 transfers", Effect: chain.Hub,
				}, a.Gaps[0])
				// A connection that broke in passing is no request more.
				require.LessOrEqual(t, count.Load()-(s.(chain.Metered).Usage().Repeated-before.Repeated), int64(2))
				q.Limit = 800
				a, err = conform.Ask(ctx, s, q)
				require.NoError(t, err)
				require.Empty(t, a.Gaps)
				require.Greater(t, len(a.Transfers), 300)
			}
		}
	})
	t.Run("answers that are too big", func(t *testing.T) {
		o := chain.Options{Args: "mynode", Cache: t.TempDir(), Endpoint: node.Endpoint()}
		client, err := fetch.Open(fetch.Config{
			Name: "mynode", URL: node.URL, User: btcnode.User, Password: btcnode.Password, Dir: live.Dir("btcd", btcnode.Chain(), o), MaxBody: 64 << 10,
		})
		require.NoError(t, err)
		server, err := btcd.New(btcnode.Chain(), client, 1000)
		require.NoError(t, err)
		s, err := live.Source(btcnode.Chain(), "btcd", server, client, o)
		require.NoError(t, err)
		defer s.Close()
		q := chain.Question{Addresses: conform.Set(story.Address("hub")), Span: chain.Span{To: final}}
		_, err = s.Head(ctx)
		require.NoError(t, err)
		a, err := conform.Ask(ctx, s, q)
		require.NoError(t, err)
		require.Empty(t, a.Gaps)
		require.Greater(t, len(a.Transfers), 300)
		before := s.(chain.Metered).Usage().Requests
		again, err := conform.Ask(ctx, s, q)
		require.NoError(t, err)
		require.Equal(t, a, again)
		require.Equal(t, before, s.(chain.Metered).Usage().Requests)
	})
	t.Run("doctor", func(t *testing.T) {
		found := doctor(t, open(t, node, t.TempDir()))
		for _, f := range found {
			require.True(t, f.OK, f.Text)
		}
		require.Len(t, found, 4)
	})
}

func doctor(t *testing.T, s chain.Source) []live.Finding {
	d, ok := s.(live.Doctor)
	require.True(t, ok)
	return d.Doctor(context.Background())
}

func TestWithoutIndex(t *testing.T) {
	story := btcnode.NewStory()
	node := btcnode.Start(t, story, btcnode.Options{NoAddrIndex: true})
	s := open(t, node, t.TempDir())
	found := doctor(t, s)
	last := found[len(found)-1]
	require.False(t, last.OK)
	require.Contains(t, last.Text, "--addrindex")
	require.Contains(t, last.Advice, "bitcoin-node")
	a, err := conform.Ask(context.Background(), s, chain.Question{Addresses: conform.Set(story.Address("scammer")), Span: chain.Span{To: 100}})
	require.NoError(t, err)
	require.Equal(t, []chain.Gap{{
		Address: story.Address("scammer"), Kind: chain.Output, Span: chain.Span{To: 100},
		Reason: "mynode: searchrawtransactions: the server does not have this method",
	}}, a.Gaps)
}

// btcd turns away more connections than it is told to serve.
func TestBusyNode(t *testing.T) {
	story := btcnode.NewStory()
	node := btcnode.Start(t, story, btcnode.Options{MaxClients: 3})
	s := open(t, node, t.TempDir(), func(o *chain.Options) { o.Endpoint.Patience = time.Minute })
	ctx := context.Background()
	_, err := s.Head(ctx)
	require.NoError(t, err)
	parts, err := s.Plan(ctx, chain.Question{Addresses: conform.Set(btcnode.Known(story, 24).Addresses...), Span: chain.Span{To: uint64(story.Height() - 5)}})
	require.NoError(t, err)
	var all sync.WaitGroup
	slots := make(chan struct{}, 16)
	for _, p := range parts {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			gaps, err := p.Ask(ctx, func(*chain.Transfer) error { return nil })
			assert.NoError(t, err)
			assert.Empty(t, gaps)
		})
	}
	all.Wait()
	t.Logf("%+v", s.(chain.Metered).Usage())
}

// A node that is on another branch the next night is believed, not what was
// asked before.
func TestReorganization(t *testing.T) {
	story := btcnode.NewStory()
	node := btcnode.Start(t, story, btcnode.Options{})
	dir := t.TempDir()
	ctx := context.Background()
	q := chain.Question{Addresses: conform.Set(story.Addresses()...)}
	night := func(s *btcnode.Story) (rows []string) {
		t.Run("night", func(t *testing.T) {
			source := open(t, node, dir)
			head, err := source.Head(ctx)
			require.NoError(t, err)
			require.Equal(t, s.Block(s.Height()-5), head)
			q.Span.To = head.Height
			book, gaps, err := conform.Book(ctx, btcnode.Chain(), source, q)
			require.NoError(t, err)
			require.Empty(t, gaps)
			rows = conform.Rows(book)
		})
		return rows
	}
	first := night(story)
	fork := story.Fork(story.Height()-9, 12)
	node.Reorganize(story.Blocks[story.Height()-8], fork.Blocks[story.Height()-8:]...)
	second := night(fork)
	require.NotEqual(t, first, second)
	fresh := t.TempDir()
	require.NoError(t, fork.Export(fresh, fork.Height()))
	files, err := dataset.Driver().Open(ctx, btcnode.Chain(), chain.Options{Args: fresh, Workers: 2})
	require.NoError(t, err)
	defer files.Close()
	want, _, err := conform.Book(ctx, btcnode.Chain(), files, q)
	require.NoError(t, err)
	require.Equal(t, conform.Rows(want), second)
}

func TestSecondNight(t *testing.T) {
	story := btcnode.NewStory()
	node := btcnode.Start(t, story, btcnode.Options{})
	url, count := counter(t, node.URL)
	dir := t.TempDir()
	ctx := context.Background()
	night := func(offline bool) (rows []string, requests int64) {
		t.Run("night", func(t *testing.T) {
			s := open(t, node, dir, func(o *chain.Options) { o.Endpoint.URL, o.Offline = url, offline })
			head, err := s.Head(ctx)
			require.NoError(t, err)
			book, gaps, err := conform.Book(ctx, btcnode.Chain(), s, chain.Question{Addresses: conform.Set(btcnode.Known(story, 30).Addresses...), Span: chain.Span{To: head.Height}})
			require.NoError(t, err)
			require.Empty(t, gaps)
			rows = conform.Rows(book)
		})
		return rows, count.Swap(0)
	}
	one, first := night(false)
	two, again := night(false)
	require.Equal(t, one, two)
	require.LessOrEqual(t, again, int64(3))
	three, none := night(true)
	require.Equal(t, one, three)
	require.Zero(t, none)
	story.Extend(6)
	node.Submit(story.Blocks[story.Height()-5:]...)
	four, more := night(false)
	t.Log(first, again, more)
	require.Greater(t, len(four), len(one))
}
