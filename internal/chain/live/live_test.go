package live_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/live"
	"github.com/scamtrace/scamtrace/internal/fetch"
)

// ledger is a server with a chain of payments: block h holds one payment from
// wallet h%7 to wallet h%5.
type ledger struct {
	*httptest.Server
	mu     sync.Mutex
	height uint64
	branch uint64 // blocks from here on are of another branch
	asked  []string
}

type payment struct {
	Height   uint64
	From, To string
}

func serve(t testing.TB, height uint64) *ledger {
	l := &ledger{height: height, branch: 1 << 40}
	l.Server = httptest.NewServer(l)
	t.Cleanup(l.Close)
	return l
}

func (l *ledger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked = append(l.asked, r.URL.RawQuery)
	if q := r.URL.Query(); q.Has("from") {
		from, _ := strconv.ParseUint(q.Get("from"), 10, 64)
		to, _ := strconv.ParseUint(q.Get("to"), 10, 64)
		out := []payment{}
		for h := from; h <= to; h++ {
			p := payment{h, fmt.Sprint("w", h%7), fmt.Sprint("w", h%5)}
			if p.From == q.Get("address") || p.To == q.Get("address") {
				out = append(out, p)
			}
		}
		_ = json.NewEncoder(w).Encode(out)
		return
	}
	h := l.height
	if text := r.URL.Query().Get("block"); text != "" {
		h, _ = strconv.ParseUint(text, 10, 64)
	}
	branch := "a"
	if h >= l.branch {
		branch = "b"
	}
	fmt.Fprintf(w, "%d %s", h, branch)
}

// take returns how many requests there were since the last time, those for
// blocks left out.
func (l *ledger) take() (payments []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, q := range l.asked {
		if strings.Contains(q, "from=") {
			payments = append(payments, q)
		}
	}
	l.asked = nil
	return payments
}

// driver asks a ledger one address at a time.
type driver struct{ client *fetch.Client }

func final(fetch.Reply) fetch.Verdict { return fetch.Verdict{Class: fetch.Final} }

func (d driver) Head(ctx context.Context) (chain.Block, error) { return d.block(ctx, url.Values{}) }

func (d driver) Block(ctx context.Context, height uint64) (chain.Block, error) {
	return d.block(ctx, url.Values{"block": {fmt.Sprint(height)}})
}

func (d driver) block(ctx context.Context, q url.Values) (b chain.Block, err error) {
	reply, err := d.client.Ask(ctx, fetch.Call{Name: "block", Query: q, Judge: final})
	if err != nil {
		return b, err
	}
	var branch string
	_, err = fmt.Sscanf(string(reply.Body), "%d %s", &b.Height, &branch)
	copy(b.Hash[:], fmt.Sprintf("%s%d", branch, b.Height))
	return b, err
}

// hubs of the driver are the addresses with more transfers than the limit.
func (a ask) hub(list []payment) []chain.Gap {
	if a.limit == 0 || len(list) <= a.limit {
		return nil
	}
	return []chain.Gap{{Address: a.address, Span: a.span, Effect: chain.Hub, Reason: "many"}}
}

func (d driver) Plan(_ context.Context, q chain.Question, pin chain.Block) ([]chain.Part, error) {
	var parts []chain.Part
	for _, a := range slices.Sorted(maps.Keys(q.Addresses)) {
		parts = append(parts, ask{d, a, q.Span, pin, q.Limit})
	}
	return parts, nil
}

type ask struct {
	driver
	address chain.Address
	span    chain.Span
	pin     chain.Block
	limit   int
}

func (a ask) Ask(ctx context.Context, emit func(*chain.Transfer) error) ([]chain.Gap, error) {
	reply, err := a.client.Ask(ctx, fetch.Call{
		Name: "payments", Judge: final, Pin: fmt.Sprintf("%x", a.pin.Hash),
		Query: url.Values{"address": {string(a.address)}, "from": {fmt.Sprint(a.span.From)}, "to": {fmt.Sprint(a.span.To)}},
	})
	if err != nil {
		return nil, err
	}
	var list []payment
	if err := json.Unmarshal(reply.Body, &list); err != nil {
		return nil, err
	}
	for _, p := range list {
		var amount chain.Amount
		amount.SetUint64(p.Height)
		tx := chain.Tx{Hash: chain.Hash{byte(p.Height >> 8), byte(p.Height)}, Pos: chain.Pos{Height: p.Height}}
		if err := emit(&chain.Transfer{
			Tx: tx, Kind: chain.NativeKind, Asset: chain.Native,
			In:  []chain.Entry{{Address: chain.Address(p.From), Amount: amount}},
			Out: []chain.Entry{{Address: chain.Address(p.To), Amount: amount}},
		}); err != nil {
			return nil, err
		}
	}
	return a.hub(list), nil
}

