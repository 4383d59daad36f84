package jsonrpc_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/fetch"
	"github.com/scamtrace/scamtrace/internal/fetch/jsonrpc"
)

// classify is the table of a small node.
func classify(f jsonrpc.Fault) fetch.Verdict {
	switch f.Status {
	case http.StatusServiceUnavailable:
		return fetch.Verdict{Class: fetch.Limited}
	case http.StatusUnauthorized:
		return fetch.Verdict{Class: fetch.Refused}
	case http.StatusRequestEntityTooLarge:
		return fetch.Verdict{Class: fetch.TooMany}
	}
	switch f.Code {
	case -5:
		return fetch.Verdict{Class: fetch.Final}
	case -32601:
		return fetch.Verdict{Class: fetch.Unsupported}
	case -32003, -32602:
		return fetch.Verdict{Class: fetch.TooWide}
	case -32005:
		return fetch.Verdict{Class: fetch.Limited, After: time.Millisecond}
	case -32000:
		return fetch.Verdict{Class: fetch.Transient}
	case -32098:
		return fetch.Verdict{Class: fetch.Exhausted}
	default:
		return fetch.Verdict{Class: fetch.Refused}
	}
}

// request is what a server was asked.
type request struct {
	Version string `json:"jsonrpc"`
	ID      int    `json:"id"`
	Method  string `json:"method"`
	Params  []any  `json:"params"`
}

// node is a server whose handler gets the requests, and whether they came as a
// list.
func node(t testing.TB, batch int, h func(w http.ResponseWriter, rs []request, list bool), change func(*fetch.Config)) (*jsonrpc.Client, *fetch.Client) {
	t.Helper()
	p := newPipe()
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		var one request
		if json.Unmarshal(body, &one) == nil {
			h(w, []request{one}, false)
			return
		}
		var rs []request
		if err := json.Unmarshal(body, &rs); err != nil {
			t.Errorf("%v: %s", err, body)
		}
		h(w, rs, true)
	})}
	go server.Serve(p)
	transport := &http.Transport{DialContext: p.dial, DisableCompression: true}
	cfg := fetch.Config{Name: "ours", URL: "http://pipe", Transport: transport}
	if change != nil {
		change(&cfg)
	}
	c, err := fetch.Open(cfg)
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, c.Close())
		transport.CloseIdleConnections()
		server.Close()
	})
	return jsonrpc.New(c, classify, batch), c
}

