package fetch_test

import (
	"context"
	"math"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"

	"github.com/scamtrace/scamtrace/internal/fetch"
)

// arrivals notes when requests came.
type arrivals struct {
	mu    sync.Mutex
	times []time.Duration
	began time.Time
	busy  int
	most  int
}

func (a *arrivals) come() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.times = append(a.times, time.Since(a.began))
	a.busy++
	a.most = max(a.most, a.busy)
}

func (a *arrivals) leave() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.busy--
}

func (a *arrivals) highest() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.most
}

// in counts arrivals in a stretch of time.
func (a *arrivals) in(from, to time.Duration) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	i, _ := slices.BinarySearch(a.times, from)
	j, _ := slices.BinarySearch(a.times, to)
	return j - i
}

// flood asks as fast as the client lets it, for so long.
func flood(t *testing.T, c *fetch.Client, workers int, d time.Duration, cost float64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	var g errgroup.Group
	for range workers {
		g.Go(func() error {
			for {
				if _, err := c.Ask(ctx, fetch.Call{Name: "it", Cost: cost, Judge: byStatus}); ctx.Err() != nil {
					return nil
				} else if err != nil {
					return err
				}
			}
		})
	}
	require.NoError(t, g.Wait())
}

// The pace is smooth: no second sees more than the rate, and nearly all of it is
// used, whatever requests cost.
func TestPace(t *testing.T) {
	for name, test := range map[string]struct {
		cost  float64
		burst int
	}{"one": {}, "half": {cost: 0.5}, "more than the burst": {cost: 7, burst: 3}, "burst": {burst: 5}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := &arrivals{began: time.Now()}
				c := openInBubble(t, func(http.ResponseWriter, *http.Request) {
					a.come()
					time.Sleep(70 * time.Millisecond)
					a.leave()
				}, func(cfg *fetch.Config) { cfg.Rate, cfg.Burst = 50, test.burst })
				flood(t, c, 16, 20*time.Second, test.cost)
				cost := test.cost
				if cost == 0 {
					cost = 1
				}
				used := float64(a.in(time.Second, 19*time.Second)) * cost / (50 * 18)
				require.InDelta(t, 0.98, used, 0.02)
				for from := time.Duration(0); from < 19*time.Second; from += 100 * time.Millisecond {
					require.LessOrEqual(t, float64(a.in(from, from+time.Second))*cost, 50+max(cost, float64(test.burst)))
				}
				require.Zero(t, c.Usage().Refused)
			})
		})
	}
}

// A server that allows less than was said is found out, and not fought: the pace
// settles at what it allows.
func TestPaceGivesWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		allowed := rate.NewLimiter(10, 2)
		a := &arrivals{began: began}
		c := openInBubble(t, func(w http.ResponseWriter, _ *http.Request) {
			if !allowed.Allow() {
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
			a.come()
		}, func(cfg *fetch.Config) { cfg.Rate = 40 })
		flood(t, c, 16, 2*time.Minute, 1)
		u := c.Usage()
		require.Less(t, float64(u.Refused)/float64(u.Requests), 0.04)
		require.Greater(t, a.in(time.Minute, 2*time.Minute), 60*10*80/100)

		// The rate is never exceeded when the server has more again.
		allowed.SetLimit(rate.Inf)
		again := time.Since(began)
		flood(t, c, 16, 4*time.Minute, 1)
		end := time.Since(began)
		for from := again; from+time.Second < end; from += time.Second {
			require.LessOrEqual(t, a.in(from, from+time.Second), 41)
		}
		require.Greater(t, a.in(end-time.Minute, end), 60*38)
	})
}

// It never gives way to nothing.
func TestPaceIsNeverZero(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		c := openInBubble(t, func(w http.ResponseWriter, _ *http.Request) {
			if time.Since(began) < 100*time.Second {
				w.WriteHeader(http.StatusTooManyRequests)
			}
		}, func(cfg *fetch.Config) { cfg.Rate, cfg.Patience = 50, time.Hour })
		var g errgroup.Group
		for range 50 {
			g.Go(func() error {
				_, err := c.Ask(t.Context(), fetch.Call{Name: "it", Judge: byStatus})
				return err
			})
		}
		require.NoError(t, g.Wait())
		require.Less(t, time.Since(began), 250*time.Second)
	})
}

