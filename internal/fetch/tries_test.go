package fetch_test

import (
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/fetch"
)

// A node that is away for a minute is waited for, whatever stands in its place.
func TestNodeAwayForAMinute(t *testing.T) {
	for name, away := range map[string]http.HandlerFunc{
		"bad gateway": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
		"cut off":     func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			for range 10 { // as chance would have it
				synctest.Test(t, func(t *testing.T) {
					began := time.Now()
					c := openInBubble(t, func(w http.ResponseWriter, r *http.Request) {
						if time.Since(began) < time.Minute {
							away(w, r)
						}
					}, nil)
					_, err := c.Ask(t.Context(), fetch.Call{Name: "it", Judge: byStatus})
					require.NoError(t, err)
					require.Less(t, c.Usage().Requests, int64(40))
					require.Less(t, time.Since(began), 80*time.Second)
				})
			}
		})
	}
}

func TestPatienceEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		c := openInBubble(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, nil)
		_, err := c.Ask(t.Context(), fetch.Call{Name: "it", Judge: byStatus})
		var e *fetch.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, fetch.Transient, e.Class)
		require.EqualError(t, err, "ours: it: the answer breaks off")
		require.InDelta(t, 2*time.Minute, time.Since(began), float64(time.Second))
		require.EqualValues(t, e.Attempts, c.Usage().Requests)
		require.EqualValues(t, e.Attempts-1, c.Usage().Repeated)
	})
}

// What the server itself calls a failure is tried eight times, what is broken
// three times.
func TestTriesEnd(t *testing.T) {
	for status, attempts := range map[int]int{http.StatusInternalServerError: 8, http.StatusTeapot: 3} {
		synctest.Test(t, func(t *testing.T) {
			c := openInBubble(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }, nil)
			_, err := c.Ask(t.Context(), fetch.Call{Name: "it", Judge: byStatus})
			var e *fetch.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, attempts, e.Attempts)
			require.Contains(t, []string{"it failed in passing", "the reply is not what the protocol says"}, e.Reason)
		})
	}
}

// Being limited does not count as a failure, but patience ends.
func TestLimitedHasPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		c := openInBubble(t, func(w http.ResponseWriter, _ *http.Request) {
			if time.Since(began) < 90*time.Second {
				w.WriteHeader(http.StatusTooManyRequests)
			}
		}, nil)
		_, err := c.Ask(t.Context(), fetch.Call{Name: "it", Judge: byStatus})
		require.NoError(t, err)
		require.Greater(t, c.Usage().Refused, int64(8))
		require.Equal(t, c.Usage().Refused+1, c.Usage().Requests)
	})
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		c := openInBubble(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) }, func(cfg *fetch.Config) { cfg.Patience = 30 * time.Second })
		_, err := c.Ask(t.Context(), fetch.Call{Name: "it", Judge: byStatus})
		var e *fetch.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, fetch.Limited, e.Class)
		require.EqualError(t, err, "ours: it: too many requests")
		require.InDelta(t, 30*time.Second, time.Since(began), float64(time.Second))
	})
}

func TestRetryAfter(t *testing.T) {
	for name, header := range map[string]func(http.Header){
		"seconds": func(h http.Header) { h.Set("Retry-After", "40") },
		"date": func(h http.Header) {
			h.Set("Retry-After", time.Now().Add(40*time.Second).UTC().Format(http.TimeFormat))
		},
		"date of a wrong clock": func(h http.Header) {
			h.Set("Date", "Fri, 31 Dec 1999 23:59:00 GMT")
			h.Set("Retry-After", "Fri, 31 Dec 1999 23:59:40 GMT")
		},
		"verdict": func(h http.Header) { h.Set("X-After", "40s") },
	} {
		for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
			t.Run(name+" "+strconv.Itoa(status), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					began := time.Now()
					var sent atomic.Int64
					c := openInBubble(t, func(w http.ResponseWriter, _ *http.Request) {
						if sent.Add(1) == 1 {
							header(w.Header())
							w.WriteHeader(status)
						}
					}, nil)
					_, err := c.Ask(t.Context(), fetch.Call{Name: "it", Judge: func(r fetch.Reply) fetch.Verdict {
						v := byStatus(r)
						v.After, _ = time.ParseDuration(r.Header.Get("X-After"))
						return v
					}})
					require.NoError(t, err)
					require.EqualValues(t, 2, sent.Load())
					require.GreaterOrEqual(t, time.Since(began), 39*time.Second)
					require.Less(t, time.Since(began), 41*time.Second)
				})
			})
		}
	}
}