func open(t require.TestingT, l *ledger, cache string, offline bool) chain.Source {
	c, err := chain.Lookup("ethereum")
	require.NoError(t, err)
	o := chain.Options{Cache: cache, Offline: offline, Endpoint: chain.Endpoint{Name: "test", URL: l.URL}}
	client, err := live.Client("test", c, o, live.Defaults{})
	require.NoError(t, err)
	s, err := live.Source(c, "test", driver{client}, client, o)
	require.NoError(t, err)
	return s
}

// tell asks for addresses up to the head and returns what is told, in order.
func tell(t require.TestingT, s chain.Source, to uint64, addresses ...chain.Address) []string {
	head, err := s.Head(context.Background())
	require.NoError(t, err)
	q := chain.Question{Addresses: map[chain.Address]struct{}{}, Span: chain.Span{From: 0, To: min(to, head.Height)}}
	for _, a := range addresses {
		q.Addresses[a] = struct{}{}
	}
	parts, err := s.Plan(context.Background(), q)
	require.NoError(t, err)
	told := map[string]bool{}
	for _, p := range parts {
		gaps, err := p.Ask(context.Background(), func(tr *chain.Transfer) error {
			_, in := q.Addresses[tr.In[0].Address]
			_, out := q.Addresses[tr.Out[0].Address]
			require.True(t, in || out, "nobody asked for %v", tr)
			told[fmt.Sprintf("%04d %s %s", tr.Tx.Pos.Height, tr.In[0].Address, tr.Out[0].Address)] = true
			return nil
		})
		require.NoError(t, err)
		require.Empty(t, gaps)
	}
	return slices.Sorted(maps.Keys(told))
}

const whole = 1 << 40

func TestSecondNightAsksForNewBlocksAlone(t *testing.T) {
	l := serve(t, 100)
	cache := t.TempDir()
	s := open(t, l, cache, false)
	require.NotEmpty(t, tell(t, s, whole, "w1", "w2"))
	require.Equal(t, []string{"address=w1&from=0&to=100", "address=w2&from=0&to=100"}, l.take())
	tell(t, s, whole, "w2", "w3")
	require.Equal(t, []string{"address=w3&from=0&to=100"}, l.take())
	require.NoError(t, s.Close())

	l.height = 120
	s = open(t, l, cache, false)
	want := tell(t, s, whole, "w1", "w3", "w4")
	require.Equal(t, []string{"address=w4&from=0&to=120", "address=w1&from=101&to=120", "address=w3&from=101&to=120"}, l.take())
	require.NoError(t, s.Close())

	fresh := open(t, l, t.TempDir(), false)
	require.Equal(t, want, tell(t, fresh, whole, "w1", "w3", "w4"))
	require.NoError(t, fresh.Close())
	l.take()

	offline := open(t, l, cache, true)
	require.Equal(t, want, tell(t, offline, whole, "w1", "w3", "w4"))
	require.Empty(t, l.asked)
	require.NoError(t, offline.Close())
}

// An address that turned out to be a hub is not asked for new blocks: the
// question before says what it is.
func TestHubIsNotAskedAgain(t *testing.T) {
	l := serve(t, 100)
	cache := t.TempDir()
	for _, want := range [][]string{
		{"address=w1&from=0&to=100", "address=w9&from=0&to=100"},
		{"address=w9&from=101&to=120"},
		{"address=w9&from=121&to=140"},
	} {
		s := open(t, l, cache, false)
		head, err := s.Head(t.Context())
		require.NoError(t, err)
		q := chain.Question{Addresses: map[chain.Address]struct{}{"w1": {}, "w9": {}}, Span: chain.Span{To: head.Height}, Limit: 5}
		parts, err := s.Plan(t.Context(), q)
		require.NoError(t, err)
		hubs := map[chain.Address]int{}
		for _, p := range parts {
			gaps, err := p.Ask(t.Context(), func(*chain.Transfer) error { return nil })
			require.NoError(t, err)
			for _, g := range gaps {
				hubs[g.Address]++
			}
		}
		require.Equal(t, map[chain.Address]int{"w1": 1}, hubs)
		require.Equal(t, want, l.take())
		require.NoError(t, s.Close())
		l.height += 20
	}
}

