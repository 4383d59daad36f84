// Package live makes a server into a source. It remembers which addresses were
// asked for up to which final block, so that a later run asks for what is new
// alone, and everything else is answered by the archive.
//
// What is remembered are questions, not answers: the archive is the only truth.
// A question that was asked before is put again as it was, word for word, and
// every request it makes finds its answer in the archive. That is also how a
// killed run goes on, how a run is repeated offline, and why neither can differ
// from the first.
package live

import (
	"context"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Server is what a driver does.
//
// Everything a part asks must go through the archive under the pin, so that
// asking the same question again under the same pin sends nothing and tells the
// same, byte for byte: also after a run was killed, and offline. What a part
// tells must be a function of the question and of the archived answers alone.
type Server interface {
	// Head is the newest final block. It checks that the server is of the right
	// chain. It is sent each time, never archived, in one request if possible.
	Head(ctx context.Context) (chain.Block, error)
	// Block is the block at a height, sent each time and never archived.
	Block(ctx context.Context, height uint64) (chain.Block, error)
	// Plan cuts a question into parts, as chain.Source.Plan. The pin is the
	// final block at q.Span.To. q.Answered is nil. Transfers may be told that
	// touch no asked address: they are left out by the caller.
	Plan(ctx context.Context, q chain.Question, pin chain.Block) ([]chain.Part, error)
}

// Finding is one thing that Doctor looked at.
type Finding struct {
	// What was looked at, e.g. "chain id".
	What string
	OK   bool
	// Text is what was found, Advice what to do if it is not OK.
	Text, Advice string
}

// Doctor is a server that can say how it is.
type Doctor interface {
	Doctor(ctx context.Context) []Finding
}

// Estimator is a server whose requests can be foretold without asking it.
type Estimator interface {
	// Estimate is about how many requests a question for so many addresses
	// costs, and what that figure rests on.
	Estimate(addresses int, span chain.Span, kinds []chain.Kind) (requests int64, note string)
}