// A server that wants to be left alone is left alone by everybody.
func TestRetryAfterIsForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		c := openInBubble(t, func(w http.ResponseWriter, r *http.Request) {
			if time.Since(began) < 30*time.Second {
				require.Equal(t, "/first", r.URL.Path)
				w.Header().Set("Retry-After", "30")
				w.WriteHeader(http.StatusTooManyRequests)
			}
		}, nil)
		go c.Ask(t.Context(), fetch.Call{Name: "it", Path: "first", Judge: byStatus})
		synctest.Wait()
		_, err := c.Ask(t.Context(), fetch.Call{Name: "it", Path: "second", Judge: byStatus})
		require.NoError(t, err)
		require.GreaterOrEqual(t, time.Since(began), 30*time.Second)
		synctest.Wait()
	})
}

func TestRetryAfterTooLong(t *testing.T) {
	for _, after := range []string{"86400", "2147483647", "Fri, 31 Dec 9999 23:59:59 GMT"} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			c := openInBubble(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", after)
				w.WriteHeader(http.StatusTooManyRequests)
			}, nil)
			_, err := c.Ask(t.Context(), fetch.Call{Name: "it", Judge: byStatus})
			require.EqualError(t, err, "ours: it: too many requests")
			require.Less(t, time.Since(began), time.Second)
		})
	}
	for _, after := range []string{"-1", "soon", "Fri, 31 Dec 1999 23:59:59 GMT", "99999999999999999999"} {
		synctest.Test(t, func(t *testing.T) {
			var sent atomic.Int64
			c := openInBubble(t, func(w http.ResponseWriter, _ *http.Request) {
				if sent.Add(1) == 1 {
					w.Header().Set("Retry-After", after)
					w.WriteHeader(http.StatusTooManyRequests)
				}
			}, nil)
			_, err := c.Ask(t.Context(), fetch.Call{Name: "it", Judge: byStatus})
			require.NoError(t, err)
		})
	}
}

// The timeout covers the body: a byte a second does not help.
func TestSlowLoris(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		c := openInBubble(t, func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				w.Write([]byte{' '})
				w.(http.Flusher).Flush()
				select {
				case <-time.After(time.Second):
				case <-r.Context().Done():
				}
			}
		}, func(cfg *fetch.Config) { cfg.Timeout, cfg.Patience = 10*time.Second, 15*time.Second })
		_, err := c.Ask(t.Context(), fetch.Call{Name: "it", Judge: byStatus})
		require.EqualError(t, err, "ours: it: no answer in time")
		require.Less(t, time.Since(began), 30*time.Second)
	})
}

// Nobody listens there.
func TestConnectionRefused(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	c, err := fetch.Open(fetch.Config{Name: "ours", URL: "http://" + l.Addr().String() + "/path", Patience: time.Millisecond})
	require.NoError(t, err)
	_, err = c.Ask(t.Context(), fetch.Call{Name: "it", Judge: byStatus})
	require.EqualError(t, err, "ours: it: connection refused: is it running?")
	require.NoError(t, c.Close())
	c, err = fetch.Open(fetch.Config{Name: "ours", URL: "https://no-such-host.invalid/path", Patience: time.Millisecond})
	require.NoError(t, err)
	_, err = c.Ask(t.Context(), fetch.Call{Name: "it", Judge: byStatus})
	require.EqualError(t, err, "ours: it: its host name cannot be resolved")
	require.NoError(t, c.Close())
}

// A certificate that nobody can trust, or a server that does not speak TLS, is
// told soon.
func TestTLS(t *testing.T) {
	strange := httptest.NewUnstartedServer(http.NotFoundHandler())
	strange.Config.ErrorLog = log.New(io.Discard, "", 0)
	strange.StartTLS()
	defer strange.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	for url, want := range map[string]string{
		strange.URL: "ours: it: its certificate is signed by nobody known",
		"https" + strings.TrimPrefix(plain.URL, "http"): "ours: it: it does not speak TLS: is it http instead of https?",
	} {
		c, err := fetch.Open(fetch.Config{Name: "ours", URL: url})
		require.NoError(t, err)
		_, err = c.Ask(t.Context(), fetch.Call{Name: "it", Judge: byStatus})
		require.EqualError(t, err, want)
		require.NoError(t, c.Close())
	}
}
