package main_test

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chaintest/bulk"
)

// BenchmarkRun is the whole program, from Parquet to tables with four methods,
// as a process of its own. It reports the time of each step and the peak memory
// of the process; SCAMTRACE_BENCH_ROWS chooses other sizes, separated by commas.
func BenchmarkRun(b *testing.B) {
	sizes := "1000000,10000000"
	if s := os.Getenv("SCAMTRACE_BENCH_ROWS"); s != "" {
		sizes = s
	}
	program := filepath.Join(b.TempDir(), "scamtrace")
	build := exec.CommandContext(b.Context(), "go", "build", "-o", program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	require.NoError(b, err, string(out))
	for size := range strings.SplitSeq(sizes, ",") {
		b.Run(size, func(b *testing.B) {
			rows, err := strconv.ParseInt(size, 10, 64)
			require.NoError(b, err)
			dir := filepath.Join(b.TempDir(), "data")
			made, err := bulk.Generate(dir, rows, 1)
			require.NoError(b, err)
			for b.Loop() {
				runOnce(b, program, dir, filepath.Join(b.TempDir(), "out"))
			}
			b.ReportMetric(float64(made.Reachable), "reached")
		})
	}
}

func runOnce(b *testing.B, program, dir, out string) {
	var steps bytes.Buffer
	c := exec.CommandContext(b.Context(), program, "run", "--quiet", "--steps",
		"--seeds", filepath.Join(dir, "seeds.csv"), "--labels", filepath.Join(dir, "labels.csv"),
		"--source", "ethereum=dataset:"+filepath.Join(dir, "ethereum"), "--out", out,
		"--set", "movements.ethereum=token",
		// Two seeds pay everybody here, so they have more transfers than a person.
		"--set", "crawl.super_node.transfers=100000000")
	c.Stderr = &steps
	require.NoError(b, c.Run(), steps.String())
	sums := map[string]float64{}
	for lines := bufio.NewScanner(&steps); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if n := len(fields); n > 2 && fields[n-1] == "s" {
			seconds, err := strconv.ParseFloat(fields[n-2], 64)
			require.NoError(b, err)
			sums[fields[0]] += seconds
		}
	}
	for step, seconds := range sums {
		b.ReportMetric(seconds, step+"-s")
	}
	usage, ok := c.ProcessState.SysUsage().(*syscall.Rusage)
	require.True(b, ok)
	b.ReportMetric(float64(usage.Maxrss)/1024, "peak-MiB")
	require.NoError(b, os.RemoveAll(out))
}
