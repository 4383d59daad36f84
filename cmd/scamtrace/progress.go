package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/scamtrace/scamtrace/internal/job"
)

// How often a line is written: where a person looks on, and where it is read
// later.
const (
	onTerminal = time.Second
	elsewhere  = 10 * time.Second
)

// progress writes one line for each thing that a run begins, with the time since
// its start, and how far it is in between.
type progress struct {
	say      func(format string, args ...any)
	start    time.Time
	quiet    bool
	json     bool
	terminal bool
	status   *job.Status
	ended    chan struct{}
	stopped  sync.WaitGroup

	mu     sync.Mutex
	drawn  int // length of the line that is kept up to date
	before job.Snapshot
	at     time.Time
	round  time.Time // when the round began
}

// watch begins to tell of a run. The caller stops it.
func watch(c *cobra.Command, status *job.Status, quiet, asJSON bool) *progress {
	now := time.Now()
	p := &progress{say: c.PrintErrf, start: now, at: now, round: now, quiet: quiet, json: asJSON, status: status, ended: make(chan struct{})}
	if f, ok := c.ErrOrStderr().(*os.File); ok && os.Getenv("TERM") != "dumb" {
		info, err := f.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0 && !asJSON
	}
	if quiet {
		return p
	}
	every := elsewhere
	if p.terminal {
		every = onTerminal
	}
	p.stopped.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-p.ended:
				return
			case <-tick.C:
				p.tick(time.Now())
			}
		}
	})
	return p
}

// stop ends the telling.
func (p *progress) stop() {
	close(p.ended)
	p.stopped.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
}

// line tells that something begins.
func (p *progress) line(s string) {
	if p.quiet {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	seconds := time.Since(p.start).Seconds()
	if p.json {
		p.object(struct {
			Seconds float64 `json:"seconds"`
			Text    string  `json:"text"`
		}{seconds, s})
		return
	}
	p.say("%6.1fs %s\n", seconds, s)
}

func (p *progress) object(v any) {
	if text, err := json.Marshal(v); err == nil {
		p.say("%s\n", text)
	}
}

// tick tells how far the run is, if a chain is being crawled.
func (p *progress) tick(now time.Time) {
	s := p.status.Snapshot()
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.Chain == "" {
		return
	}
	if s.Chain != p.before.Chain || s.Round != p.before.Round {
		p.round = now
	}
	rate := float64(s.Usage.Requests-p.before.Usage.Requests) / now.Sub(p.at).Seconds()
	if s.Chain != p.before.Chain {
		rate = 0
	}
	left := remaining(s, now.Sub(p.round))
	p.before, p.at = s, now
	seconds := now.Sub(p.start).Seconds()
	if p.json {
		p.object(struct {
			Seconds float64 `json:"seconds"`
			job.Snapshot
			Rate float64 `json:"requests_per_second"`
			ETA  float64 `json:"round_ends_in_seconds,omitzero"`
		}{seconds, s, rate, left.Seconds()})
		return
	}
	text := fmt.Sprintf("%6.1fs %s", seconds, describe(s, rate, left))
	if !p.terminal {
		p.say("%s\n", text)
		return
	}
	p.clear()
	p.say("%s", text)
	p.drawn = len(text)
}

// clear wipes the line that is kept up to date.
func (p *progress) clear() {
	if p.drawn > 0 {
		p.say("\r%s\r", strings.Repeat(" ", p.drawn))
		p.drawn = 0
	}
}

// remaining is about how long the round will still take, 0 if that cannot be
// said. How many rounds there will be nobody knows.
func remaining(s job.Snapshot, since time.Duration) time.Duration {
	if s.Done == 0 || s.Parts <= s.Done || since < onTerminal {
		return 0
	}
	return time.Duration(float64(since) * float64(s.Parts-s.Done) / float64(s.Done)).Round(time.Second)
}

// describe is how far a run is, in words.
func describe(s job.Snapshot, rate float64, left time.Duration) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: ", s.Chain)
	if s.Round > 0 {
		fmt.Fprintf(&b, "round %d: %d addresses asked, %d of %d answers", s.Round, s.Frontier, s.Done, s.Parts)
	} else {
		b.WriteString("finding the newest final block")
	}
	if s.Server {
		fmt.Fprintf(&b, ", %d requests (%.1f/s), %d from the archive", s.Usage.Requests, rate, s.Usage.Archived)
		if s.Usage.Repeated > 0 {
			fmt.Fprintf(&b, ", %d repeated", s.Usage.Repeated)
		}
		if s.Usage.Left >= 0 {
			fmt.Fprintf(&b, ", quota left %d", s.Usage.Left)
		}
	}
	if left > 0 {
		fmt.Fprintf(&b, ", round ends in %v", left)
	}
	return b.String()
}
