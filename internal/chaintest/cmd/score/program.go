package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chaintest/score"
)

// program is the scamtrace that is scored, as its users start it.
type program struct {
	bin string
	// work is a folder for what it writes.
	work string
}

// Exit codes of scamtrace that are no failure here: the sets are cuttings of
// chains, so that gaps are expected.
const (
	complete = 0
	badInput = 2
	gaps     = 3
)

// start runs it and gives its exit code and what it complains of.
func (p program) start(ctx context.Context, args ...string) (code int, stderr string, err error) {
	var told bytes.Buffer
	c := exec.CommandContext(ctx, p.bin, args...)
	c.Stderr = &told
	err = c.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && ctx.Err() == nil {
		return exit.ExitCode(), told.String(), nil
	}
	if err != nil {
		return 0, "", fmt.Errorf("starting %s: %w; build it with make build", p.bin, err)
	}
	return complete, told.String(), nil
}

// publish runs a case in a folder of its own, has the result checked, and reads
// it.
func (p program) publish(ctx context.Context, name string, args ...string) (*score.Run, error) {
	out := filepath.Join(p.work, name)
	code, stderr, err := p.start(ctx, append([]string{"run", "-q", "--out", out, "--set", "cache=" + filepath.Join(p.work, "cache")}, args...)...)
	if err != nil {
		return nil, err
	}
	if code != complete && code != gaps {
		return nil, fmt.Errorf("%s: scamtrace run ended with code %d: %s", name, code, stderr)
	}
	if code, stderr, err = p.start(ctx, "check", out); err != nil {
		return nil, err
	} else if code != complete {
		return nil, fmt.Errorf("%s: scamtrace check ended with code %d: %s", name, code, stderr)
	}
	t, err := score.ReadTables(ctx, filepath.Join(out, "latest"))
	if err != nil {
		return nil, err
	}
	return score.NewRun(t), nil
}

// sift takes the lines out of a seed list that the program refuses, as its user
// would, and gives the folder of the rest and the numbers of the lines taken out,
// from 1. The program plans with the flags of the case.
func (p program) sift(ctx context.Context, seeds string, args ...string) (rest string, refused []int, err error) {
	raw, err := os.ReadFile(seeds)
	if err != nil {
		return "", nil, err
	}
	lines := strings.SplitAfter(string(raw), "\n")
	numbers := make([]int, len(lines)) // of the lines that are left
	for i := range numbers {
		numbers[i] = i + 1
	}
	rest = filepath.Join(p.work, "seeds-"+filepath.Base(seeds))
	place := regexp.MustCompile(`(?m)` + regexp.QuoteMeta(rest) + `:(\d+): `)
	for {
		var text strings.Builder
		for _, n := range numbers {
			text.WriteString(lines[n-1])
		}
		if err := os.WriteFile(rest, []byte(text.String()), 0o644); err != nil {
			return "", nil, err
		}
		code, stderr, err := p.start(ctx, append([]string{"plan", "--seeds", rest}, args...)...)
		if err != nil {
			return "", nil, err
		}
		if code != badInput {
			return rest, refused, nil
		}
		out := map[int]bool{}
		for _, m := range place.FindAllStringSubmatch(stderr, -1) {
			n, err := strconv.Atoi(m[1])
			if err != nil || n < 2 || n > len(numbers) {
				return "", nil, fmt.Errorf("%s: scamtrace refuses line %s, which is no seed: %s", seeds, m[1], stderr)
			}
			out[n] = true
		}
		if len(out) == 0 {
			return "", nil, fmt.Errorf("%s: scamtrace refuses the case, and no line of it: %s", seeds, stderr)
		}
		kept := numbers[:0:0]
		for i, n := range numbers {
			if out[i+1] {
				refused = append(refused, n)
			} else {
				kept = append(kept, n)
			}
		}
		numbers = kept
	}
}
