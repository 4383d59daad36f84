package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chaintest/evmnode"
)

// doctorArgs are those of a run, for another command.
func (c *liveCase) command(name string) []string {
	args := c.args("out", "cache")
	return append([]string{name}, args[2:]...) // without run -q
}

func TestLive_doctor(t *testing.T) {
	if testing.Short() {
		t.Skip("nothing that the race detector could find")
	}
	story, err := evmnode.Tell(evmnode.Plot{Seed: 7})
	require.NoError(t, err)
	node := evmnode.Start(t, story, evmnode.Limits{Range: 50, LogQuery: 20, NoTraces: true})
	c := newLiveCase(t, "ethereum", "node:mine", story.Cast.Seeds, "--set", "endpoints.mine.url="+node.URL(), "--set", "endpoints.mine.patience=1s")
	code, stdout, _ := invoke(c.command("plan")...)
	require.Zero(t, code)
	require.Contains(t, stdout, "estimate    none: the last block is not known; run scamtrace doctor once")
	code, stdout, stderr := invoke(c.command("doctor")...)
	require.Empty(t, stderr)
	for _, want := range []string{
		"ok    out: write and sync: ", "ok    cache: free space: ",
		"ok    ethereum from node mine: chain id: 1",
		"ethereum from node mine: eth_getLogs range: up to 50 blocks",
		"ethereum from node mine: eth_getLogs list: 15 addresses at once",
		"ok    ethereum from node mine: clock: ",
	} {
		require.Contains(t, stdout, want)
	}
	require.Contains(t, stdout, "traces:", "a node without them says so")
	require.Contains(t, []int{0, 1}, code)
	require.NoFileExists(t, c.dir+"/out/latest")

	code, stdout, _ = invoke(append(c.command("plan"), "--set", "endpoints.mine.rate=10", "--set", "endpoints.mine.daily=1000")...)
	require.Zero(t, code)
	require.Regexp(t, `question 1: about \d+ requests for blocks 0 to 100, .* at 10 a second, .* % of the day's quota`, stdout)
}

// What is wrong with a server is told by its name, with what to do, and before
// anything is written.
func TestLive_badServers(t *testing.T) {
	if testing.Short() {
		t.Skip("nothing that the race detector could find")
	}
	story, err := evmnode.Tell(evmnode.Plot{Seed: 8, ChainID: 5})
	require.NoError(t, err)
	node := evmnode.Start(t, story, evmnode.Limits{})
	answer := func(status int, body string) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	elsewhere := httptest.NewServer(http.RedirectHandler("https://example.org/login", http.StatusFound))
	t.Cleanup(elsewhere.Close)
	for _, tt := range []struct {
		name, url string
		code      int
		want      string
	}{
		{"wrong chain", node.URL(), 2, "chain id 5"},
		{"wrong key", answer(http.StatusUnauthorized, "invalid api key"), 1, "invalid api key"},
		{"no server", gone.URL, 1, "refused"},
		{"login page", answer(http.StatusOK, "<html>please log in</html>"), 1, "eth_"},
		{"redirect", elsewhere.URL, 1, "redirect"},
		{"quota", answer(http.StatusPaymentRequired, `{"error":{"code":402,"message":"Payment Required"}}`), 75, "Payment Required"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newLiveCase(t, "ethereum", "node:mine", story.Cast.Seeds, "--set", "endpoints.mine.url="+tt.url, "--set", "endpoints.mine.patience=200ms")
			code, _, stderr := invoke(c.args("out", "cache")...)
			require.Equal(t, tt.code, code, stderr)
			require.Contains(t, stderr, "mine")
			require.Contains(t, strings.ToLower(stderr), strings.ToLower(tt.want))
			require.NoFileExists(t, c.dir+"/out/latest")
		})
	}
}
