package fetch_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/fetch"
)

// byStatus is the table of a small server.
func byStatus(r fetch.Reply) fetch.Verdict {
	reason := string(r.Body)
	switch r.Status {
	case http.StatusOK:
		return fetch.Verdict{}
	case http.StatusTooManyRequests:
		return fetch.Verdict{Class: fetch.Limited, Reason: reason}
	case http.StatusPaymentRequired:
		return fetch.Verdict{Class: fetch.Exhausted, Reason: reason}
	case http.StatusUnauthorized, http.StatusForbidden:
		return fetch.Verdict{Class: fetch.Refused, Reason: reason}
	case http.StatusRequestEntityTooLarge:
		return fetch.Verdict{Class: fetch.TooMany, Reason: reason}
	case http.StatusUnprocessableEntity:
		return fetch.Verdict{Class: fetch.TooWide, Reason: reason}
	case http.StatusNotImplemented:
		return fetch.Verdict{Class: fetch.Unsupported, Reason: reason}
	case http.StatusGone:
		return fetch.Verdict{Class: fetch.Pruned, Reason: reason}
	case http.StatusTeapot:
		return fetch.Verdict{Class: fetch.Broken, Reason: reason}
	default:
		return fetch.Verdict{Class: fetch.Transient, Reason: reason}
	}
}

// open opens a client for a server that a handler is.
func open(t testing.TB, h http.HandlerFunc, change func(*fetch.Config)) *fetch.Client {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	cfg := fetch.Config{Name: "ours", URL: server.URL}
	if change != nil {
		change(&cfg)
	}
	c, err := fetch.Open(cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c
}

func TestAsk(t *testing.T) {
	var got *http.Request
	c := open(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		w.Write([]byte("answer"))
	}, func(cfg *fetch.Config) {
		cfg.URL += "/v2/{key}?module=x&k={key}"
		cfg.Key, cfg.User, cfg.Password = "k/e y&", "me", "secret"
	})
	reply, err := c.Ask(t.Context(), fetch.Call{Name: "it", Path: "a/b", Query: url.Values{"q": {"1 2"}}, Judge: byStatus})
	require.NoError(t, err)
	require.Equal(t, "answer", string(reply.Body))
	require.Equal(t, http.MethodGet, got.Method)
	require.Equal(t, "/v2/k%2Fe%20y&/a/b", got.URL.EscapedPath())
	require.Equal(t, url.Values{"module": {"x"}, "k": {"k/e y&"}, "q": {"1 2"}}, got.URL.Query())
	user, password, _ := got.BasicAuth()
	require.Equal(t, "me:secret", user+":"+password)

	reply, err = c.Ask(t.Context(), fetch.Call{Name: "it", Body: []byte(`{}`), Judge: byStatus})
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, reply.Status)
	require.Equal(t, http.MethodPost, got.Method)
	require.Equal(t, "application/json", got.Header.Get("Content-Type"))
	require.Equal(t, fetch.Usage{Requests: 2, Bytes: 12, Left: -1}, c.Usage())
}

func TestKeyInHeaderAndQuery(t *testing.T) {
	for _, in := range []string{"header", "query"} {
		var got *http.Request
		c := open(t, func(_ http.ResponseWriter, r *http.Request) { got = r }, func(cfg *fetch.Config) {
			cfg.Key = "the&key"
			if in == "header" {
				cfg.KeyHeader = "X-Key"
			} else {
				cfg.KeyQuery = "apikey"
			}
		})
		_, err := c.Ask(t.Context(), fetch.Call{Name: "it", Judge: byStatus})
		require.NoError(t, err)
		require.Equal(t, "the&key", got.Header.Get("X-Key")+got.URL.Query().Get("apikey"))
	}
}

