package etherscan_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chaintest/evmnode"
	"github.com/scamtrace/scamtrace/internal/chaintest/gateway/etherscan"
)

type reply struct {
	Status, Message string
	Result          json.RawMessage
}

func (r reply) rows(t *testing.T) []map[string]any {
	var rows []map[string]any
	require.NoError(t, json.Unmarshal(r.Result, &rows))
	return rows
}

func get(t *testing.T, base string, q url.Values) (status int, r reply) {
	t.Helper()
	res, err := http.Get(base + "?" + q.Encode())
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(body, &r), string(body))
	return res.StatusCode, r
}

func node(t *testing.T) *evmnode.Node {
	t.Helper()
	story, err := evmnode.Tell(evmnode.Plot{})
	require.NoError(t, err)
	return evmnode.Start(t, story, evmnode.Limits{})
}

// The words of refusals are those of the real servers.
func TestGatewayRefuses(t *testing.T) {
	n := node(t)
	g := etherscan.New(n.URL(), etherscan.Options{Flavour: etherscan.Etherscan(), Key: "k", Daily: 4})
	base := etherscan.Start(t, g)
	seed := string(n.Story().Cast.Seeds[0])
	q := url.Values{"module": {"account"}, "action": {"txlist"}, "address": {seed}}

	_, r := get(t, base, q)
	require.Equal(t, "0", r.Status)
	require.Contains(t, string(r.Result), "Missing or unsupported chainid parameter")
	q.Set("chainid", "1")
	_, r = get(t, base, q)
	require.Contains(t, string(r.Result), "Invalid API Key")
	q.Set("apikey", "k")
	_, r = get(t, base, q)
	require.Equal(t, "1", r.Status)
	require.NotEmpty(t, r.rows(t))
	q.Set("page", "11")
	q.Set("offset", "1000")
	_, r = get(t, base, q)
	require.Equal(t, "Result window is too large, PageNo x Offset size must be less than or equal to 10000", r.Message)
	q.Set("page", "1")
	q.Set("startblock", "100000")
	_, r = get(t, base, q)
	require.Equal(t, "No transactions found", r.Message)
	require.Equal(t, "0", r.Status)
	q.Set("action", "nothing")
	_, r = get(t, base, q)
	require.Contains(t, string(r.Result), "Error! Missing Or invalid Action name")
	_, r = get(t, base, q)
	require.Contains(t, string(r.Result), "Max daily rate limit reached")
	g.NewDay()
	g.Revoke()
	_, r = get(t, base, q)
	require.Contains(t, string(r.Result), "Invalid API Key")

	b := etherscan.New(n.URL(), etherscan.Options{Flavour: etherscan.Blockscout(), PerSecond: 1})
	base = etherscan.Start(t, b)
	status := 0
	for status != http.StatusTooManyRequests {
		status, r = get(t, base, q)
	}
	require.Equal(t, "429 Too Many Requests", r.Message)
	require.Equal(t, "null", string(r.Result))
}

// Pages are cut as asked for, and both parties of a movement have its row.
func TestGatewayLists(t *testing.T) {
	n := node(t)
	cast := n.Story().Cast
	base := etherscan.Start(t, etherscan.New(n.URL(), etherscan.Options{Flavour: etherscan.Plain()}))
	q := url.Values{"chainid": {"1"}, "module": {"account"}, "action": {"txlist"}, "address": {string(cast.Hub)}, "sort": {"asc"}}
	_, r := get(t, base, q)
	all := r.rows(t)
	require.Greater(t, len(all), 30)
	var paged []map[string]any
	for _, page := range []string{"1", "2", "3"} {
		q.Set("page", page)
		q.Set("offset", "10")
		_, r = get(t, base, q)
		require.Len(t, r.rows(t), 10)
		paged = append(paged, r.rows(t)...)
	}
	require.Equal(t, all[:30], paged)
	q.Del("page")
	q.Del("offset")
	for _, action := range []string{"txlist", "tokentx", "txlistinternal"} {
		q.Set("action", action)
		q.Set("address", string(cast.Layer1[0]))
		_, r = get(t, base, q)
		rows := r.rows(t)
		require.NotEmpty(t, rows, action)
		for _, row := range rows {
			if row["from"] == "GENESIS" || row["to"] == "" {
				continue
			}
			for _, side := range []string{"from", "to"} {
				q.Set("address", row[side].(string))
				_, r = get(t, base, q)
				require.Contains(t, r.rows(t), row, action)
			}
		}
	}
	var count string
	require.NoError(t, n.Call(context.Background(), &count, "eth_getTransactionCount", cast.Hub, "latest"))
	q = url.Values{"chainid": {"1"}, "module": {"proxy"}, "action": {"eth_getTransactionCount"}, "address": {string(cast.Hub)}, "tag": {"latest"}}
	_, r = get(t, base, q)
	require.JSONEq(t, `"`+count+`"`, string(r.Result))
}
