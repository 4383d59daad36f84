package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chaintest/evmnode"
)

// counter is a proxy before a real node that counts what it is asked: calls of
// methods, each element of a batch for itself.
type counter struct {
	*httptest.Server
	calls    atomic.Int64
	requests atomic.Int64
	// after, if set, is called with each request's number of calls so far.
	after func(calls int64)
	mu    sync.Mutex
	asked map[string]int // by the text of the call, without its id
}

func countCalls(t *testing.T, to string) *counter {
	t.Helper()
	target, err := url.Parse(to)
	require.NoError(t, err)
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ErrorLog = nil
	c := &counter{asked: map[string]int{}}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		c.count(body)
		if c.after != nil {
			c.after(c.calls.Load())
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *counter) count(body []byte) {
	type call struct {
		Method string
		Params json.RawMessage
	}
	var list []call
	if json.Unmarshal(body, &list) != nil {
		list = make([]call, 1)
		_ = json.Unmarshal(body, &list[0])
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, one := range list {
		c.asked[one.Method+string(one.Params)]++
	}
	c.calls.Add(int64(len(list)))
	c.requests.Add(1)
}

// take returns the number of calls since the last time.
func (c *counter) take() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.asked)
	c.requests.Store(0)
	return c.calls.Swap(0)
}

// liveCase is a case on disk whose source is a server.
type liveCase struct {
	dir, seeds string
	chain      string
	spec       string
	more       []string
}

func newLiveCase(t *testing.T, chainName, spec string, seeds []chain.Address, more ...string) *liveCase {
	t.Helper()
	c := &liveCase{dir: t.TempDir(), chain: chainName, spec: spec, more: more}
	c.seeds = filepath.Join(c.dir, "seeds.csv")
	text := "chain,address\n"
	for _, s := range seeds {
		text += chainName + "," + string(s) + "\n"
	}
	require.NoError(t, os.WriteFile(c.seeds, []byte(text), 0o600))
	return c
}

// args are those of a run that publishes into out and keeps its archive in cache.
func (c *liveCase) args(out, cache string, more ...string) []string {
	args := []string{
		"run", "-q", "--seeds", c.seeds, "--source", c.chain + "=" + c.spec,
		"--out", filepath.Join(c.dir, out), "--set", "cache=" + filepath.Join(c.dir, cache),
	}
	return append(append(args, c.more...), more...)
}

// run runs the case in this process; it must end with code 0 or, if gaps are
// fine, 3. It returns the checksums of what it published.
func (c *liveCase) run(t *testing.T, out, cache string, more ...string) string {
	t.Helper()
	code, stdout, stderr := invoke(c.args(out, cache, more...)...)
	require.Contains(t, []int{0, 3}, code, stdout+stderr)
	return c.sums(t, out)
}

// sums are the checksums of the tables of the last run. What the manifest says of
// the evidence may differ.
func (c *liveCase) sums(t *testing.T, out string) string {
	t.Helper()
	text, err := fileSums(filepath.Join(c.dir, out))
	require.NoError(t, err)
	var tables []string
	for line := range strings.Lines(text) {
		if strings.HasSuffix(line, ".parquet\n") {
			tables = append(tables, line)
		}
	}
	return strings.Join(tables, "")
}

// Night after night against a real node: a night without new blocks asks almost
// nothing, one with new blocks asks for those alone, and each publishes what a
// fresh run would; offline too.
func TestLive_nights(t *testing.T) {
	story, err := evmnode.Tell(evmnode.Plot{Seed: 3})
	require.NoError(t, err)
	node := evmnode.Start(t, story, evmnode.Limits{})
	server := countCalls(t, node.URL())
	c := newLiveCase(t, "ethereum", "node:n", story.Cast.Seeds, "--set", "endpoints.n.url="+server.URL)

	first := c.run(t, "a", "cache")
	night1 := server.take()
	require.Greater(t, night1, int64(100))

	require.Equal(t, first, c.run(t, "a", "cache"), "the same night again")
	again := server.take()
	require.LessOrEqual(t, 100*again, night1, "a night without new blocks asked %d of %d", again, night1)

	require.NoError(t, node.Extend(15))
	require.NoError(t, node.SetFinal(115))
	second := c.run(t, "a", "cache")
	for height := range 96 { // 16 blocks are read together
		require.Zero(t, server.asked[fmt.Sprintf(`eth_getBlockByNumber["0x%x",true]`, height)], "block %d is old", height)
	}
	require.NotZero(t, server.asked[`eth_getBlockByNumber["0x70",true]`])
	night2 := server.take()
	require.NotEqual(t, first, second)
	fresh := c.run(t, "b", "fresh")
	all := server.take()
	require.Equal(t, fresh, second, "a second night is a fresh run")
	require.Less(t, 3*night2, 2*all, "the second night asked %d, a fresh run %d", night2, all)

	require.NoError(t, node.Stop())
	require.Equal(t, second, c.run(t, "c", "cache", "--offline"))
	require.Equal(t, fresh, c.run(t, "c", "fresh", "--offline"))
	require.Zero(t, server.take())
	code, _, stderr := invoke(c.args("d", "empty", "--offline")...)
	require.Equal(t, 1, code)
	require.Contains(t, stderr, "without --offline")
}

