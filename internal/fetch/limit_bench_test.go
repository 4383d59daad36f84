package fetch_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"

	"github.com/scamtrace/scamtrace/internal/fetch"
)

// metered is a server that enforces a rate: a token bucket for so much at once.
type metered struct {
	bucket        *rate.Limiter
	cost          int
	took, refused atomic.Int64
}

func (m *metered) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	if !m.bucket.AllowN(time.Now(), max(1, m.cost)) {
		m.refused.Add(1)
		w.WriteHeader(http.StatusTooManyRequests)
		return
	}
	m.took.Add(1)
	w.Write([]byte("answer"))
}

// spend asks as much as the limiter lets through for so long.
func spend(t testing.TB, c *fetch.Client, workers int, d time.Duration) {
	t.Helper()
	var g errgroup.Group
	end := time.Now().Add(d)
	for range workers {
		g.Go(func() error {
			for time.Now().Before(end) {
				if _, err := c.Ask(t.Context(), fetch.Call{Name: "it", Judge: byStatus}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	require.NoError(t, g.Wait())
}

// The limiter uses what the server allows and is hardly ever refused: at least
// 95 % of 50 requests a second, at most 0.5 % refused.
func BenchmarkLimitUsed(b *testing.B) {
	const perSecond, burst = 50, 5
	for b.Loop() {
		server := &metered{bucket: rate.NewLimiter(perSecond, burst)}
		c := open(b, server.ServeHTTP, func(cfg *fetch.Config) { cfg.Rate, cfg.Parallel = perSecond, 8 })
		began := time.Now()
		spend(b, c, 16, 10*time.Second)
		took, refused := float64(server.took.Load()), float64(server.refused.Load())
		b.ReportMetric(100*took/(perSecond*time.Since(began).Seconds()), "used_%")
		b.ReportMetric(100*refused/(took+refused), "refused_%")
	}
}
