package node_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chaintest/faults"
	"github.com/scamtrace/scamtrace/internal/fetch"
)

// Whatever a server does wrong, what is told is right, or a gap says where it may
// not be, or the run ends with an error. SCAMTRACE_SEEDS is how many schedules
// of faults are tried.
func TestFaultsAreNeverSilent(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for retries")
	}
	seeds := 12
	if n, err := strconv.Atoi(os.Getenv("SCAMTRACE_SEEDS")); err == nil {
		seeds = n
	}
	n := read(t)
	kinds := faults.Among(faults.JSONRPC, "slow-loris", "hangs")
	for _, mode := range []struct {
		name string
		of   []chain.Kind
		rows int
	}{{"tokens", []chain.Kind{chain.Token}, 10}, {"scan", all(), 25}} {
		q := question(n.Story().Cast.All(), mode.of...)
		q.Span.To = n.Final().Height
		clean := lines(mustAsk(t, open(t, options(t, n.URL(), "")), q).transfers)
		for seed := range seeds {
			t.Run(fmt.Sprint(mode.name, " ", seed), func(t *testing.T) {
				t.Parallel()
				plan := faults.Plan(uint64(seed)*7, kinds, mode.rows)
				proxy := faults.Start(t, n.URL(), plan)
				o := options(t, proxy.URL(), "")
				o.Endpoint.Patience, o.Endpoint.Timeout = 4*time.Second, 2*time.Second
				src := open(t, o)
				if _, err := src.Head(t.Context()); err != nil {
					t.Log(err)
					return
				}
				got, err := ask(t, src, q)
				if err != nil {
					ok := errors.Is(err, chain.ErrContradiction) || errors.Is(err, fetch.ErrExhausted) || errors.Is(err, fetch.ErrRefused) || errors.Is(err, chain.ErrInput)
					t.Log(plan, err)
					if !ok && !plan.Harmless() {
						t.Log("OTHER ERROR")
					}
					require.False(t, plan.Harmless(), "%s\n%v", plan, err)
					return
				}
				told := lines(got.transfers)
				if slices.Equal(told, clean) {
					return
				}
				require.NotEmpty(t, got.gaps, "silently different: %s\n%v", plan, difference(clean, told))
				require.False(t, plan.Harmless(), "%s\n%v", plan, got.gaps[0])
				for _, line := range difference(clean, told) {
					require.True(t, slices.ContainsFunc(got.gaps, func(g chain.Gap) bool { return covers(g, line) }),
						"not in a gap: %s\n%s\n%v", line, plan, got.gaps[0])
				}
			})
		}
	}
}

func difference(a, b []string) []string {
	var out []string
	for _, x := range a {
		if _, ok := slices.BinarySearch(b, x); !ok {
			out = append(out, "- "+x)
		}
	}
	for _, x := range b {
		if _, ok := slices.BinarySearch(a, x); !ok {
			out = append(out, "+ "+x)
		}
	}
	return out
}