// echo answers a request with its first parameter.
func echo(r request) string {
	b, err := json.Marshal(r.Params[0])
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"result":%s}`, r.ID, b)
}

func write(w http.ResponseWriter, list bool, elements ...string) {
	s := strings.Join(elements, ",")
	if list {
		s = "[" + s + "]"
	}
	w.Write([]byte(s))
}

func numbers(n int) []jsonrpc.Request {
	rs := make([]jsonrpc.Request, n)
	for i := range rs {
		rs[i] = jsonrpc.Request{Method: "echo", Params: []any{i}}
	}
	return rs
}

func requireNumbers(t *testing.T, results []jsonrpc.Result) {
	t.Helper()
	for i, r := range results {
		require.NoError(t, r.Err, i)
		require.Equal(t, fmt.Sprint(i), string(r.Value))
	}
}

func TestCall(t *testing.T) {
	c, _ := node(t, 10, func(w http.ResponseWriter, rs []request, list bool) {
		require.False(t, list)
		require.Equal(t, request{Version: "2.0", ID: 1, Method: "eth_\"x", Params: []any{"0x1", map[string]any{"a": 1., "b": nil}}}, rs[0])
		w.Write([]byte(" {\"id\": 1, \"jsonrpc\":\"2.0\", \"extra\": [1], \"result\": {\"a\" : [1, 2]} }\n"))
	}, nil)
	v, err := c.Call(t.Context(), "", jsonrpc.Request{Method: "eth_\"x", Params: []any{"0x1", map[string]any{"b": nil, "a": 1}}})
	require.NoError(t, err)
	require.Equal(t, jsontext.Value(`{"a" : [1, 2]}`), v)
}

func TestNoParams(t *testing.T) {
	c, _ := node(t, 10, func(w http.ResponseWriter, rs []request, _ bool) {
		require.Equal(t, []any{}, rs[0].Params)
		w.Write([]byte(`{"id":1,"error":null,"result":null}`))
	}, nil)
	v, err := c.Call(t.Context(), "", jsonrpc.Request{Method: "m"})
	require.NoError(t, err)
	require.Equal(t, "null", string(v))
	require.Equal(t, fetch.Question{Pin: "p", Text: "m []"}, c.Question("p", jsonrpc.Request{Method: "m"}))
	require.Equal(t, fetch.Question{Pin: "p", Text: `m [{"a":1,"b":2}]`}, c.Question("p", jsonrpc.Request{Method: "m", Params: []any{map[string]int{"b": 2, "a": 1}}}))
}

// A reply that is not what the protocol says is asked again, and the error says
// what was wrong with it.
func TestBrokenReplies(t *testing.T) {
	deep := strings.Repeat("[", 100_000)
	for reply, reason := range map[string]string{
		``:                                     "the reply is no JSON",
		`x`:                                    "the reply is no JSON",
		`<!DOCTYPE html><title>Login</title>`:  "the reply is no JSON",
		`{"id":1,"result":`:                    "the reply is no JSON",
		`{"id":1,"result":` + deep:             "the reply is no JSON",
		`{"id":1,"result":{"a":1,"a":2}}`:      "the reply is no JSON",
		`{"id":1,"id":1,"result":1}`:           "the reply is no JSON",
		"{\"id\":1,\"result\":\"\xff\"}":       "the reply is no JSON",
		`1`:                                    "the reply is no JSON-RPC",
		`null`:                                 "the reply is no JSON-RPC",
		`[{"id":1,"result":1}]`:                "the reply is no JSON-RPC",
		`[]`:                                   "the reply is no JSON-RPC",
		`[1]`:                                  "the reply is no JSON-RPC",
		`{"id":2,"result":1}`:                  "the reply is to another request",
		`{"id":0,"result":1}`:                  "the reply is to another request",
		`{"id":"1","result":1}`:                "the reply is to another request",
		`{"id":1.0,"result":1}`:                "the reply is to another request",
		`{"id":null,"result":1}`:               "the reply is to another request",
		`{"result":1}`:                         "the reply is to another request",
		`{"id":2,"error":{"code":-32601}}`:     "the reply is to another request",
		`{}`:                                   "the reply holds neither a result nor an error",
		`{"id":1}`:                             "the reply holds neither a result nor an error",
		`{"id":1,"error":null}`:                "the reply holds neither a result nor an error",
		`{"id":1,"result":1,"error":{}}`:       "the reply holds both a result and an error",
		`{"id":1,"result":1}{}`:                "the reply goes on after its end",
		`{"id":1,"result":1} x`:                "the reply goes on after its end",
		`{"id":1,"result":1}` + "\x00":         "the reply goes on after its end",
		`{"id":1,"result":1},{"id":1}`:         "the reply goes on after its end",
		`{"id":1,"result":1}]`:                 "the reply goes on after its end",
		`{"id":1,"result":1,"error":"no way"}`: "the reply holds both a result and an error",
	} {
		synctest.Test(t, func(t *testing.T) {
			sent := 0
			c, f := node(t, 10, func(w http.ResponseWriter, _ []request, _ bool) {
				sent++
				w.Write([]byte(reply))
			}, func(cfg *fetch.Config) { cfg.Dir = t.TempDir() })
			_, err := c.Call(t.Context(), "pin", jsonrpc.Request{Method: "m"})
			var e *fetch.Error
			require.ErrorAs(t, err, &e, reply)
			require.Equal(t, &fetch.Error{Server: "ours", Call: "m", Class: fetch.Broken, Reason: reason, Attempts: 3}, e, reply)
			require.Equal(t, 3, sent)
			for range f.Archive().Records() {
				t.Error("something was kept")
			}
		})
	}
}

func TestFaults(t *testing.T) {
	for reply, want := range map[string]fetch.Error{
		`{"id":1,"error":{"code":-32601,"message":"no \u202e m"}}`:                               {Class: fetch.Unsupported, Reason: "no m"},
		`{"id":1,"result":null,"error":{"code":-32601,"message":"no m"}}`:                        {Class: fetch.Unsupported, Reason: "no m"},
		`{"id":null,"error":{"code":-32098,"message":"no more"}}`:                                {Class: fetch.Exhausted, Reason: "no more"},
		`{"error":{"code":"-32602","message":{"too":"wide"},"data":1,"stack":[]},"extra":"foo"}`: {Class: fetch.TooWide, Reason: `{"too":"wide"}`},
		`{"error":"get out"}`:           {Class: fetch.Refused, Reason: "get out"},
		`{"id":1,"error":{}}`:           {Class: fetch.Refused, Reason: "it refuses"},
		`{"id":1,"error":[-32601,"a"]}`: {Class: fetch.Refused, Reason: `[-32601,"a"]`},
	} {
		c, _ := node(t, 10, func(w http.ResponseWriter, _ []request, _ bool) { w.Write([]byte(reply)) }, nil)
		_, err := c.Call(t.Context(), "", jsonrpc.Request{Method: "m"})
		want.Server, want.Call, want.Attempts = "ours", "m", 1
		require.Equal(t, &want, err)
	}
}

// A fault that the driver's table calls final is an answer: nothing.
func TestFinalFault(t *testing.T) {
	sent := 0
	c, _ := node(t, 10, func(w http.ResponseWriter, rs []request, list bool) {
		sent++
		var out []string
		for _, r := range rs {
			out = append(out, fmt.Sprintf(`{"id":%d,"result":null,"error":{"code":-5,"message":"No information available about address"}}`, r.ID))
		}
		write(w, list, out...)
	}, func(cfg *fetch.Config) { cfg.Dir = t.TempDir() })
	for range 2 {
		v, err := c.Call(t.Context(), "pin", jsonrpc.Request{Method: "m"})
		require.NoError(t, err)
		require.Equal(t, "null", string(v))
		results, err := c.Batch(t.Context(), "pin", numbers(2))
		require.NoError(t, err)
		require.Equal(t, "null", string(results[1].Value))
	}
	require.Equal(t, 2, sent)
}

func TestHTTPFaults(t *testing.T) {
	for status, want := range map[int]fetch.Error{
		http.StatusUnauthorized:          {Class: fetch.Refused, Reason: "401 Unauthorized."},
		http.StatusRequestEntityTooLarge: {Class: fetch.TooMany, Reason: "401 Unauthorized."},
	} {
		c, _ := node(t, 10, func(w http.ResponseWriter, _ []request, _ bool) {
			w.WriteHeader(status)
			w.Write([]byte("401 Unauthorized.\n"))
		}, nil)
		_, err := c.Call(t.Context(), "", jsonrpc.Request{Method: "m"})
		want.Server, want.Call, want.Attempts = "ours", "m", 1
		require.Equal(t, &want, err)
	}
	// bitcoind answers 500 with what is right by the protocol.
	c, _ := node(t, 10, func(w http.ResponseWriter, _ []request, _ bool) {
		w.WriteHeader(http.StatusInternalServerError)
		w.Write([]byte(`{"id":1,"result":null,"error":{"code":-32601,"message":"Method not found"}}`))
	}, nil)
	_, err := c.Call(t.Context(), "", jsonrpc.Request{Method: "m"})
	require.EqualError(t, err, "ours: m: Method not found")
}

func TestBusyNode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sent := 0
		c, f := node(t, 10, func(w http.ResponseWriter, rs []request, list bool) {
			if sent++; sent <= 3 {
				w.Header().Set("Content-Type", "text/plain")
				w.WriteHeader(http.StatusServiceUnavailable)
				w.Write([]byte("503 Too busy.  Try again later.\n"))
				return
			}
			write(w, list, echo(rs[0]))
		}, nil)
		v, err := c.Call(t.Context(), "", numbers(1)[0])
		require.NoError(t, err)
		require.Equal(t, "0", string(v))
		require.Equal(t, fetch.Usage{Requests: 4, Repeated: 3, Refused: 3, Bytes: 3*32 + 35, Left: -1}, f.Usage())
	})
}

func TestBatch(t *testing.T) {
	var sizes []int
	c, f := node(t, 10, func(w http.ResponseWriter, rs []request, list bool) {
		sizes = append(sizes, len(rs))
		var out []string
		for i := range rs {
			require.Equal(t, i+1, rs[i].ID)
			out = append([]string{echo(rs[i])}, out...) // in any order
		}
		write(w, list, out...)
	}, func(cfg *fetch.Config) { cfg.Dir = t.TempDir() })
	results, err := c.Batch(t.Context(), "pin", numbers(21))
	require.NoError(t, err)
	requireNumbers(t, results)
	require.Equal(t, []int{10, 10, 1}, sizes)
	results, err = c.Batch(t.Context(), "pin", numbers(25))
	require.NoError(t, err)
	requireNumbers(t, results)
	require.Equal(t, []int{10, 10, 1, 4}, sizes)
	require.EqualValues(t, 21, f.Usage().Archived)
	answer, known, err := f.Archive().Get(c.Question("pin", numbers(25)[24]))
	require.NoError(t, err)
	require.True(t, known)
	require.Equal(t, "24", string(answer))
	results, err = c.Batch(t.Context(), "pin", nil)
	require.NoError(t, err)
	require.Empty(t, results)
}

func TestBatchTooLarge(t *testing.T) {
	for name, refuse := range map[string]func(http.ResponseWriter){
		"go-ethereum": func(w http.ResponseWriter) {
			w.Write([]byte(`[{"jsonrpc":"2.0","id":1,"error":{"code":-32600,"message":"batch too large"}}]`))
		},
		"object": func(w http.ResponseWriter) {
			w.Write([]byte(`{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"batch too large"}}`))
		},
		"words": func(w http.ResponseWriter) {
			w.Write([]byte(`{"error":{"code":7,"message":"Batch of more than 7 requests"}}`))
		},
		"body": func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			w.Write([]byte("content length too large (1228867>1048576)\n"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			var sizes []int
			c, _ := node(t, 40, func(w http.ResponseWriter, rs []request, list bool) {
				sizes = append(sizes, len(rs))
				if len(rs) > 7 {
					refuse(w)
					return
				}
				var out []string
				for _, r := range rs {
					out = append(out, echo(r))
				}
				write(w, list, out...)
			}, nil)
			results, err := c.Batch(t.Context(), "", numbers(30))
			require.NoError(t, err)
			requireNumbers(t, results)
			require.Equal(t, []int{30, 15, 7, 7, 7, 7, 2}, sizes)
			// It was learned.
			sizes = nil
			_, err = c.Batch(t.Context(), "", numbers(10))
			require.NoError(t, err)
			require.Equal(t, []int{7, 3}, sizes)
		})
	}
}

// A node that knows no batches gets single requests.
func TestNoBatches(t *testing.T) {
	c, _ := node(t, 8, func(w http.ResponseWriter, rs []request, list bool) {
		if list {
			w.WriteHeader(http.StatusBadRequest)
			w.Write([]byte(`{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid Request"}}`))
			return
		}
		write(w, false, echo(rs[0]))
	}, nil)
	results, err := c.Batch(t.Context(), "", numbers(9))
	require.NoError(t, err)
	requireNumbers(t, results)
}

