package fetch

import (
	"context"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// headroom is how much of the allowed rate is used: clocks and networks are
	// not even, and to be refused costs more.
	headroom = 0.98
	// grains are the parts that a cost of one is counted in.
	grains = 100
	// After a refusal the pace grows by fastGrowth each fastStep up to nearly
	// what was refused, and by slowGrowth each slowStep from there on. Where no
	// rate is set it may not have been a matter of the rate: there it grows fast
	// all along.
	nearly     = 0.9
	fastGrowth = 1.05
	fastStep   = 200 * time.Millisecond
	slowGrowth = 1.01
	slowStep   = time.Second
	// slowest is the part of the allowed rate that is always used, and slowestFree
	// what is without a limit.
	slowest     = 1. / 50
	slowestFree = 4
)

// pace bounds how much is sent a second. It is smooth: what is not used in time
// is lost but for the burst.
type pace struct {
	bucket *rate.Limiter

	mu      sync.Mutex
	top     float64 // never more than this; +Inf without a limit
	rate    float64 // now
	ceiling float64 // that was refused last
	changed time.Time
	// What was sent in this second and in the one before, to know a rate where
	// none is set.
	second     time.Time
	sent, last float64
}

func newPace(perSecond float64, burst int, t time.Time) *pace {
	top := math.Inf(1)
	if perSecond > 0 {
		top = perSecond * headroom
	}
	p := &pace{top: top, rate: top, changed: t, second: t, bucket: rate.NewLimiter(rate.Inf, max(1, burst)*grains)}
	p.bucket.SetLimitAt(t, limitOf(top))
	return p
}

func limitOf(perSecond float64) rate.Limit {
	if math.IsInf(perSecond, 1) {
		return rate.Inf
	}
	return rate.Limit(perSecond * grains)
}

// wait waits until so much may be sent.
func (p *pace) wait(ctx context.Context, cost float64) error {
	if !(cost > 0) { // also if it is no number
		cost = 1
	}
	t := now()
	p.grow(t)
	p.count(t, cost)
	for left := int(math.Ceil(min(cost, 1e6) * grains)); left > 0; {
		n := min(left, p.bucket.Burst())
		if err := p.bucket.WaitN(ctx, n); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			// It would be too late when it is over.
			return context.DeadlineExceeded
		}
		left -= n
	}
	return nil
}

// count notes what was sent.
func (p *pace) count(t time.Time, cost float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if d := t.Sub(p.second); d >= time.Second {
		p.last, p.sent, p.second = p.sent, 0, t
		if d >= 2*time.Second {
			p.last = 0
		}
	}
	p.sent += cost
}

// halve gives way to a refusal.
func (p *pace) halve(t time.Time) {
	p.grow(t)
	p.mu.Lock()
	defer p.mu.Unlock()
	refused := p.rate
	if math.IsInf(refused, 1) {
		refused = max(p.sent, p.last, 1)
	}
	least := float64(slowestFree)
	if !math.IsInf(p.top, 1) {
		least = p.top * slowest
	}
	p.ceiling = refused
	p.set(t, max(refused/2, least))
}

// grow takes back what was given way, as time goes by without a refusal.
func (p *pace) grow(t time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rate >= p.top {
		return
	}
	r, at := p.rate, p.changed
	for r < p.top {
		step, growth := fastStep, fastGrowth
		if r >= nearly*p.ceiling && !math.IsInf(p.top, 1) {
			step, growth = slowStep, slowGrowth
		}
		if t.Sub(at) < step {
			break
		}
		at, r = at.Add(step), r*growth
		if math.IsInf(p.top, 1) && r > 2*p.ceiling {
			r = p.top // it was no matter of the rate
		}
	}
	if r != p.rate {
		p.set(t, min(r, p.top))
		p.changed = at
	}
}

func (p *pace) set(t time.Time, perSecond float64) {
	p.rate, p.changed = perSecond, t
	p.bucket.SetLimitAt(t, limitOf(perSecond))
}
