package btcnode

import (
	"context"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chaintest/conform"
	"github.com/scamtrace/scamtrace/internal/chaintest/faults"
)

// Survive crawls from the scammer of a story while the server at an endpoint
// fails, as conform.Survive, for as many seeds as SCAMTRACE_TRIALS says, or a
// few.
func Survive(t *testing.T, s *Story, d chain.Driver, args string, e chain.Endpoint, speaks faults.Protocol) conform.Outcome {
	t.Helper()
	seeds, err := strconv.Atoi(os.Getenv("SCAMTRACE_TRIALS"))
	if err != nil {
		seeds = 8
	}
	trial := conform.Trial{
		Case:   conform.Case{Chain: Chain(), Seeds: []chain.Address{s.Address("scammer")}, From: 1},
		Target: e.URL, Speaks: speaks, Truth: Truth(t, s),
		Open: func(url, cache string, patience time.Duration) (chain.Source, error) {
			o := e
			o.URL, o.Patience, o.Timeout = url, patience, 10*time.Second
			return d.Open(context.Background(), Chain(), chain.Options{Args: e.Name + args, Cache: cache, Workers: 4, Endpoint: o})
		},
	}
	// Once in peace, so that a gateway has filled its own memory, and the clean
	// run is clean on a busy machine too.
	source, err := trial.Open(e.URL, t.TempDir(), time.Minute)
	require.NoError(t, err)
	_, err = conform.Crawl(context.Background(), source, trial.Case)
	require.NoError(t, err)
	require.NoError(t, source.Close())
	return conform.Survive(t, trial, seeds)
}