// What was asked when a block was final that is so no more does not count.
func TestReorganizedPin(t *testing.T) {
	l := serve(t, 100)
	cache := t.TempDir()
	for _, height := range []uint64{100, 110, 120} {
		l.height = height
		s := open(t, l, cache, false)
		tell(t, s, whole, "w1")
		require.NoError(t, s.Close())
	}
	l.take()
	l.height, l.branch = 130, 105
	s := open(t, l, cache, false)
	_, err := s.Head(t.Context()) // and then the run dies
	require.NoError(t, err)
	require.NoError(t, s.Close())
	l.take()
	for _, offline := range []bool{false, true} {
		s = open(t, l, cache, offline)
		tell(t, s, whole, "w1")
		require.NoError(t, s.Close())
	}
	require.Equal(t, []string{"address=w1&from=101&to=130"}, l.take())
	s = open(t, l, cache, false)
	tell(t, s, 110, "w1")
	require.Equal(t, []string{"address=w1&from=101&to=110"}, l.take(), "block 110 is another one now")
	require.NoError(t, s.Close())
}

// A server that is behind what it knew yesterday, or knows another chain, is
// refused; offline the last run is repeated.
func TestServerIsBehindOrElsewhere(t *testing.T) {
	l := serve(t, 100)
	cache := t.TempDir()
	s := open(t, l, cache, false)
	want := tell(t, s, whole, "w1")
	require.NoError(t, s.Close())

	l.height = 99
	s = open(t, l, cache, false)
	_, err := s.Head(t.Context())
	require.ErrorContains(t, err, "block 99 is the newest final one, and said 100 before")
	require.NoError(t, s.Close())

	l.height, l.branch = 110, 50
	s = open(t, l, cache, false)
	_, err = s.Head(t.Context())
	require.ErrorIs(t, err, chain.ErrContradiction)
	require.ErrorContains(t, err, "another chain answers")
	require.NoError(t, s.Close())

	offline := open(t, l, cache, true)
	require.Equal(t, want, tell(t, offline, whole, "w1"))
	require.NoError(t, offline.Close())
}

func TestMemoryIsCutOff(t *testing.T) {
	l := serve(t, 100)
	cache := t.TempDir()
	s := open(t, l, cache, false)
	want := tell(t, s, whole, "w1", "w2")
	require.NoError(t, s.Close())
	found, err := filepath.Glob(filepath.Join(cache, "answers", "*", "questions.jsonl"))
	require.NoError(t, err)
	require.Len(t, found, 1)
	text, err := os.ReadFile(found[0])
	require.NoError(t, err)
	for cut := range len(text) {
		require.NoError(t, os.WriteFile(found[0], text[:cut], 0o600))
		s := open(t, l, cache, false)
		require.Equal(t, want, tell(t, s, whole, "w1", "w2"), "cut at %d", cut)
		require.NoError(t, s.Close())
	}
	require.Len(t, l.take(), 2, "the archive has the answers")
	require.NoError(t, os.WriteFile(found[0], append([]byte("{}\n"), text...), 0o600))
	c, err := chain.Lookup("ethereum")
	require.NoError(t, err)
	o := chain.Options{Cache: cache, Endpoint: chain.Endpoint{Name: "test", URL: l.URL}}
	client, err := live.Client("test", c, o, live.Defaults{})
	require.NoError(t, err)
	_, err = live.Source(c, "test", driver{client}, client, o)
	require.ErrorContains(t, err, "questions.jsonl: line 1")
	require.NoError(t, client.Close())
}

// Whatever was asked before, in whatever order, up to whichever block: the
// answer is a fresh one's.
func TestAnyHistory(t *testing.T) {
	l := serve(t, 10)
	rapid.Check(t, func(rt *rapid.T) {
		cache, err := os.MkdirTemp(t.TempDir(), "")
		require.NoError(rt, err)
		l.height = 10
		for range rapid.IntRange(1, 5).Draw(rt, "nights") {
			l.height += rapid.Uint64Range(0, 9).Draw(rt, "blocks")
			to := rapid.SampledFrom([]uint64{whole, 12, 20}).Draw(rt, "to")
			var addresses []chain.Address
			for i := range 6 {
				if rapid.Bool().Draw(rt, "asked") {
					addresses = append(addresses, chain.Address(fmt.Sprint("w", i)))
				}
			}
			s := open(rt, l, cache, false)
			var want []string
			for h := range min(to, l.height) + 1 {
				from, into := chain.Address(fmt.Sprint("w", h%7)), chain.Address(fmt.Sprint("w", h%5))
				if slices.Contains(addresses, from) || slices.Contains(addresses, into) {
					want = append(want, fmt.Sprintf("%04d %s %s", h, from, into))
				}
			}
			require.Equal(rt, want, tell(rt, s, to, addresses...))
			require.NoError(rt, s.Close())
		}
	})
}
