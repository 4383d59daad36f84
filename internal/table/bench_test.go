//go:build unix

package table

import (
	"fmt"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

const benchRows = 2_000_000

func BenchmarkTransfers(b *testing.B) {
	book := accountBook(b, benchRows)
	f := Folder{Dir: b.TempDir()}
	defer stopwatch(b, book.Len())()
	for b.Loop() {
		file, err := WriteTransfers(b.Context(), f, 0, book, 0, book.Len())
		require.NoError(b, err)
		b.ReportMetric(float64(file.Bytes)/float64(file.Rows), "B/row")
	}
}

// BenchmarkTaint: the same amounts of rows, each of a transfer of its own, and in
// runs of six for one transfer: three seeds by two methods.
func BenchmarkTaint(b *testing.B) {
	book := accountBook(b, benchRows)
	f := Folder{Dir: b.TempDir()}
	seeds := make([]string, 40)
	for i := range seeds {
		seeds[i] = string(evmAddress(uint64(i)))
	}
	methods := []string{"fifo", "haircut"}
	for _, run := range []int{1, 6} {
		b.Run(fmt.Sprintf("runs of %d", run), func(b *testing.B) {
			defer stopwatch(b, book.Len())()
			for b.Loop() {
				w, err := NewTaintWriter(b.Context(), f, 0)
				require.NoError(b, err)
				for i := range book.Len() {
					t := book.At(i / run)
					entry := ledger.NoEntry
					if t.Mid < t.End {
						entry = t.Mid
					}
					amount := book.Entry(t.First).Amount
					amount[0] -= amount[0] / 16 * uint64(i%run)
					if err := w.Add("case-1", seeds[(i/run*7+i%run/2)%40], methods[i%2], book, t, entry, &amount); err != nil {
						b.Fatal(err)
					}
				}
				file, err := w.Close()
				require.NoError(b, err)
				b.ReportMetric(float64(file.Bytes)/float64(file.Rows), "B/row")
			}
		})
	}
}

func BenchmarkFlowsSum(b *testing.B) {
	book := accountBook(b, 3*benchRows)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	defer stopwatch(b, book.Len())()
	for b.Loop() {
		s := sumFlows(book)
		order := s.order(book)
		require.NotEmpty(b, order)
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB-live")
		b.ReportMetric(float64(s.count), "flows")
		runtime.KeepAlive(s)
	}
}

// BenchmarkFlowsWrite is the writer without the summing: rows are flows.
func BenchmarkFlowsWrite(b *testing.B) {
	book := accountBook(b, benchRows)
	f := Folder{Dir: b.TempDir()}
	sums := sumFlows(book)
	defer stopwatch(b, int(sums.count))()
	for b.Loop() {
		_, err := sums.write(b.Context(), f, 0, book)
		require.NoError(b, err)
	}
}

func BenchmarkRead(b *testing.B) {
	book := accountBook(b, benchRows)
	f := Folder{Dir: b.TempDir()}
	_, err := WriteTransfers(b.Context(), f, 0, book, 0, book.Len())
	require.NoError(b, err)
	paths, err := Paths(f.Dir, "transfers")
	require.NoError(b, err)
	defer stopwatch(b, book.Len())()
	for b.Loop() {
		for _, err := range Read[Transfer](b.Context(), paths...) {
			require.NoError(b, err)
		}
	}
}

func BenchmarkAmountText(b *testing.B) {
	var buf []byte
	a := chain.Amount{123456789012345678, 7}
	for b.Loop() {
		buf = appendAmount(buf[:0], &a)
	}
}

// stopwatch reports rows by wall and by CPU time: the second is what to compare
// on a busy machine.
func stopwatch(b *testing.B, rows int) (stop func()) {
	start := cpuTime(b)
	return func() {
		n := float64(rows) * float64(b.N) / 1e6
		b.ReportMetric(n/b.Elapsed().Seconds(), "Mrows/s")
		b.ReportMetric(n/(cpuTime(b)-start).Seconds(), "Mrows/cpu-s")
	}
}

func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
