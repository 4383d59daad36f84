package table

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

const benchRows = 2_000_000

func BenchmarkTransfers(b *testing.B) {
	book := accountBook(b, benchRows)
	f := Folder{Dir: b.TempDir()}
	for b.Loop() {
		file, err := WriteTransfers(b.Context(), f, 0, book, 0, book.Len())
		require.NoError(b, err)
		b.ReportMetric(float64(file.Bytes)/float64(file.Rows), "B/row")
	}
	rate(b, book.Len())
}

func BenchmarkTaint(b *testing.B) {
	book := accountBook(b, benchRows)
	f := Folder{Dir: b.TempDir()}
	seeds := make([]string, 40)
	for i := range seeds {
		seeds[i] = string(evmAddress(uint64(i)))
	}
	for b.Loop() {
		w, err := NewTaintWriter(b.Context(), f, 0)
		require.NoError(b, err)
		for i := range book.Len() {
			t := book.At(i)
			entry := ledger.NoEntry
			if t.Mid < t.End {
				entry = t.Mid
			}
			amount := book.Entry(t.First).Amount
			require.NoError(b, w.Add("case-1", seeds[i*7%40], "fifo", book, t, entry, &amount))
		}
		file, err := w.Close()
		require.NoError(b, err)
		b.ReportMetric(float64(file.Bytes)/float64(file.Rows), "B/row")
	}
	rate(b, book.Len())
}

func BenchmarkFlowsSum(b *testing.B) {
	book := accountBook(b, 3*benchRows)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
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

func BenchmarkFlowsWrite(b *testing.B) {
	book := accountBook(b, benchRows)
	f := Folder{Dir: b.TempDir()}
	for b.Loop() {
		_, err := WriteFlows(b.Context(), f, 0, book)
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
	for b.Loop() {
		for _, err := range Read[Transfer](b.Context(), paths...) {
			require.NoError(b, err)
		}
	}
	rate(b, book.Len())
}

func BenchmarkAmountText(b *testing.B) {
	var buf []byte
	a := chain.Amount{123456789012345678, 7}
	for b.Loop() {
		buf = appendAmount(buf[:0], &a)
	}
}

func rate(b *testing.B, rows int) {
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
}