func TestReplyTooLarge(t *testing.T) {
	for _, room := range []int{1, 3, 5} {
		var sizes []int
		c, _ := node(t, 10, func(w http.ResponseWriter, rs []request, list bool) {
			sizes = append(sizes, len(rs))
			var out []string
			for i, r := range rs {
				if i < room {
					out = append(out, echo(r))
				} else {
					out = append(out, fmt.Sprintf(`{"id":%d,"error":{"code":-32003,"message":"response too large"}}`, r.ID))
				}
			}
			write(w, list, out...)
		}, nil)
		results, err := c.Batch(t.Context(), "", numbers(10))
		require.NoError(t, err)
		requireNumbers(t, results)
		require.Len(t, sizes, (10+room-1)/room)
	}
	// One that is too large by itself is so for good; the others are not.
	c, _ := node(t, 10, func(w http.ResponseWriter, rs []request, list bool) {
		var out []string
		full := false
		for _, r := range rs {
			if full = full || r.Params[0] == 4.; full {
				out = append(out, fmt.Sprintf(`{"id":%d,"error":{"code":-32003,"message":"response too large"}}`, r.ID))
			} else {
				out = append(out, echo(r))
			}
		}
		write(w, list, out...)
	}, nil)
	results, err := c.Batch(t.Context(), "", numbers(10))
	require.NoError(t, err)
	require.Equal(t, &fetch.Error{Server: "ours", Call: "echo", Class: fetch.TooWide, Reason: "response too large", Attempts: 1}, results[4].Err)
	results[4] = jsonrpc.Result{Value: []byte("4")}
	requireNumbers(t, results)
}

