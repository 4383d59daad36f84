package main

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chaintest/evmnode"
	"github.com/scamtrace/scamtrace/internal/chaintest/faults"
	"github.com/scamtrace/scamtrace/internal/table"
)

// Whatever a server does, a run publishes the tables of a good night, or declares
// what is missing, or publishes nothing: never something else with code 0. How
// the gaps cover what is missing is tested in chaintest/conform, with more seeds.
func TestLive_faults(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for retries")
	}
	story, err := evmnode.Tell(evmnode.Plot{Seed: 9})
	require.NoError(t, err)
	node := evmnode.Start(t, story, evmnode.Limits{})
	quiet := faults.Start(t, node.URL(), faults.Schedule{})
	c := newLiveCase(t, "ethereum", "node:n", story.Cast.Seeds,
		"--set", "endpoints.n.patience=1s", "--set", "endpoints.n.timeout=5s", "--set", "crawl.from_block.ethereum=1")
	want := c.run(t, "clean", "clean", "--set", "endpoints.n.url="+quiet.URL(), "--set", "endpoints.n.patience=1m", "--set", "endpoints.n.timeout=1m")
	gaps := declared(t, filepath.Join(c.dir, "clean"))

	const seeds = 24
	codes := map[int]int{}
	var mu sync.Mutex
	var all sync.WaitGroup
	slots := make(chan struct{}, 8)
	for seed := range uint64(seeds) {
		proxy := faults.Start(t, node.URL(), faults.Plan(1000+seed, faults.Among(faults.JSONRPC), quiet.Requests()))
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			name := fmt.Sprint("seed", seed)
			code, _, stderr := invoke(c.args(name, name, "--set", "endpoints.n.url="+proxy.URL())...)
			mu.Lock()
			defer mu.Unlock()
			codes[code]++
			switch code {
			case 0, 3:
				same := c.sums(t, name) == want
				if !same && declared(t, filepath.Join(c.dir, name)) <= gaps {
					t.Errorf("seed %d: other tables, and nothing declared: %v", seed, proxy.Log())
				}
			case 1, 2, 4, 75:
				if _, err := fileSums(filepath.Join(c.dir, name)); err == nil {
					t.Errorf("seed %d: code %d, and something was published", seed, code)
				}
				if stderr == "" {
					t.Errorf("seed %d: code %d without a word", seed, code)
				}
			default:
				t.Errorf("seed %d: code %d: %s", seed, code, stderr)
			}
		})
	}
	all.Wait()
	t.Logf("exit codes: %v", codes)
	require.Positive(t, codes[0]+codes[3])
}

// declared is how many gaps a run declares.
func declared(t *testing.T, out string) (n int) {
	t.Helper()
	for _, row := range rowsOf[table.Coverage](t, out, "coverage") {
		if !row.Complete {
			n++
		}
	}
	return n
}
