package faults_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chaintest/faults"
)

// server answers plausibly in all three protocols.
func server(t testing.TB) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.Method == http.MethodPost:
			body, _ := io.ReadAll(r.Body)
			_, _ = w.Write(answerRPC(body))
		case r.URL.Query().Get("action") != "":
			fmt.Fprintf(w, `{"status":"1","message":"OK","result":%s}`, list(101, `{"hash":"0xab%04d","blockNumber":"7","value":"12","to":"0xcc","isError":"0"}`))
		default:
			_, _ = io.WriteString(w, list(101, `{"txid":"ab%04d","vout":[{"scriptpubkey_address":"x","value":5,"to":"c1"}],"status":{"blockNumber":7}}`))
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func list(n int, row string) string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = fmt.Sprintf(row, i)
	}
	return "[" + strings.Join(rows, ",") + "]"
}

func answerRPC(body []byte) []byte {
	type request struct {
		ID     json.RawMessage
		Method string
		Params json.RawMessage
	}
	one := func(r request) string {
		row := `{"transactionHash":"0xab%04d","logIndex":"0x1","data":"0x12","to":"0xcc","blockNumber":"0x7","status":"0x1"}`
		var result string
		switch r.Method {
		case "eth_getLogs":
			result = list(1001, row)
		case "eth_getBlockReceipts", "debug_traceBlockByNumber":
			var params []any
			_ = json.Unmarshal(r.Params, &params)
			result = list(3, strings.Replace(row, "0x7", params[0].(string), 1))
		case "eth_chainId":
			result = `"0x1"`
		case "eth_getBlockByNumber":
			result = fmt.Sprintf(`{"number":"0x64","stateRoot":"0xaa","asked":%s}`, r.Params)
		case "eth_getTransactionCount":
			result = `"0x9"`
		}
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":%s}`, r.ID, result)
	}
	var many []request
	if json.Unmarshal(body, &many) == nil {
		var out []string
		for _, r := range many {
			out = append(out, one(r))
		}
		return []byte("[" + strings.Join(out, ",") + "]")
	}
	var r request
	_ = json.Unmarshal(body, &r)
	return []byte(one(r))
}

// examples are requests in all three protocols.
func examples() []string {
	call := func(id int, method, params string) string {
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":%q,"params":%s}`, id, method, params)
	}
	logs := call(1, "eth_getLogs", `[{"fromBlock":"0x1","toBlock":"0x9"}]`)
	return []string{
		logs,
		"[" + logs + "," + call(2, "eth_getBlockReceipts", `["0x7"]`) + "," + call(3, "eth_getLogs", `[{"fromBlock":"0x9"}]`) + "]",
		call(7, "eth_chainId", `[]`),
		call(8, "eth_getBlockByNumber", `["finalized",false]`),
		call(8, "eth_getBlockByNumber", `["0x7",true]`),
		call(9, "eth_getBlockReceipts", `["0x7"]`),
		call(10, "debug_traceBlockByNumber", `["0x7",{"tracer":"callTracer"}]`),
		call(11, "eth_getTransactionCount", `["0xaa","0x7"]`),
		"GET /api?module=account&action=txlist&address=0xaa&apikey=K",
		"GET /address/bc1qaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/txs",
	}
}

type got struct {
	status int
	body   []byte
	err    error
	cut    bool // more was sent than is read
}