// Without a rate nothing is held back; a refusal slows down for a while only.
func TestNoRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &arrivals{began: time.Now()}
		first := true
		c := openInBubble(t, func(w http.ResponseWriter, _ *http.Request) {
			a.come()
			time.Sleep(100 * time.Millisecond)
			a.leave()
			a.mu.Lock()
			defer a.mu.Unlock()
			if first && time.Since(a.began) > 10*time.Second {
				first = false
				w.WriteHeader(http.StatusTooManyRequests)
			}
		}, func(cfg *fetch.Config) { cfg.Parallel = 10 })
		flood(t, c, 16, 40*time.Second, 1)
		require.Equal(t, 10, a.highest())
		require.Greater(t, a.in(5*time.Second, 6*time.Second), 90)
		require.Less(t, a.in(10*time.Second, 11*time.Second), 70)
		require.Greater(t, a.in(30*time.Second, 31*time.Second), 90)
	})
}

// A server that cannot do so much at once gets less at once.
func TestSlotsGiveWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &arrivals{began: time.Now()}
		c := openInBubble(t, func(w http.ResponseWriter, _ *http.Request) {
			a.come()
			defer a.leave()
			a.mu.Lock()
			tooMany := a.busy > 5
			a.mu.Unlock()
			if tooMany {
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
			time.Sleep(100 * time.Millisecond)
		}, func(cfg *fetch.Config) { cfg.Parallel = 16 })
		flood(t, c, 16, 2*time.Minute, 1)
		u := c.Usage()
		require.Less(t, float64(u.Refused)/float64(u.Requests), 0.05)
		require.Greater(t, u.Requests, int64(120*10*2))
	})
}

// Whoever waits may leave, and leaves the place to the next.
func TestWaitingIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := openInBubble(t, func(http.ResponseWriter, *http.Request) { time.Sleep(time.Second) }, func(cfg *fetch.Config) { cfg.Parallel = 1 })
		ctx, cancel := context.WithCancel(t.Context())
		var g errgroup.Group
		ask := func(ctx context.Context, want error) {
			g.Go(func() error {
				_, err := c.Ask(ctx, fetch.Call{Name: "it", Judge: byStatus})
				if err != want {
					t.Error(err)
				}
				return nil
			})
			synctest.Wait()
		}
		ask(t.Context(), nil)
		ask(ctx, context.Canceled)
		ask(t.Context(), nil)
		ask(ctx, context.Canceled)
		ask(t.Context(), nil)
		cancel()
		require.NoError(t, g.Wait())
		require.EqualValues(t, 3, c.Usage().Requests)
	})
	// Whoever cannot wait that long does not.
	synctest.Test(t, func(t *testing.T) {
		c := openInBubble(t, func(http.ResponseWriter, *http.Request) {}, func(cfg *fetch.Config) { cfg.Rate = 1 })
		for want, cost := range map[error]float64{nil: 0.1, context.DeadlineExceeded: 100} {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			_, err := c.Ask(ctx, fetch.Call{Name: "it", Cost: cost, Judge: byStatus})
			require.Equal(t, want, err)
			cancel()
		}
	})
}

// Clients of the same server and key share one limit, others do not.
func TestLimitsAreShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limits := &fetch.Limits{}
		a := map[string]*arrivals{"same": {began: time.Now()}, "other": {began: time.Now()}}
		open := func(key string) *fetch.Client {
			return openInBubble(t, func(http.ResponseWriter, *http.Request) { a[key].come() }, func(cfg *fetch.Config) {
				cfg.Rate, cfg.Limits, cfg.Key, cfg.KeyHeader, cfg.URL = 10, limits, key, "X-Key", "http://localhost"
			})
		}
		var g errgroup.Group
		for _, key := range []string{"same", "same", "other"} {
			c := open(key)
			g.Go(func() error {
				flood(t, c, 2, 10*time.Second, 1)
				return nil
			})
		}
		require.NoError(t, g.Wait())
		require.InDelta(t, 98, a["same"].in(0, time.Minute), 2)
		require.InDelta(t, 98, a["other"].in(0, time.Minute), 2)
	})
}

func TestOddCosts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := openInBubble(t, func(http.ResponseWriter, *http.Request) {}, func(cfg *fetch.Config) { cfg.Rate = 100 })
		for _, cost := range []float64{-1, 0, math.NaN(), math.SmallestNonzeroFloat64, 1e-9} {
			_, err := c.Ask(t.Context(), fetch.Call{Name: "it", Cost: cost, Judge: byStatus})
			require.NoError(t, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err := c.Ask(ctx, fetch.Call{Name: "it", Cost: math.Inf(1), Judge: byStatus})
		require.Equal(t, context.DeadlineExceeded, err)
	})
}
