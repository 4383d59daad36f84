package fetch_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/fetch"
)

func deflate(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(b)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

func TestGzip(t *testing.T) {
	answer := []byte(strings.Repeat("answer", 1000))
	c := open(t, func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, "gzip", r.Header.Get("Accept-Encoding"))
		w.Header().Set("Content-Encoding", "gzip")
		if r.URL.Path != "/empty" {
			w.Write(deflate(t, answer[:3000]))
			w.Write(deflate(t, answer[3000:]))
		}
	}, nil)
	reply, err := c.Ask(t.Context(), fetch.Call{Name: "it", Judge: byStatus})
	require.NoError(t, err)
	require.Equal(t, answer, reply.Body)
	reply, err = c.Ask(t.Context(), fetch.Call{Name: "it", Path: "empty", Judge: byStatus})
	require.NoError(t, err)
	require.Empty(t, reply.Body)
}

// What breaks on the way, or lies about itself, is told in the same words each
// time, and goes by when the next try is good.
func TestBadBodies(t *testing.T) {
	whole := deflate(t, bytes.Repeat([]byte("answer"), 10_000))
	broken := bytes.Clone(whole)
	broken[len(broken)-8] ^= 1 // the checksum
	corrupt := bytes.Clone(whole)
	for i := 20; i < 60; i++ {
		corrupt[i] = 0xff
	}
	hijack := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				return
			}
			conn.Write([]byte(text))
			conn.Close()
		}
	}
	body := func(encoding string, b []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", encoding)
			w.Write(b)
		}
	}
	for name, test := range map[string]struct {
		h      http.HandlerFunc
		class  fetch.Class
		reason string
	}{
		"truncated gzip":      {body("gzip", whole[:len(whole)/2]), fetch.Transient, "the answer breaks off"},
		"gzip of wrong sum":   {body("gzip", broken), fetch.Broken, "the answer is not the gzip that it says"},
		"corrupt gzip":        {body("gzip", corrupt), fetch.Broken, "the answer is not the gzip that it says"},
		"no gzip":             {body("gzip", []byte(`{"id":1,"result":"0x"}`)), fetch.Broken, "the answer is not the gzip that it says"},
		"rest after gzip":     {body("gzip", append(bytes.Clone(whole), strings.Repeat("rest", 10)...)), fetch.Broken, "the answer is not the gzip that it says"},
		"not asked for":       {body("br", whole), fetch.Broken, "the answer is in an encoding that was not asked for"},
		"length is a lie":     {hijack("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort"), fetch.Transient, "the answer breaks off"},
		"cut off in a chunk":  {hijack("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100\r\nshort"), fetch.Transient, "the answer breaks off"},
		"no answer":           {hijack(""), fetch.Transient, "the answer breaks off"},
		"other protocol":      {hijack("SSH-2.0-OpenSSH_9.9\r\n"), fetch.Transient, "the connection failed: "},
		"header without end":  {hijack("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<20)), fetch.Transient, "the connection failed: "},
		"bad length":          {hijack("HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n"), fetch.Transient, "the connection failed: "},
		"two different sizes": {hijack("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"), fetch.Transient, "the connection failed: "},
	} {
		t.Run(name, func(t *testing.T) {
			bad := true
			c := open(t, func(w http.ResponseWriter, r *http.Request) {
				if bad {
					test.h(w, r)
				}
			}, func(cfg *fetch.Config) { cfg.Patience = time.Millisecond })
			_, err := c.Ask(t.Context(), fetch.Call{Name: "it", Judge: byStatus})
			var e *fetch.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, test.class, e.Class)
			require.True(t, strings.HasPrefix(e.Reason, test.reason), e.Reason)
			require.NotContains(t, e.Reason, "127.0.0.1")
			bad = false
			_, err = c.Ask(t.Context(), fetch.Call{Name: "it", Judge: byStatus})
			require.NoError(t, err)
		})
	}
}

// zeros writes so many zeros.
func zeros(w io.Writer, n int64) {
	chunk := make([]byte, 1<<20)
	for ; n > 0; n -= int64(len(chunk)) {
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
}

// An answer without end costs no more than what is allowed for, and is not asked
// for again.
func TestOverlongBodies(t *testing.T) {
	var bomb bytes.Buffer
	w, err := gzip.NewWriterLevel(&bomb, gzip.BestSpeed)
	require.NoError(t, err)
	zeros(w, 64<<20)
	require.NoError(t, w.Close())
	for name, h := range map[string]http.HandlerFunc{
		"gzip bomb": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(bomb.Bytes())
		},
		"10 GB":             func(w http.ResponseWriter, _ *http.Request) { zeros(w, 10<<30) },
		"10 GB, as it says": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", strconv.Itoa(10<<30)) },
		"one byte too many": func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, 2<<20+1)) },
		"one byte, deflated": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(deflate(t, make([]byte, 2<<20+1)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			sent := 0
			c := open(t, func(w http.ResponseWriter, r *http.Request) {
				sent++
				h(w, r)
			}, func(cfg *fetch.Config) { cfg.MaxBody = 2 << 20 })
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := c.Ask(t.Context(), fetch.Call{Name: "it", Judge: byStatus})
			runtime.ReadMemStats(&after)
			require.EqualError(t, err, "ours: it: the answer is longer than 2 MiB")
			var e *fetch.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, fetch.TooWide, e.Class)
			require.Equal(t, 1, sent)
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(20<<20))
		})
	}
	c := open(t, func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, 2<<20)) }, func(cfg *fetch.Config) { cfg.MaxBody = 2 << 20 })
	reply, err := c.Ask(t.Context(), fetch.Call{Name: "it", Judge: byStatus})
	require.NoError(t, err)
	require.Len(t, reply.Body, 2<<20)
}

// Of an error no more is read than a person would.
func TestErrorBodies(t *testing.T) {
	c := open(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		zeros(w, 10<<30)
	}, nil)
	_, err := c.Ask(t.Context(), fetch.Call{Name: "it", Judge: func(r fetch.Reply) fetch.Verdict {
		require.Len(t, r.Body, 4<<10)
		return fetch.Verdict{Class: fetch.Refused, Reason: strings.Repeat("no ", 1000)}
	}})
	require.ErrorIs(t, err, fetch.ErrRefused)
	require.Less(t, len(err.Error()), 500)
}

// Big answers are read a few at a time.
func TestManyBigBodies(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	c := open(t, func(w http.ResponseWriter, _ *http.Request) {
		var b [8]byte
		for i := range uint64(3 << 20) {
			binary.LittleEndian.PutUint64(b[:], i)
			w.Write(b[:])
		}
	}, func(cfg *fetch.Config) { cfg.Parallel = 8 })
	done := make(chan error)
	for range 8 {
		go func() {
			reply, err := c.Ask(t.Context(), fetch.Call{Name: "it", Judge: byStatus})
			if err == nil && (len(reply.Body) != 24<<20 || binary.LittleEndian.Uint64(reply.Body[len(reply.Body)-8:]) != 3<<20-1) {
				err = io.ErrUnexpectedEOF
			}
			done <- err
		}()
	}
	for range 8 {
		require.NoError(t, <-done)
	}
}
