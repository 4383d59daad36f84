package fetch

import (
	"context"
	"math/rand/v2"
	"time"
)

// What is used where the configuration is silent.
const (
	defaultParallel = 8
	defaultTimeout  = 60 * time.Second
	defaultPatience = 2 * time.Minute
	defaultMaxBody  = 128 << 20
)

// Tries counts how often one thing was tried, and waits between the tries. It is
// for one goroutine.
type Tries struct {
	client   *Client
	call     string
	began    time.Time
	attempts int
	soft     int // that count
}

// Tries begins to count the tries of a call.
func (c *Client) Tries(call string) *Tries { return &Tries{client: c, call: call, began: now()} }

// Again waits until it is time for the next try after a verdict that is not
// Final, or returns the *Error that ends it, or ctx's error.
func (t *Tries) Again(ctx context.Context, v Verdict) error {
	t.attempts++
	limit := 0
	switch v.Class {
	case Limited:
		t.client.refused.Add(1)
		limit = t.soft + 1
	case Transient:
		t.soft++
		limit = maxTransient
	case Broken:
		t.soft++
		limit = maxBroken
	default:
	}
	wait := max(v.After, backoff(t.attempts))
	if t.soft >= limit || now().Sub(t.began)+wait > t.client.cfg.Patience {
		return &Error{Server: t.client.cfg.Name, Call: t.call, Class: v.Class, Reason: t.client.Redact(v.Reason), Attempts: t.attempts}
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

const (
	maxTransient = 8
	maxBroken    = 3
	firstWait    = 250 * time.Millisecond
	mostWait     = 30 * time.Second
)

func backoff(attempt int) time.Duration {
	most := min(mostWait, firstWait<<min(attempt, 10))
	return rand.N(most)
}

func now() time.Time { return time.Now() } //nolint:forbidigo // the clock of waiting is here alone
