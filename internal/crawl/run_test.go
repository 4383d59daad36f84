package crawl_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/crawl"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

const small = "h=1 i=0 S -> A 1 eth\n h=2 i=0 A -> B 1 eth"

// An error of a source ends the run, with the name of its chain.
func TestSourceErrors(t *testing.T) {
	broken := errors.New("the disk is gone")
	for name, change := range map[string]func(*memory){
		"plan": func(m *memory) { m.failPlan = broken },
		"part": func(m *memory) { m.fail, m.parts = once(broken), 5 },
	} {
		t.Run(name, func(t *testing.T) {
			s := read(t, "starts S", small)
			change(s.source)
			_, err := s.run(context.Background())
			require.ErrorIs(t, err, broken)
			require.ErrorContains(t, err, "ethereum: the disk is gone")
		})
	}
}

// So does what the ledger refuses.
func TestContradictionEndsTheRun(t *testing.T) {
	s := read(t, "starts S", "h=1 tx=a S -> A 1 eth\n h=2 tx=a S -> A 1 usdt")
	_, err := s.run(context.Background())
	require.ErrorIs(t, err, chain.ErrContradiction)
	require.ErrorContains(t, err, "ethereum: ")
}

// waiting is a source whose parts answer nothing until they are cancelled.
type waiting struct {
	memory
	asked chan struct{}
}

func (s *waiting) Plan(context.Context, chain.Question) ([]chain.Part, error) {
	return []chain.Part{s, s, s, s, s, s, s, s}, nil
}

func (s *waiting) Ask(ctx context.Context, _ func(*chain.Transfer) error) ([]chain.Gap, error) {
	s.asked <- struct{}{}
	<-ctx.Done()
	return nil, fmt.Errorf("interrupted: %w", ctx.Err())
}

// Cancelling ends the run with the context's error, and leaves no goroutine.
func TestCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := read(t, "starts S", "")
		s.cfg.Workers = 4
		source := &waiting{asked: make(chan struct{}, 8)}
		done := make(chan error)
		go func() {
			_, err := crawl.Run(ctx, crawl.Input{Source: source, Ledger: ledger.New(s.chain), Starts: s.starts}, s.cfg)
			done <- err
		}()
		synctest.Wait()
		require.Len(t, source.asked, 4, "as many parts as workers are asked at once")
		cancel()
		require.Equal(t, context.Canceled, <-done)
	})
}

// A run that was cancelled beforehand asks nothing of a part.
func TestCancelledBefore(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s := read(t, "starts S", small)
	s.source.fail = func(int) error {
		t.Error("a part was asked")
		return nil
	}
	_, err := s.run(ctx)
	require.Equal(t, context.Canceled, err)
}

// A source is told how many transfers of one address are enough to know that it
// is too big, unless nobody is.
func TestLimit(t *testing.T) {
	s := read(t, "starts S\n transfers 7", small)
	_, err := s.run(context.Background())
	require.NoError(t, err)
	require.Equal(t, []int{8, 8, 8}, s.source.limits)

	s = read(t, "starts S\n transfers 7\n rules dust", small)
	_, err = s.run(context.Background())
	require.NoError(t, err)
	require.Equal(t, []int{0, 0, 0}, s.source.limits)
}

// Progress is told before each round.
func TestProgress(t *testing.T) {
	s := read(t, "starts S", small)
	var told []string
	_, err := crawl.Run(context.Background(), crawl.Input{
		Source: s.source, Ledger: ledger.New(s.chain), Starts: s.starts,
		Progress: func(p crawl.Progress) { told = append(told, fmt.Sprint(p)) },
	}, s.cfg)
	require.NoError(t, err)
	require.Equal(t, "{0 1 0 1 0} {1 1 1 2 1} {2 1 2 3 3}", strings.Join(told, " "))
}

// Without starts, and without labels or a test of CoinJoins, there is just
// nothing to find.
func TestNothingToDo(t *testing.T) {
	s := read(t, "", small)
	o, err := s.run(context.Background())
	require.NoError(t, err)
	require.Empty(t, s.text(t, o))
	require.Zero(t, o.Rounds)
}
