package fetch

import (
	"context"
	"math/rand/v2"
	"strings"
	"time"
	"unicode"
)

// How long and how often something is tried again.
const (
	maxTransient = 8 // tries of what the server itself calls a failure
	maxBroken    = 3
	firstWait    = 500 * time.Millisecond
	mostWait     = 15 * time.Second
)

// Tries counts how often one thing was tried and waits between the tries. It is
// for one goroutine. Ask does so by itself; it is here for replies of which a
// part is to be asked again.
type Tries struct {
	client           *Client
	call             string
	epoch            int
	attempts         int
	failures, broken int
	spent            time.Duration
}

// Tries begins to count the tries of a call of that name.
func (c *Client) Tries(call string) *Tries {
	return &Tries{client: c, call: call, epoch: c.limiter.now()}
}

// Again waits until it is time for the next try, after a verdict that is not
// Final. If there is to be none it returns an *Error. Errors of ctx come back as
// they are.
func (t *Tries) Again(ctx context.Context, v Verdict) error { return t.again(ctx, v, false) }

// again is Again for a server that may be away: such a one is waited for as long
// as patience lasts.
func (t *Tries) again(ctx context.Context, v Verdict, away bool) error {
	t.attempts++
	patience := t.client.cfg.Patience
	end := false
	switch v.Class {
	case Limited:
		t.client.refused.Add(1)
		t.client.limiter.refused(t.epoch, min(v.After, patience))
	case Transient:
		t.failures++
		end = t.failures >= maxTransient && !away
	case Broken:
		t.failures++
		t.broken++
		end = t.broken >= maxBroken
	default:
		end = true
	}
	left := patience - t.spent
	if end || left <= 0 || v.After > left {
		return t.client.fail(t.call, v, t.attempts)
	}
	wait := max(v.After, min(left, jitter(t.attempts)))
	t.spent += wait
	t.client.repeated.Add(1)
	err := pause(ctx, wait)
	t.epoch = t.client.limiter.now()
	return err
}

// jitter is full jitter: anything up to a bound that doubles.
func jitter(attempt int) time.Duration {
	return rand.N(min(mostWait, firstWait<<min(attempt-1, 10))) + time.Millisecond
}

// Fail is the error of a call that is not tried again.
func (c *Client) Fail(call string, v Verdict) *Error { return c.fail(call, v, 1) }

func (c *Client) fail(call string, v Verdict, attempts int) *Error {
	reason := c.words(v.Reason)
	if reason == "" {
		reason = v.Class.String()
	}
	return &Error{Server: c.cfg.Name, Call: call, Class: v.Class, Reason: reason, Attempts: attempts}
}

// maxWords bounds what is told of a server's own words, in bytes.
const maxWords = 400

// words makes a server's text fit to be shown: no secret, one line, not long.
func (c *Client) words(s string) string {
	s = c.Redact(strings.ToValidUTF8(s[:min(len(s), maxErrorBody)], "\uFFFD"))
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > maxWords {
		s = strings.ToValidUTF8(s[:maxWords], "") + "…"
	}
	return s
}