// A run that is killed at any moment goes on where it was: it asks again at most
// what was on its way.
func TestLive_killed(t *testing.T) {
	if testing.Short() {
		t.Skip("not with -short")
	}
	story, err := evmnode.Tell(evmnode.Plot{Seed: 4})
	require.NoError(t, err)
	node := evmnode.Start(t, story, evmnode.Limits{})
	server := countCalls(t, node.URL())
	c := newLiveCase(t, "ethereum", "node:n", story.Cast.Seeds, "--set", "endpoints.n.url="+server.URL, "--set", "workers=4")
	want := c.run(t, "whole", "whole")
	whole := server.requests.Load()
	server.take()

	built := buildProgram(t)
	for i, part := range []int64{20, 50, 85} {
		cache := fmt.Sprintf("killed%d", i)
		victim := exec.CommandContext(t.Context(), built, c.args(cache, cache)...)
		var once sync.Once
		server.after = func(int64) {
			if server.requests.Load()*100 >= whole*part {
				once.Do(func() { _ = victim.Process.Signal(syscall.SIGKILL) })
			}
		}
		require.NoError(t, victim.Start())
		require.Error(t, victim.Wait(), "it was killed")
		time.Sleep(50 * time.Millisecond) // what was on its way arrives
		server.after = nil
		require.Equal(t, want, c.run(t, cache, cache))
		// One request a worker may be asked again, and where the head is.
		require.LessOrEqual(t, server.requests.Load(), whole+4+1, "after %d %%", part)
		server.take()
	}
}

// Nothing that a run writes or prints holds a secret, whatever goes wrong.
func TestLive_secrets(t *testing.T) {
	if testing.Short() {
		t.Skip("nothing that the race detector could find")
	}
	const canary = "c4n4ry-5ecret-k3y"
	t.Setenv("CANARY", canary)
	story, err := evmnode.Tell(evmnode.Plot{Seed: 5})
	require.NoError(t, err)
	node := evmnode.Start(t, story, evmnode.Limits{})
	target, err := url.Parse(node.URL())
	require.NoError(t, err)
	proxy := httputil.NewSingleHostReverseProxy(target)
	var status atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s := int(status.Load()); s != 0 {
			// Servers repeat what they were sent.
			http.Error(w, "no: "+r.URL.String()+" "+r.Header.Get("Authorization")+r.Header.Get("X-Key"), s)
			return
		}
		r.URL.Path, r.URL.RawQuery = "/", ""
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	for name, place := range map[string][]string{
		"path":     {"--set", "endpoints.n.url=" + server.URL + "/v3/{key}", "--set", "endpoints.n.key=env:CANARY"},
		"query":    {"--set", "endpoints.n.url=" + server.URL + "/?apikey={key}", "--set", "endpoints.n.key=env:CANARY"},
		"header":   {"--set", "endpoints.n.url=" + server.URL, "--set", "endpoints.n.key=env:CANARY", "--set", "endpoints.n.key_header=X-Key"},
		"password": {"--set", "endpoints.n.url=" + server.URL, "--set", "endpoints.n.user=u", "--set", "endpoints.n.password=env:CANARY"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newLiveCase(t, "ethereum", "node:n", story.Cast.Seeds, append(place, "--set", "endpoints.n.patience=100ms")...)
			for _, s := range []int64{401, 403, 404, 429, 500, 503, 0} {
				status.Store(s)
				code, stdout, stderr := invoke(c.args("out", "cache")...)
				if s == 0 {
					require.Contains(t, []int{0, 3}, code, stderr)
				} else {
					require.NotContains(t, []int{0, 3}, code, stderr)
					require.Contains(t, stderr, "n: ", "the endpoint's name")
				}
				for _, text := range []string{stdout, stderr} {
					requireNoSecret(t, text, canary)
				}
			}
			require.NoError(t, filepath.WalkDir(c.dir, func(path string, d os.DirEntry, err error) error {
				if err != nil || !d.Type().IsRegular() {
					return err
				}
				b, err := os.ReadFile(path)
				requireNoSecret(t, string(b), canary)
				return err
			}))
		})
	}
}

func requireNoSecret(t *testing.T, text, secret string) {
	t.Helper()
	require.NotContains(t, text, secret)
	require.NotContains(t, text, secret[:8])
	require.NotContains(t, text, url.QueryEscape(secret))
}
