package fetch

import (
	"context"
	"io"
	"net/http"
	"sync"
	"time"
)

// Limits are the limiters that clients share: one for each host and key. The
// zero value is ready. It is safe for concurrent use.
type Limits struct {
	mu  sync.Mutex
	all map[[2]string]*limiter
}

// of returns the limiter of a host and key. Of several clients that share one
// the first sets its rate.
func (l *Limits) of(host, key string, cfg *Config) *limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	name := [2]string{host, key}
	if had := l.all[name]; had != nil {
		return had
	}
	if l.all == nil {
		l.all = map[[2]string]*limiter{}
	}
	made := newLimiter(cfg.Rate, cfg.Burst, cfg.Parallel)
	l.all[name] = made
	return made
}

// limiter holds back requests: no more at once than slots, no faster than pace.
// Both give way when the server says that it is too much, and come back.
type limiter struct {
	pace  *pace
	slots *slots

	mu    sync.Mutex
	epoch int       // how often it gave way
	until time.Time // nothing is sent before
}

func newLimiter(rate float64, burst, parallel int) *limiter {
	return &limiter{pace: newPace(rate, burst, now()), slots: newSlots(parallel)}
}

// now is the epoch: a request is sent in one.
func (l *limiter) now() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.epoch
}

// wait waits until a request may be sent; done must be called when it is over.
// The epoch is that in which its time was set, so that requests which were lined
// up at an old pace say nothing about the new one.
func (l *limiter) wait(ctx context.Context, cost float64) (done func(), epoch int, err error) {
	if err := l.slots.take(ctx); err != nil {
		return nil, 0, err
	}
	err = l.quiet(ctx)
	epoch = l.now()
	if err == nil {
		err = l.pace.wait(ctx, cost)
	}
	if err == nil {
		err = l.quiet(ctx)
	}
	if err != nil {
		l.slots.give()
		return nil, 0, err
	}
	return sync.OnceFunc(l.slots.give), epoch, nil
}

// quiet waits while the server wants to be left alone.
func (l *limiter) quiet(ctx context.Context) error {
	for {
		l.mu.Lock()
		d := l.until.Sub(now())
		l.mu.Unlock()
		if d <= 0 {
			return ctx.Err()
		}
		if err := pause(ctx, d); err != nil {
			return err
		}
	}
}

// refused gives way: half the pace, half the slots. Many requests of one epoch
// that are refused are one refusal.
func (l *limiter) refused(epoch int, after time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := now()
	if after > 0 && t.Add(after).After(l.until) {
		l.until = t.Add(after)
	}
	if epoch != l.epoch {
		return
	}
	l.epoch++
	l.pace.halve(t)
	l.slots.halve(t)
}

// answered says that a request was not refused.
func (l *limiter) answered() { l.slots.answered(now()) }

// limit is the outermost http.RoundTripper: it holds requests back. The time that
// a request waits is not the server's.
type limit struct {
	next    http.RoundTripper
	limiter *limiter
}

// flight is what is known of one request on its way; it travels in its context.
type flight struct {
	cost  float64
	epoch int       // of the limiter, when it was sent
	sent  time.Time // zero if it was not
}

type flightKey struct{}

func (t limit) RoundTrip(req *http.Request) (*http.Response, error) {
	f, ok := req.Context().Value(flightKey{}).(*flight)
	if !ok {
		f = &flight{cost: 1}
	}
	done, epoch, err := t.limiter.wait(req.Context(), f.cost)
	if err != nil {
		return nil, err
	}
	f.epoch, f.sent = epoch, now()
	res, err := t.next.RoundTrip(req)
	if err != nil {
		done()
		return nil, err
	}
	res.Body = &limitBody{ReadCloser: res.Body, done: done}
	return res, nil
}

// limitBody gives the slot back when the body was read.
type limitBody struct {
	io.ReadCloser
	done func()
}

// Close closes the body.
func (b *limitBody) Close() error {
	defer b.done()
	return b.ReadCloser.Close()
}
