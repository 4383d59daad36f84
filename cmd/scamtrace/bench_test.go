package main_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chaintest/bulk"
	"github.com/scamtrace/scamtrace/internal/table"
)

// BenchmarkRun is the whole program, from Parquet to tables with four methods,
// as a process of its own. For each step it logs time, peak memory, rows a
// second, and the time as a multiple of what the hardware needs at least,
// measured in the same run: to read the input once, to copy the bytes that the
// passes touch. So what is slow shows, and how far it is from its limit.
// SCAMTRACE_BENCH_ROWS chooses other sizes, separated by commas.
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
			_, err = bulk.Write(b.Context(), dir, rows)
			require.NoError(b, err)
			for b.Loop() {
				out := filepath.Join(b.TempDir(), "out")
				run := runOnce(b, program, dir, out)
				run.report(b, rows, dir, out)
				require.NoError(b, os.RemoveAll(out))
			}
		})
	}
}

// measured is one run of the program.
type measured struct {
	steps   []string // in order
	seconds map[string]float64
	peak    map[string]float64 // MiB, by step; empty where the system does not tell
	most    float64            // MiB, of the whole run
	cpu     float64            // seconds of all cores
}

func runOnce(b *testing.B, program, dir, out string) *measured {
	b.Helper()
	var text bytes.Buffer
	c := exec.CommandContext(b.Context(), program, "run", "--quiet", "--steps", "-c", filepath.Join(dir, "case.yaml"), "--out", out)
	c.Stderr = &text
	start := time.Now()
	require.NoError(b, c.Start())
	done, memory := make(chan struct{}), make(chan []sample)
	go func() { memory <- watchMemory(c.Process.Pid, start, done) }()
	err := c.Wait()
	close(done)
	samples := <-memory
	require.NoError(b, err, text.String())
	m := &measured{seconds: map[string]float64{}, peak: map[string]float64{}}
	var at float64
	for lines := bufio.NewScanner(&text); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		n := len(fields)
		if n < 3 || fields[n-1] != "s" {
			continue
		}
		seconds, err := strconv.ParseFloat(fields[n-2], 64)
		require.NoError(b, err)
		step := fields[0]
		if _, again := m.seconds[step]; !again {
			m.steps = append(m.steps, step)
		}
		m.seconds[step] += seconds
		for _, s := range samples {
			if s.at >= at && s.at <= at+seconds {
				m.peak[step] = max(m.peak[step], s.mebibytes)
			}
		}
		at += seconds
	}
	usage, ok := c.ProcessState.SysUsage().(*syscall.Rusage)
	require.True(b, ok)
	m.most = float64(usage.Maxrss) / 1024
	m.cpu = c.ProcessState.UserTime().Seconds() + c.ProcessState.SystemTime().Seconds()
	return m
}

// sample is the resident memory of a process at a time.
type sample struct{ at, mebibytes float64 }

// watchMemory samples a process until done is closed.
func watchMemory(pid int, start time.Time, done <-chan struct{}) (out []sample) {
	for tick := time.NewTicker(50 * time.Millisecond); ; {
		select {
		case <-done:
			tick.Stop()
			return out
		case <-tick.C:
		}
		data, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
		if err != nil {
			continue
		}
		var size, resident float64
		if _, err := fmt.Sscan(string(data), &size, &resident); err == nil {
			out = append(out, sample{time.Since(start).Seconds(), resident * float64(os.Getpagesize()) / (1 << 20)})
		}
	}
}

// What the passes over a transfer touch of it, in bytes.
const (
	bookBytes    = 34 // its columns: transaction, kind, ordinal, asset, two addresses, amount, exact
	factBytes    = 48 // its transaction: hash, block, time
	holdingBytes = 64 // both its holdings, in each method
	rowBytes     = 300
	bookPasses   = 5 // survey, numbering, clusters, flows, transfers; the methods come on top
	methods      = 4
)

func (m *measured) report(b *testing.B, rows int64, dir, out string) {
	b.Helper()
	written, kept := int64(0), int64(0)
	manifest, err := table.ReadManifest(filepath.Join(out, "latest"))
	require.NoError(b, err)
	for _, t := range manifest.Tables {
		written += t.Rows
		if t.Name == "transfers" {
			kept = t.Rows
		}
	}
	read, input := readAll(b, filepath.Join(dir, "ethereum"))
	touched := kept*(bookPasses+methods)*bookBytes + 2*kept*factBytes + methods*kept*holdingBytes + written*rowBytes
	copied := copyBytes(touched)
	var s strings.Builder
	fmt.Fprintf(&s, "\n%-8s %8s %9s %12s %14s\n", "step", "s", "peak MiB", "rows/s", "x hardware")
	for _, step := range m.steps {
		seconds := m.seconds[step]
		rate, ratio := "", ""
		switch step {
		case "crawl":
			rate = fmt.Sprintf("%.0f in", float64(rows)/seconds)
			ratio = fmt.Sprintf("%.1f read", seconds/read)
			b.ReportMetric(seconds/read, "crawl/read")
		case "trace":
			rate = fmt.Sprintf("%.0f out", float64(written)/seconds)
			ratio = fmt.Sprintf("%.1f copy", seconds/copied)
			b.ReportMetric(seconds/copied, "trace/copy")
		}
		fmt.Fprintf(&s, "%-8s %8.2f %9.0f %12s %14s\n", step, seconds, m.peak[step], rate, ratio)
		b.ReportMetric(seconds, step+"-s")
	}
	fmt.Fprintf(&s, "read: %d MB of input once take %.2f s; copy: the %d MB that the passes touch take %.2f s to copy\n",
		input/1e6, read, touched/1e6, copied)
	fmt.Fprintf(&s, "%d rows in, %d transfers kept, %d rows out; %.1f s of CPU time, %.0f MiB at most", rows, kept, written, m.cpu, m.most)
	b.Log(s.String())
	b.ReportMetric(m.most, "peak-MiB")
	b.ReportMetric(m.cpu, "cpu-s")
}

// readAll reads every file of a folder from its beginning to its end.
func readAll(b *testing.B, dir string) (seconds float64, size int64) {
	b.Helper()
	start := time.Now()
	buffer := make([]byte, 1<<20)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		for {
			n, err := f.Read(buffer)
			size += int64(n)
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
		}
	})
	require.NoError(b, err)
	return time.Since(start).Seconds(), size
}

// copyBytes copies n bytes from memory to memory, past the caches.
func copyBytes(n int64) (seconds float64) {
	const size = 256 << 20
	from, to := make([]byte, size), make([]byte, size)
	for i := 0; i < size; i += 4096 { // so that there is memory behind both
		from[i], to[i] = 1, 1
	}
	start := time.Now()
	for left := n; left > 0; left -= size {
		copy(to, from[:min(left, size)])
	}
	return time.Since(start).Seconds()
}
