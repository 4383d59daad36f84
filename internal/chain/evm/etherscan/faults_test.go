package etherscan_test

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/evm/etherscan"
	"github.com/scamtrace/scamtrace/internal/chain/live"
	gateway "github.com/scamtrace/scamtrace/internal/chaintest/gateway/etherscan"
	"github.com/scamtrace/scamtrace/internal/fetch"
)

// noSecret fails if an error or a file of the source holds the key.
func noSecret(t *testing.T, o chain.Options, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			require.NotContains(t, err.Error(), canary)
		}
	}
	require.NoError(t, filepath.WalkDir(o.Cache, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		require.NotContains(t, string(data), canary, path)
		return err
	}))
}

func TestWrongKey(t *testing.T) {
	t.Parallel()
	s := read(t, gateway.Options{Flavour: gateway.Etherscan(), Key: "another"})
	o := s.options(t, "")
	_, err := open(t, o).Head(context.Background())
	require.ErrorIs(t, err, fetch.ErrRefused)
	require.ErrorContains(t, err, "explorer")
	require.ErrorContains(t, err, "Invalid API Key")
	noSecret(t, o, err)
}

// A key that is revoked half-way ends the run, and what was answered is kept.
func TestKeyRevoked(t *testing.T) {
	t.Parallel()
	s := read(t, gateway.Options{Flavour: gateway.Etherscan(), Key: canary})
	o := s.options(t, "")
	src := open(t, o)
	q := question(s.cast().All())
	head, err := src.Head(context.Background())
	require.NoError(t, err)
	q.Span.To = head.Height
	parts, err := src.Plan(context.Background(), q)
	require.NoError(t, err)
	ignore := func(*chain.Transfer) error { return nil }
	for i, p := range parts {
		if i == 6 {
			s.gateway.Revoke()
		}
		if _, err = p.Ask(context.Background(), ignore); err != nil {
			require.GreaterOrEqual(t, i, 6)
			break
		}
	}
	require.ErrorIs(t, err, fetch.ErrRefused)
	noSecret(t, o, err)
	before, _ := s.gateway.Requests("")
	for _, p := range parts[:6] {
		_, err := p.Ask(context.Background(), ignore)
		require.NoError(t, err)
	}
	after, _ := s.gateway.Requests("")
	require.Equal(t, before, after)
}

// A daily quota ends the run; the next day goes on where it ended.
func TestDailyQuota(t *testing.T) {
	t.Parallel()
	s := read(t, gateway.Options{Flavour: gateway.Etherscan(), Key: canary, Daily: 60})
	want := lines(mustAsk(t, open(t, read(t, gateway.Options{Flavour: gateway.Etherscan()}).options(t, "")), question(s.cast().All())).transfers, nil)
	o := s.options(t, "")
	src := open(t, o)
	var err error
	var got answer
	days := 1
	for ; days < 20; days++ {
		if got, err = ask(t, src, question(s.cast().All())); err == nil {
			break
		}
		require.ErrorIs(t, err, fetch.ErrExhausted)
		noSecret(t, o, err)
		s.gateway.NewDay()
	}
	require.NoError(t, err)
	require.Greater(t, days, 2)
	require.Equal(t, want, lines(got.transfers, nil))
	all, _ := s.gateway.Requests("")
	addresses := len(s.cast().All())
	require.Less(t, all, 4*addresses+60, "nothing was asked twice that was answered")
}

// Too many requests a second, in both ways of saying so, cost time and nothing
// else.
func TestRateLimit(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("waits for real seconds")
	}
	want := lines(mustAsk(t, open(t, read(t, gateway.Options{Flavour: gateway.Plain()}).options(t, "")),
		question(read(t, gateway.Options{}).cast().Seeds)).transfers, nil)
	for _, flavour := range []gateway.Flavour{gateway.Plain(), {Proxy: true, LogIndex: true, TooMany: true}} {
		s := read(t, gateway.Options{Flavour: flavour, PerSecond: 8})
		o := s.options(t, "")
		o.Endpoint.Patience = 0
		src := open(t, o)
		got := mustAsk(t, src, question(s.cast().Seeds))
		require.Equal(t, want, lines(got.transfers, nil))
		require.NotZero(t, src.(chain.Metered).Usage().Refused)
	}
}

// scripted is an explorer that says one thing to every list, and knows its head.
func scripted(t *testing.T, say func(w http.ResponseWriter, r *http.Request)) chain.Options {
	t.Helper()
	return scriptedNode(t, "0x0", "0x", say)
}