// Elements that fail in passing are sent again without the others; those that
// fail for good do so alone.
func TestElementsFailAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sizes []int
		seen := map[float64]int{}
		c, f := node(t, 20, func(w http.ResponseWriter, rs []request, list bool) {
			sizes = append(sizes, len(rs))
			var out []string
			for _, r := range rs {
				n := r.Params[0].(float64)
				seen[n]++
				switch {
				case n == 3 && seen[n] < 3:
					out = append(out, fmt.Sprintf(`{"id":%d,"error":{"code":-32000,"message":"header not found"}}`, r.ID))
				case n == 5 && seen[n] < 2:
					out = append(out, fmt.Sprintf(`{"id":%d,"error":{"code":-32005,"message":"rate"}}`, r.ID))
				case n == 7:
					out = append(out, fmt.Sprintf(`{"id":%d,"error":{"code":-32601,"message":"no such method"}}`, r.ID))
				case n == 9 && seen[n] < 2: // it is not there
				default:
					out = append(out, echo(r))
				}
			}
			write(w, list, out...)
		}, nil)
		results, err := c.Batch(t.Context(), "", numbers(12))
		require.NoError(t, err)
		require.Equal(t, &fetch.Error{Server: "ours", Call: "echo", Class: fetch.Unsupported, Reason: "no such method", Attempts: 1}, results[7].Err)
		results[7] = jsonrpc.Result{Value: []byte("7")}
		requireNumbers(t, results)
		require.Equal(t, []int{12, 3, 1}, sizes)
		require.EqualValues(t, 1, f.Usage().Refused)
	})
}

