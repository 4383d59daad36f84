// Package live makes a server into a source. It remembers which addresses were
// asked for up to which final block, so that a later run asks for what is new
// alone, and everything else is answered by the archive.
package live

import (
	"context"
	"errors"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/fetch"
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

// Defaults are a protocol's own settings.
type Defaults struct {
	Rate     float64
	Burst    int
	Parallel int
	// KeyQuery is the query parameter for the key, if that is where it goes.
	KeyQuery string
}

// Client opens the HTTP client and the archive for an endpoint of a chain.
func Client(driver string, c chain.Chain, o chain.Options, d Defaults) (*fetch.Client, error) {
	return nil, errors.ErrUnsupported
}

// Source makes a server a chain.Source that remembers.
func Source(c chain.Chain, driver string, s Server, client *fetch.Client, o chain.Options) (chain.Source, error) {
	return nil, errors.ErrUnsupported
}
