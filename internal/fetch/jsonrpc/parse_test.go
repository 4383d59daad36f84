package jsonrpc_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/fetch"
	"github.com/scamtrace/scamtrace/internal/fetch/jsonrpc"
)

// answering is a network that answers everything with the same body.
type answering []byte

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: reader{bytes.NewReader(a)}, ContentLength: int64(len(a)), Request: r}, nil
}

type reader struct{ *bytes.Reader }

func (reader) Close() error { return nil }

// FuzzReply takes any reply: it does not panic, and what it takes as an answer
// is one, by another decoder's word.
func FuzzReply(f *testing.F) {
	for _, s := range []string{
		`{"jsonrpc":"2.0","id":1,"result":{"a":[1,"2",null]}}`, `{"id":1,"result":null,"error":null}`, `{"id":null,"error":{"code":-32600,"message":"batch too large"}}`,
		`[{"id":1,"result":"0x1"},{"id":2,"error":{"code":-32601,"message":"no","data":[]}}]`, `[{"id":2,"result":1},{"id":1,"result":[[]]}]`, `[]`, `{}`, `1`, ``,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := fetch.Open(fetch.Config{Name: "ours", URL: "http://host", Transport: answering(b), Patience: 1})
		require.NoError(t, err)
		defer c.Close()
		rpc := jsonrpc.New(c, func(jsonrpc.Fault) fetch.Verdict { return fetch.Verdict{Class: fetch.Unsupported} }, 2)
		v, err := rpc.Call(t.Context(), "", jsonrpc.Request{Method: "m"})
		if err == nil {
			var e struct {
				ID     int             `json:"id"`
				Result json.RawMessage `json:"result"`
				Error  any             `json:"error"`
			}
			require.NoError(t, json.Unmarshal(b, &e))
			require.Equal(t, 1, e.ID)
			require.Nil(t, e.Error)
			require.True(t, v.IsValid())
			require.Equal(t, string(v), string(e.Result))
		}
		results, err := rpc.Batch(t.Context(), "", numbers(2))
		require.NoError(t, err)
		for _, r := range results {
			require.Equal(t, r.Err == nil, r.Value.IsValid())
		}
	})
}

// FuzzScan holds the scanner to the word of jsontext.
func FuzzScan(f *testing.F) {
	many := []byte(`{`)
	for i := range 100 {
		many = fmt.Appendf(many, `"%d":{"%d":%d},`, i, i, i)
	}
	for _, s := range []string{
		string(many) + `"99":1}`, string(many) + `"\u0039":1}`, string(many) + `"a":1}`,
		`{"a":[1,-0.5e+7,"x\n\u00e9\ud83d\ude00é",true,false,null,{}],"b":{"a":[]},"":" "}`, `"\ud83d"`, `"\udc00"`, "\"\xc3\"", "\"\x1f\"", "\"\x7f\"",
		`01`, `-`, `1.`, `1e`, `.5`, `nul`, `[1,]`, `{"a":1,}`, `{"a"}`, `[`, `"`, ` `, `{"a":1,"\u0061":2}`, `"01234567\"9abcdef"`, `"\x"`,
		strings.Repeat("[", 9_990) + strings.Repeat("]", 9_990), strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		require.Equal(t, jsontext.Value(b).IsValid(), jsonrpc.IsValid(b))
	})
}

// logs is an answer to eth_getLogs with about so many bytes.
func logs(n int) []byte {
	b := []byte(`{"jsonrpc":"2.0","id":1,"result":[`)
	for i := 0; len(b) < n; i++ {
		if i > 0 {
			b = append(b, ',')
		}
		b = fmt.Appendf(b, `{"address":"0xdac17f958d2ee523a2206206994597c13d831ec7","topics":["0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef","0x%064x","0x%064x"],`+
			`"data":"0x%064x","blockNumber":"0x%x","transactionHash":"0x%064x","transactionIndex":"0x%x","blockHash":"0x%064x","blockTimestamp":"0x66aabbcc","logIndex":"0x%x","removed":false}`,
			i*7919, i*104729, i*1000, i/100, i*31, i%200, i/100, i%500)
	}
	return append(b, "]}\n"...)
}

// perCPU reports the speed by the time that the processors worked, which on a
// busy machine tells more than the clock.
func perCPU(b *testing.B, bytes int, f func()) {
	var before, after syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &before))
	n := 0
	b.SetBytes(int64(bytes))
	for b.Loop() {
		f()
		n++
	}
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &after))
	took := time.Duration(after.Utime.Nano() - before.Utime.Nano() + after.Stime.Nano() - before.Stime.Nano())
	b.ReportMetric(float64(n*bytes)/1e6/took.Seconds(), "MB/cpu-s")
}

// A reply is understood at 200 MB/s or more by one core, its result not copied:
// from the network's bytes to the raw value.
func BenchmarkCall(b *testing.B) {
	body := logs(16 << 20)
	b.Run("reply", func(b *testing.B) {
		f, err := fetch.Open(fetch.Config{Name: "ours", URL: "http://host", Transport: answering(body)})
		require.NoError(b, err)
		c := jsonrpc.New(f, classify, 1)
		perCPU(b, len(body), func() {
			v, err := c.Call(b.Context(), "", jsonrpc.Request{Method: "eth_getLogs"})
			if err != nil || len(v) < len(body)-64 {
				b.Fatal(len(v), err)
			}
		})
	})
	for name, valid := range map[string]func([]byte) bool{"scanner alone": jsonrpc.IsValid, "jsontext alone": func(b []byte) bool { return jsontext.Value(b).IsValid() }} {
		b.Run(name, func(b *testing.B) {
			perCPU(b, len(body), func() {
				if !valid(body) {
					b.Fatal("not valid")
				}
			})
		})
	}
}
