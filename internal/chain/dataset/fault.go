package dataset

import (
	"errors"
	"fmt"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// fault is bad input at one place. Its text is what a person needs to find it,
// without the sentinel's words: "FILE:LINE: column: reason".
type fault struct {
	text string
	is   error
}

func (f *fault) Error() string { return f.text }
func (f *fault) Unwrap() error { return f.is }

// bad is a fault of the file as a whole.
func bad(file, format string, args ...any) error {
	return &fault{file + ": " + fmt.Sprintf(format, args...), chain.ErrInput}
}

// fault places an error at this row and column. Errors of emit pass unchanged
// because they never come here.
func (r *row) fault(column string, err error) error {
	is := chain.ErrInput
	if errors.Is(err, chain.ErrContradiction) {
		is = chain.ErrContradiction
	}
	reason := err.Error()
	if column != "" {
		reason = column + ": " + reason
	}
	return &fault{r.place() + ": " + reason, is}
}

// place is FILE:LINE, or "FILE: row N" in Parquet, which has no lines.
func (r *row) place() string {
	if r.rowNumbers {
		return fmt.Sprintf("%s: row %d", r.file, r.line)
	}
	return fmt.Sprintf("%s:%d", r.file, r.line)
}
