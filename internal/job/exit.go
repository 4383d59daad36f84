package job

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/fetch"
	"github.com/scamtrace/scamtrace/internal/taint"
)

// Exit codes of the program. An unknown code must be treated as a failure.
const (
	ExitComplete      = 0
	ExitFailed        = 1
	ExitInput         = 2
	ExitGaps          = 3
	ExitContradiction = 4
	ExitLocked        = 11
	ExitQuota         = 75
	ExitInterrupted   = 130
	ExitTerminated    = 143
)

// InputError lists all that is wrong with what the user gave: nothing was asked
// and nothing was written.
type InputError struct{ Problems []string }

func (e *InputError) Error() string {
	const most = 50
	list := e.Problems
	var rest string
	if len(list) > most {
		list, rest = list[:most], fmt.Sprintf("\nand %d more", len(e.Problems)-most)
	}
	return strings.Join(list, "\n") + rest
}

func badInput(format string, args ...any) error {
	return &InputError{Problems: []string{fmt.Sprintf(format, args...)}}
}

// ErrLocked says that another run writes into the same output folder.
var ErrLocked = errors.New("another run is writing into this output folder")

// ErrTerminated is the cause of a context that SIGTERM cancelled.
var ErrTerminated = errors.New("terminated")

// ExitCode is the exit code for an error of this package.
func ExitCode(ctx context.Context, err error) int {
	var input *InputError
	switch {
	case err == nil:
		return ExitComplete
	case errors.Is(err, context.Canceled):
		if errors.Is(context.Cause(ctx), ErrTerminated) {
			return ExitTerminated
		}
		return ExitInterrupted
	case errors.As(err, &input), errors.Is(err, chain.ErrInput):
		return ExitInput
	case errors.Is(err, chain.ErrContradiction), errors.Is(err, taint.ErrNotConserved):
		return ExitContradiction
	case errors.Is(err, ErrLocked), errors.Is(err, fetch.ErrBusy):
		return ExitLocked
	case errors.Is(err, fetch.ErrExhausted):
		return ExitQuota
	}
	return ExitFailed
}

// Hint is what to do about an error, where the error itself does not say; or "".
func Hint(err error) string {
	var asked *fetch.Error
	if errors.As(err, &asked) && asked.Class != fetch.Exhausted {
		return "scamtrace doctor with the same flags tries key, limits and servers one by one"
	}
	return ""
}
