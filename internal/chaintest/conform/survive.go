package conform

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chaintest/faults"
)

// Trial is a crawl that is repeated while the server fails.
type Trial struct {
	Case
	// Target is the real server, Speaks its protocol.
	Target string
	Speaks faults.Protocol
	// Without names the kinds of faults that are left out.
	Without []string
	// Only, if set, names the kinds that are tried.
	Only []string
	// Open opens the driver on a URL with a folder for its cache and the
	// patience of its endpoint. The trial closes the source.
	Open func(url, cache string, patience time.Duration) (chain.Source, error)
	// Truth are all rows that are true, of the kinds of the case: see Truth.
	Truth map[string]bool
	// Patience is how long a request is tried again, 1.5 seconds if 0. A run that
	// had gaps, though asking again helps, is repeated with ten times as much
	// before it is blamed: on a busy machine patience runs out early.
	Patience time.Duration
	// Timeout bounds one crawl, 60 seconds if 0; Parallel is how many run at
	// once, 16 if 0: they mostly wait.
	Timeout  time.Duration
	Parallel int
	// First is the first seed; the others follow.
	First uint64
}

// Outcome counts how trials ended.
type Outcome struct {
	// Exact runs found what the clean run found; Declared ones something else
	// within declared gaps; Failed ones ended with an error.
	Exact, Declared, Failed int
	// Idle runs met none of their faults.
	Idle int
}

// Survive crawls once without faults and then under the schedule of each seed.
// The result must be the same, or each difference must lie in a declared gap,
// or the run must end with an error. Where asking again helps, nothing but the
// same result will do. In the end the same cache is used once more without
// faults: where the server has not lied, the result must be that of the clean
// run, since no failure may be remembered as an answer.
func Survive(t *testing.T, trial Trial, seeds int) Outcome {
	t.Helper()
	if trial.Timeout == 0 {
		trial.Timeout = 60 * time.Second
	}
	if trial.Parallel == 0 {
		trial.Parallel = 16
	}
	if trial.Patience == 0 {
		trial.Patience = 1500 * time.Millisecond
	}
	kinds := faults.Among(trial.Speaks, trial.Without...)
	if len(trial.Only) > 0 {
		kinds = slices.DeleteFunc(kinds, func(k faults.Kind) bool { return !slices.Contains(trial.Only, k.Name) })
	}
	quiet := faults.Start(t, trial.Target, faults.Schedule{})
	clean, err := trial.crawl(quiet.URL(), t.TempDir(), trial.Patience)
	if err != nil {
		t.Fatalf("without faults: %v", err)
	}
	if clean.Book.Len() == 0 {
		t.Fatal("without faults nothing is found: the trial proves nothing")
	}
	requests := quiet.Requests()
	t.Logf("clean: %d rows, %d gaps, %d requests", clean.Book.Len(), len(clean.Gaps), requests)

	var mu sync.Mutex
	var outcome Outcome
	var all sync.WaitGroup
	slots := make(chan struct{}, trial.Parallel)
	for i := range seeds {
		schedule := faults.Plan(trial.First+uint64(i), kinds, requests)
		cache, spare := t.TempDir(), t.TempDir()
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			one, complaint, log := trial.seed(clean, schedule, cache, trial.Patience)
			if strings.HasPrefix(complaint, helps) {
				one, complaint, log = trial.seed(clean, schedule, spare, 10*trial.Patience)
			}
			mu.Lock()
			defer mu.Unlock()
			outcome.Exact += one.Exact
			outcome.Declared += one.Declared
			outcome.Failed += one.Failed
			outcome.Idle += one.Idle
			if complaint != "" {
				t.Errorf("%s\n%s\n  %s", complaint, schedule, strings.Join(log, "\n  "))
			}
		})
	}
	all.Wait()
	t.Logf("%d seeds: %+v", seeds, outcome)
	return outcome
}

// helps begins the complaint of a run that gave up too early.
const helps = "though asking again helps, "

// seed runs one schedule. The complaint is empty if all is well.
func (trial *Trial) seed(clean *Found, schedule faults.Schedule, cache string, patience time.Duration) (o Outcome, complaint string, log []string) {
	proxy := faults.New(trial.Target, schedule)
	defer proxy.Close()
	found, err := trial.crawl(proxy.URL(), cache, patience)
	hit := proxy.Hit()
	if len(hit) == 0 {
		o.Idle = 1
	}
	happened := faults.Schedule{Seed: schedule.Seed, Faults: hit}
	log = proxy.Log()
	if n := proxy.Trapped(); n > 0 {
		return o, fmt.Sprintf("%d requests followed a redirect to another host", n), log
	}
	switch {
	case err != nil:
		o.Failed = 1
		log = append(log, "ended with: "+err.Error())
		if happened.Harmless() {
			return o, helps + "the run failed", log
		}
	case found.Dump() == clean.Dump():
		o.Exact = 1
	default:
		o.Declared = 1
		for _, g := range gapLines(found.Gaps) {
			log = append(log, "gap: "+g)
		}
		if bad := Undeclared(clean, found, trial.Truth); len(bad) > 0 {
			return o, fmt.Sprintf("%d differences are not declared:\n  %s", len(bad), strings.Join(first(bad), "\n  ")), log
		}
		if happened.Harmless() {
			return o, helps + "gaps were declared", log
		}
		if len(found.Gaps) == 0 {
			return o, "the result differs and no gap is declared", log
		}
	}
	if slices.ContainsFunc(hit, func(f faults.Fault) bool { return f.Kind.Nature == faults.Lying }) {
		return o, "", log
	}
	again, err := trial.crawl(trial.Target, cache, 10*trial.Patience)
	if err != nil {
		return o, "the next run, without faults, fails: " + err.Error(), log
	}
	if again.Dump() != clean.Dump() {
		missing, extra := Differences(strings.Split(clean.Dump(), "\n"), strings.Split(again.Dump(), "\n"))
		return o, fmt.Sprintf("the next run, without faults, is not the clean run:\n- %s\n+ %s",
			strings.Join(first(missing), "\n- "), strings.Join(first(extra), "\n+ ")), log
	}
	return o, "", log
}

func (trial *Trial) crawl(url, cache string, patience time.Duration) (*Found, error) {
	ctx, cancel := context.WithTimeout(context.Background(), trial.Timeout)
	defer cancel()
	source, err := trial.Open(url, cache, patience)
	if err != nil {
		return nil, err
	}
	found, err := Crawl(ctx, source, trial.Case)
	if closed := source.Close(); err == nil {
		err = closed
	}
	return found, err
}
