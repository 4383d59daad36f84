//go:build unix

package ledger_test

import (
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// BenchmarkIntern interns two million addresses that are all new, which is what
// costs most. It reports them by wall and by CPU time: the second is what to
// compare on a busy machine.
func BenchmarkIntern(b *testing.B) {
	const n = 2_000_000
	addresses := make([]chain.Address, n)
	for i := range addresses {
		addresses[i] = numbered(i)
	}
	start := cpuTime(b)
	for b.Loop() {
		l := ledger.New(network(b, "ethereum"))
		for _, a := range addresses {
			l.Address(a)
		}
	}
	b.ReportMetric(float64(b.N)*n/b.Elapsed().Seconds(), "addresses/s")
	b.ReportMetric(float64(b.N)*n/(cpuTime(b)-start).Seconds(), "addresses/cpu-s")
}

func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
