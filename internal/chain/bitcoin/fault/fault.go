// Package fault says what a failed request means for an answer: whether the run
// ends, and if not, what stands in the coverage table.
package fault

import (
	"errors"
	"fmt"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/fetch"
)

// Fatal reports whether an error ends the run, not only a part of it.
func Fatal(err error) bool {
	var failed *fetch.Error
	return !errors.As(err, &failed) || errors.Is(err, fetch.ErrExhausted) || errors.Is(err, fetch.ErrRefused) ||
		errors.Is(err, fetch.ErrOffline) || errors.Is(err, chain.ErrContradiction)
}

// Why says for the coverage table why something is missing. The text depends on
// what sort of failure it was, not on the words or times of one.
func Why(err error) string {
	var failed *fetch.Error
	if !errors.As(err, &failed) {
		return "it could not be asked"
	}
	return failed.Server + ": " + failed.Call + ": " + words(failed.Class)
}

func words(c fetch.Class) string {
	switch c {
	case fetch.Limited:
		return "too many requests"
	case fetch.TooWide, fetch.TooMany:
		return "the answer is too big for the server"
	case fetch.Unsupported:
		return "the server does not have this method"
	case fetch.Broken:
		return "the replies are not what they should be"
	case fetch.Pruned:
		return "the server no longer has these blocks"
	default:
		return "no answer"
	}
}

// Missing declares that nothing is known of an address in a span.
func Missing(a chain.Address, span chain.Span, reason string) chain.Gap {
	return chain.Gap{Address: a, Kind: chain.Output, Span: span, Reason: reason, Effect: chain.Missing}
}

// Hub says that an address has more than limit transfers.
func Hub(a chain.Address, span chain.Span, limit int) chain.Gap {
	return chain.Gap{Address: a, Kind: chain.Output, Span: span, Reason: fmt.Sprintf("more than %d transfers", limit), Effect: chain.Hub}
}