// One that never comes does not take along those for which there was no room.
func TestNoRoomAndNoAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := node(t, 20, func(w http.ResponseWriter, rs []request, list bool) {
			var out []string
			room := len(rs) < 3
			for _, r := range rs {
				switch {
				case r.Params[0] == 0.:
					out = append(out, fmt.Sprintf(`{"id":%d,"error":{"code":-32000,"message":"header not found"}}`, r.ID))
				case room:
					out = append(out, echo(r))
				default:
					out = append(out, fmt.Sprintf(`{"id":%d,"error":{"code":-32003,"message":"response too large"}}`, r.ID))
				}
			}
			write(w, list, out...)
		}, nil)
		results, err := c.Batch(t.Context(), "", numbers(4))
		require.NoError(t, err)
		require.Equal(t, &fetch.Error{Server: "ours", Call: "echo", Class: fetch.Transient, Reason: "header not found", Attempts: 1}, results[0].Err)
		for i, r := range results[1:] {
			require.NoError(t, r.Err)
			require.Equal(t, fmt.Sprint(i+1), string(r.Value))
		}
	})
}

func TestElementsThatNeverCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := node(t, 20, func(w http.ResponseWriter, rs []request, list bool) {
			var out []string
			for _, r := range rs {
				if r.Params[0] != 1. {
					out = append(out, echo(r))
				}
			}
			write(w, list, out...)
		}, nil)
		results, err := c.Batch(t.Context(), "", numbers(3))
		require.NoError(t, err)
		var e *fetch.Error
		require.ErrorAs(t, results[1].Err, &e)
		require.Equal(t, fetch.Broken, e.Class)
		results[1] = jsonrpc.Result{Value: []byte("1")}
		requireNumbers(t, results)
	})
}

func TestBrokenBatches(t *testing.T) {
	for reply, reason := range map[string]string{
		`[{"id":1,"result":1},{"id":1,"result":1}]`:                     "the reply answers a request twice",
		`[{"id":1,"result":1},{"id":3,"result":1}]`:                     "the reply is to another request",
		`[{"id":1,"result":1},{"id":null,"error":{"code":-32000}}]`:     "the reply is to another request",
		`[{"id":1,"result":1},{"id":2,"result":1},{"id":1,"result":1}]`: "the reply answers a request twice",
		`[{"id":1,"result":1},{"id":2,"result":1}] []`:                  "the reply goes on after its end",
		`{"id":1,"result":1}`:                                           "the reply is no JSON-RPC",
	} {
		synctest.Test(t, func(t *testing.T) {
			c, _ := node(t, 20, func(w http.ResponseWriter, _ []request, _ bool) { w.Write([]byte(reply)) }, nil)
			results, err := c.Batch(t.Context(), "", numbers(2))
			require.NoError(t, err)
			for _, r := range results {
				require.Equal(t, &fetch.Error{Server: "ours", Call: "echo", Class: fetch.Broken, Reason: reason, Attempts: 3}, r.Err)
			}
		})
	}
}

func TestOffline(t *testing.T) {
	dir := t.TempDir()
	h := func(w http.ResponseWriter, rs []request, list bool) { write(w, list, echo(rs[0])) }
	c, f := node(t, 1, h, func(cfg *fetch.Config) { cfg.Dir = dir })
	_, err := c.Batch(t.Context(), "pin", numbers(3))
	require.NoError(t, err)
	require.NoError(t, f.Close())
	c, _ = node(t, 1, h, func(cfg *fetch.Config) { cfg.Dir, cfg.Offline = dir, true })
	results, err := c.Batch(t.Context(), "pin", numbers(3))
	require.NoError(t, err)
	requireNumbers(t, results)
	_, err = c.Batch(t.Context(), "pin", numbers(4))
	require.ErrorIs(t, err, fetch.ErrOffline)
	_, err = c.Call(t.Context(), "", numbers(1)[0])
	require.EqualError(t, err, "ours: echo: not in the archive: run once without --offline")
}