func TestPinnedAnswersComeFromTheArchive(t *testing.T) {
	sent := 0
	dir := t.TempDir()
	change := func(cfg *fetch.Config) { cfg.Dir = dir }
	h := func(w http.ResponseWriter, _ *http.Request) {
		sent++
		w.Header().Set("X-Credits-Remaining", "77")
		w.WriteHeader(http.StatusCreated)
		w.Write([]byte("answer"))
	}
	judge := func(r fetch.Reply) fetch.Verdict { require.NotNil(t, r.Header); return fetch.Verdict{} }
	call := fetch.Call{Name: "it", Path: "x", Pin: "pin", Judge: judge}
	c := open(t, h, change)
	first, err := c.Ask(t.Context(), call)
	require.NoError(t, err)
	require.EqualValues(t, 77, c.Usage().Left)
	second, err := c.Ask(t.Context(), call)
	require.NoError(t, err)
	require.Equal(t, first, second)
	root, n, size := c.Archive().Root()
	require.Equal(t, 1, n)
	require.EqualValues(t, 6, size)
	require.NoError(t, c.Close())

	c = open(t, h, change)
	third, err := c.Ask(t.Context(), call)
	require.NoError(t, err)
	require.Equal(t, first, third)
	require.Equal(t, 1, sent)
	require.Equal(t, fetch.Usage{Archived: 1, Left: -1}, c.Usage())
	again, _, _ := c.Archive().Root()
	require.Equal(t, root, again)
	answer, known, err := c.Archive().Get(call.Question())
	require.NoError(t, err)
	require.True(t, known)
	require.Equal(t, "answer", string(answer))
}

func TestOffline(t *testing.T) {
	dir := t.TempDir()
	call := fetch.Call{Name: "it", Path: "x", Pin: "pin", Judge: byStatus}
	online := open(t, func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("answer")) }, func(cfg *fetch.Config) { cfg.Dir = dir })
	_, err := online.Ask(t.Context(), call)
	require.NoError(t, err)
	// Also while the other has it open.
	c := open(t, func(http.ResponseWriter, *http.Request) { t.Error("asked") }, func(cfg *fetch.Config) { cfg.Dir, cfg.Offline = dir, true })
	reply, err := c.Ask(t.Context(), call)
	require.NoError(t, err)
	require.Equal(t, "answer", string(reply.Body))
	call.Path = "y"
	_, err = c.Ask(t.Context(), call)
	require.ErrorIs(t, err, fetch.ErrOffline)
	require.EqualError(t, err, "ours: it: not in the archive: run once without --offline")
	call.Pin = ""
	_, err = c.Ask(t.Context(), call)
	require.ErrorIs(t, err, fetch.ErrOffline)
	require.NoError(t, c.Archive().MarkSplit(call.Question()))
	require.True(t, c.Archive().Split(call.Question()))
	require.ErrorIs(t, c.Archive().Put(call.Question(), nil), fetch.ErrOffline)
	_, err = fetch.ReadArchive(dir + "/nowhere")
	require.NoError(t, err)
}

func TestVerdictsThatEnd(t *testing.T) {
	for status, class := range map[int]fetch.Class{
		http.StatusPaymentRequired: fetch.Exhausted, http.StatusUnauthorized: fetch.Refused,
		http.StatusRequestEntityTooLarge: fetch.TooMany, http.StatusUnprocessableEntity: fetch.TooWide,
		http.StatusNotImplemented: fetch.Unsupported, http.StatusGone: fetch.Pruned,
	} {
		sent := 0
		c := open(t, func(w http.ResponseWriter, _ *http.Request) {
			sent++
			w.WriteHeader(status)
			w.Write([]byte("a\x00 \n\x1b[31mreason\u202e!\xff"))
		}, func(cfg *fetch.Config) { cfg.Dir = t.TempDir() })
		_, err := c.Ask(t.Context(), fetch.Call{Name: "it", Pin: "p", Judge: byStatus})
		var e *fetch.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, class, e.Class)
		require.Equal(t, 1, e.Attempts)
		require.EqualError(t, err, "ours: it: a [31mreason !\uFFFD")
		require.Equal(t, class == fetch.Exhausted, errors.Is(err, fetch.ErrExhausted))
		require.Equal(t, class == fetch.Refused, errors.Is(err, fetch.ErrRefused))
		require.Equal(t, 1, sent)
		for range c.Archive().Records() {
			t.Error("an error was kept")
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c := open(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}, nil)
	_, err := c.Ask(ctx, fetch.Call{Name: "it", Judge: byStatus})
	require.Equal(t, context.Canceled, err)
	_, err = c.Ask(ctx, fetch.Call{Name: "it", Judge: byStatus})
	require.Equal(t, context.Canceled, err)
}