// scriptedNode is scripted for a node that tells one count and one code.
func scriptedNode(t *testing.T, count, code string, say func(w http.ResponseWriter, r *http.Request)) chain.Options {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Query().Get("action") {
		case "eth_getBlockByNumber":
			number := r.URL.Query().Get("tag")
			if !strings.HasPrefix(number, "0x") {
				number = "0x64"
			}
			fmt.Fprintf(w, `{"jsonrpc":"2.0","id":1,"result":{"number":%q,"timestamp":"0x5","hash":"0x%064x"}}`, number, 7)
		case "eth_getTransactionCount":
			fmt.Fprintf(w, `{"jsonrpc":"2.0","id":1,"result":%q}`, count)
		case "eth_getCode":
			fmt.Fprintf(w, `{"jsonrpc":"2.0","id":1,"result":%q}`, code)
		default:
			say(w, r)
		}
	}))
	t.Cleanup(server.Close)
	o := (&story{url: server.URL + "/v2/api"}).options(t, "")
	o.Endpoint.Patience = 30 * time.Millisecond
	return o
}

// Each refusal of sources.md ends in what it stands for: an error of its class, a
// gap, or an empty list.
func TestFaults(t *testing.T) {
	t.Parallel()
	const empty, gap, exhausted, refused = "empty", "gap", "exhausted", "refused"
	notOK := func(result string) string { return fmt.Sprintf(`{"status":"0","message":"NOTOK","result":%q}`, result) }
	for _, tt := range []struct {
		name, want string
		status     int
		body       string
	}{
		{"no transactions", empty, 200, `{"status":"0","message":"No transactions found","result":[]}`},
		{"no records", empty, 200, `{"status":"0","message":"No records found","result":[]}`},
		{"Blockscout, no transfers", empty, 200, `{"status":"0","message":"No token transfers found","result":[]}`},
		{"empty list", empty, 200, `{"status":"1","message":"OK","result":[]}`},
		{"daily", exhausted, 200, notOK("Max daily rate limit reached. 110000 (100%) of 100000 day/limit")},
		{"payment", exhausted, 402, `{"error":{"code":402,"message":"Payment Required"}}`},
		{"invalid key", refused, 200, notOK("Invalid API Key (#err2)")},
		{"too many invalid keys", refused, 200, notOK("Too many invalid api key attempts, please try again later")},
		{"chain", refused, 200, notOK("Missing or unsupported chainid parameter (required for v2 api), please see https://api.etherscan.io/v2/chainlist for the list of supported chainids")},
		{"plan", refused, 200, notOK("Free API access is not supported for this chain. Please upgrade your api plan for full chain coverage.")},
		{"401", refused, 401, `{"error":"Unauthorized","source":"internal"}`},
		{"unknown", refused, 200, notOK("Something that nobody has written down")},
		{"action", gap, 200, notOK("Error! Missing Or invalid Action name")},
		{"Blockscout, action", gap, 200, `{"message":"Unknown action","result":null,"status":"0"}`},
		{"Blockscout, still indexing", gap, 200, `{"message":"Some internal transactions within this block range have not yet been processed","result":[],"status":"2"}`},
		{"window", gap, 200, `{"status":"0","message":"Result window is too large, PageNo x Offset size must be less than or equal to 10000","result":null}`},
		{"timeout", gap, 200, notOK("Query Timeout occured. Please select a smaller result dataset")}, //nolint:misspell // so Etherscan spells it
		{"login page", gap, 200, "<!DOCTYPE html><html><body>Log in</body></html>"},
		{"firewall", gap, 403, "<!DOCTYPE html><html><body>Attention Required! | Cloudflare</body></html>"},
		{"not an envelope", gap, 200, `{"hello":"world"}`},
		{"null", gap, 200, `null`},
		{"a row that is none", gap, 200, `{"status":"1","message":"OK","result":[{"blockNumber":"1"}]}`},
		{"rows that are none", gap, 200, `{"status":"1","message":"OK","result":[1,2]}`},
		{"duplicate names", gap, 200, `{"status":"1","status":"1","message":"OK","result":[]}`},
		{"nothing said", gap, 200, `{"status":"0","message":"","result":null}`},
		{"rows and none", gap, 200, `{"status":"0","message":"No transactions found","result":[{}]}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := scripted(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(tt.status)
				fmt.Fprint(w, tt.body)
			})
			a, err := ask(t, open(t, o), question([]chain.Address{chain.NullAddress}, chain.NativeKind))
			noSecret(t, o, err)
			switch tt.want {
			case exhausted:
				require.ErrorIs(t, err, fetch.ErrExhausted)
			case refused:
				require.ErrorIs(t, err, fetch.ErrRefused)
			case gap:
				require.NoError(t, err)
				require.NotEmpty(t, a.gaps)
				for _, g := range a.gaps {
					require.Equal(t, chain.Missing, g.Effect)
					require.Contains(t, g.Reason, "explorer")
				}
				require.Empty(t, a.transfers)
			default:
				require.NoError(t, err)
				require.Empty(t, a.gaps)
			}
		})
	}
}

// What a server is and is not, in words for people.
func TestDoctor(t *testing.T) {
	t.Parallel()
	s := read(t, gateway.Options{Flavour: gateway.Blockscout()})
	o := s.options(t, ",rpc=eth-rpc")
	findings := open(t, o).(live.Doctor).Doctor(context.Background())
	require.GreaterOrEqual(t, len(findings), 6)
	for _, f := range findings {
		require.NotEmpty(t, f.What)
		require.NotEmpty(t, f.Text)
		if f.What == "first block" {
			require.False(t, f.OK, "the story is not the chain itself")
			continue
		}
		require.True(t, f.OK, "%+v", f)
	}
	o = s.options(t, "") // a Blockscout has no module=proxy
	findings = open(t, o).(live.Doctor).Doctor(context.Background())
	require.Len(t, findings, 1)
	require.False(t, findings[0].OK)
	require.Contains(t, findings[0].Advice, "rpc=eth-rpc")
	s = read(t, gateway.Options{Flavour: gateway.Etherscan(), Key: "another"})
	o = s.options(t, "")
	findings = open(t, o).(live.Doctor).Doctor(context.Background())
	require.False(t, findings[0].OK)
	require.Contains(t, findings[0].Advice, "key")
	require.NotContains(t, fmt.Sprint(findings), canary)
}

func TestEstimate(t *testing.T) {
	t.Parallel()
	s := read(t, gateway.Options{Flavour: gateway.Etherscan()})
	src := open(t, s.options(t, ""))
	requests, note := src.(interface {
		Estimate(int, chain.Span, []chain.Kind) (int64, string)
	}).Estimate(100, chain.Span{To: 100}, nil)
	require.EqualValues(t, 400, requests)
	require.NotEmpty(t, note)
	q := question(s.cast().All())
	before, _ := s.gateway.Requests("")
	mustAsk(t, src, q)
	after, _ := s.gateway.Requests("")
	estimate, _ := src.(interface {
		Estimate(int, chain.Span, []chain.Kind) (int64, string)
	}).Estimate(len(q.Addresses), chain.Span{To: 100}, nil)
	require.InEpsilon(t, estimate, after-before, 0.15)
}

func TestSettings(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"NAME,proof=some":  "proof=some is not known",
		"NAME,final=x":     "final=x is not a number",
		"NAME,rpc=":        "rpc= is not a path",
		"NAME,shape=round": "shape is not known",
	} {
		o := (&story{url: "http://127.0.0.1:1/api"}).options(t, "")
		o.Args = args
		_, err := etherscan.Driver().Open(context.Background(), ethereum(t), o)
		require.ErrorIs(t, err, chain.ErrInput)
		require.ErrorContains(t, err, want)
	}
	bitcoin, err := chain.Lookup("bitcoin")
	require.NoError(t, err)
	_, err = etherscan.Driver().Open(context.Background(), bitcoin, (&story{url: "http://127.0.0.1:1/api"}).options(t, ""))
	require.ErrorIs(t, err, chain.ErrInput)
}

// A server of another chain is refused before anything is asked of it.
func TestWrongChain(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		fmt.Fprint(w, `{"jsonrpc":"2.0","id":1,"result":{"number":"0x0","timestamp":"0x5","hash":"0xf712aa9241cc24369b143cf6dce85f0902a9731e70d66818a3a5845b296c73dd"}}`)
	}))
	defer server.Close()
	_, err := open(t, (&story{url: server.URL + "/api"}).options(t, "")).Head(context.Background())
	require.ErrorIs(t, err, chain.ErrInput)
	require.ErrorContains(t, err, "explorer is a server for base, not for ethereum")
	require.EqualValues(t, 1, asked.Load())
	require.NotErrorIs(t, err, fetch.ErrRefused)
}