// ask sends an example as a careful client would: it bounds what it reads and
// follows no redirect.
func ask(t testing.TB, url, example string) got {
	t.Helper()
	client := &http.Client{
		Timeout:       3 * time.Second,
		Transport:     &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer client.CloseIdleConnections()
	var r *http.Response
	var err error
	if path, ok := strings.CutPrefix(example, "GET "); ok {
		r, err = client.Get(url + path)
	} else {
		r, err = client.Post(url, "application/json", strings.NewReader(example))
	}
	if err != nil {
		return got{err: err}
	}
	defer r.Body.Close()
	const most = 4 << 20
	body, err := io.ReadAll(io.LimitReader(r.Body, most))
	return got{status: r.StatusCode, body: body, err: err, cut: len(body) == most}
}

func once(k faults.Kind) faults.Schedule {
	return faults.Schedule{Seed: 1, Faults: []faults.Fault{{Kind: k, At: 1}}}
}

// Every kind spoils some example, and once only unless it goes on for ever.
func TestEveryKindSpoils(t *testing.T) {
	s := server(t)
	kinds := faults.Kinds()
	require.Greater(t, len(kinds), 30)
	names := map[string]bool{}
	for _, k := range kinds {
		require.False(t, names[k.Name], "two kinds are called %s", k.Name)
		names[k.Name] = true
		require.Regexp(t, `^[^\n]+\.$`, k.Doc, k.Name)
		require.NotEmpty(t, k.Ref, k.Name)
		require.NotZero(t, k.Speaks, k.Name)
		t.Run(k.Name, func(t *testing.T) {
			t.Parallel()
			spoilt := 0
			for _, example := range examples() {
				clean := ask(t, s.URL, example)
				require.NoError(t, clean.err)
				p := faults.Start(t, s.URL, once(k))
				bad := ask(t, p.URL(), example)
				hit := len(p.Hit()) == 1
				same := bad.err == nil && bad.status == 200 && bytes.Equal(normal(clean.body), normal(bad.body))
				if k.Name == "duplicate-names" { // which is normal to most readers
					same = bytes.Equal(clean.body, bad.body)
				}
				require.Equal(t, hit && k.Name != "slow", !same, "%s: %v %d %.300s", example, bad.err, bad.status, bad.body)
				require.Zero(t, p.Trapped())
				if !hit {
					continue
				}
				if spoilt++; spoilt > 3 {
					break
				}
				require.Len(t, p.Log(), 1)
				after := ask(t, p.URL(), example)
				if k.Onward {
					require.NotEqual(t, string(clean.body), string(after.body))
					continue
				}
				require.NoError(t, after.err)
				require.Equal(t, string(clean.body), string(after.body))
			}
			require.NotZero(t, spoilt)
		})
	}
}

// normal is JSON without regard to the order of members; other text as it is.
func normal(body []byte) []byte {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return body
	}
	out, _ := json.Marshal(v)
	return out
}

func TestStickyFaultsStickToTheQuestion(t *testing.T) {
	s := server(t)
	p := faults.Start(t, s.URL, faults.Schedule{Faults: []faults.Fault{{Kind: faults.Named("internal-error"), At: 2, Sticky: true}}})
	one := `{"jsonrpc":"2.0","id":%d,"method":"eth_getLogs","params":[{"fromBlock":"0x%d"}]}`
	text := func(id, from int) string { return string(ask(t, p.URL(), fmt.Sprintf(one, id, from)).body) }
	require.NotContains(t, text(1, 1), "Internal error")
	require.Contains(t, text(2, 2), "Internal error")
	require.Contains(t, text(3, 2), "Internal error", "the same with another id")
	require.NotContains(t, text(4, 3), "Internal error")
	batch := "[" + fmt.Sprintf(one, 5, 3) + "," + fmt.Sprintf(one, 6, 2) + "]"
	var replies []map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(ask(t, p.URL(), batch).body, &replies))
	require.Nil(t, replies[0]["error"])
	require.NotNil(t, replies[1]["error"], "in a batch it hits the one call")
}

func TestFaultsWaitForWhatTheyCanSpoil(t *testing.T) {
	s := server(t)
	p := faults.Start(t, s.URL, once(faults.Named("wrong-chain")))
	for _, example := range examples()[:2] {
		require.NoError(t, ask(t, p.URL(), example).err)
	}
	require.Empty(t, p.Hit())
	require.Contains(t, string(ask(t, p.URL(), examples()[2]).body), `"0x2a"`)
	require.Equal(t, 3, p.Requests())
}

func TestPlanIsASeedsOwn(t *testing.T) {
	all := faults.Among(faults.JSONRPC)
	one, two := faults.Plan(7, all, 40), faults.Plan(7, all, 40)
	require.Equal(t, one.String(), two.String())
	met := map[string]bool{}
	harmless := 0
	for seed := range uint64(len(all)) {
		s := faults.Plan(seed, all, 40)
		require.Contains(t, s.String(), fmt.Sprintf("seed %d\n  request ", seed))
		for _, f := range s.Faults {
			met[f.Kind.Name] = true
		}
		if s.Harmless() {
			harmless++
		}
	}
	require.Len(t, met, len(all), "so many seeds as kinds try them all")
	require.Positive(t, harmless)
	for _, k := range faults.Among(faults.Esplora, "slow") {
		require.NotEqual(t, "slow", k.Name)
		require.NotZero(t, k.Speaks&faults.Esplora)
	}
}

func TestHugeBodiesEndWhenNobodyReads(t *testing.T) {
	s := server(t)
	for _, name := range []string{"huge-body", "gzip-bomb"} {
		p := faults.New(s.URL, once(faults.Named(name)))
		got := ask(t, p.URL(), examples()[0])
		require.True(t, got.cut, name)
		p.Close() // returns, since the handler has noticed
	}
}
