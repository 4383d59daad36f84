package main

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chaintest/bulk"
)

// A signal at any moment: exit 130 or 143, nothing half-published, and the next
// run works.
func TestSignals(t *testing.T) {
	if testing.Short() {
		t.Skip("not with -short")
	}
	dir := filepath.Join(t.TempDir(), "set")
	_, err := bulk.Write(t.Context(), dir, 200_000)
	require.NoError(t, err)
	out := filepath.Join(dir, "out")
	args := []string{
		"run", "-q", "-c", filepath.Join(dir, "case.yaml"), "--out", out, "--set", "trace.methods=fifo",
	}
	published := func() string {
		dir, err := filepath.EvalSymlinks(filepath.Join(out, "latest"))
		if os.IsNotExist(err) {
			return ""
		}
		require.NoError(t, err)
		return dir
	}
	built := buildProgram(t)
	program := func(args ...string) *exec.Cmd { return exec.CommandContext(t.Context(), built, args...) }
	text, err := program(args...).CombinedOutput() // makes the index
	require.NoError(t, err, string(text))
	whole := time.Now()
	text, err = program(args...).CombinedOutput()
	require.NoError(t, err, string(text))
	length := time.Since(whole)
	complete := published()
	require.NoError(t, os.Remove(filepath.Join(out, "latest")))

	dice := rand.New(rand.NewPCG(1, 1))
	var slowest time.Duration
	stopped := 0
	for i := range 8 {
		previous := published()
		kill, want := syscall.SIGINT, 130
		if i%4 == 3 {
			kill, want = syscall.SIGTERM, 143
		}
		more := args
		if i >= 4 { // another run than the one that is published by then
			more = append(append([]string{}, args...), "--set", "crawl.max_hops=7")
		}
		if i == 4 {
			text, err := program(args...).CombinedOutput()
			require.NoError(t, err, string(text))
			previous = published()
			require.Equal(t, complete, previous)
		}
		c := program(more...)
		require.NoError(t, c.Start())
		// Not before the program listens, and not after it has ended.
		time.Sleep(length/12 + time.Duration(dice.Int64N(int64(length*3/4))))
		require.NoError(t, c.Process.Signal(kill))
		sent := time.Now()
		err := c.Wait()
		slowest = max(slowest, time.Since(sent))
		require.NoFileExists(t, filepath.Join(out, ".inprogress", "manifest.json"))
		require.NoDirExists(t, filepath.Join(out, ".inprogress"))
		if err == nil { // it was faster than the signal
			continue
		}
		stopped++
		require.Equal(t, want, c.ProcessState.ExitCode(), "%v", err)
		require.Equal(t, previous, published())
		if previous != "" {
			code, _, problems := invoke("check", out)
			require.Zero(t, code, problems)
		}
	}
	require.Positive(t, stopped)
	t.Logf("a run takes %v; %d of 8 were stopped, at most %v after the signal", length, stopped, slowest)
	require.Less(t, slowest, 5*time.Second)
	text, err = program(args...).CombinedOutput()
	require.NoError(t, err, string(text))
	code, _, problems := invoke("check", out)
	require.Zero(t, code, problems)
	require.Equal(t, complete, published())
}
