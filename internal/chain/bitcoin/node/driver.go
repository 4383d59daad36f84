// Package node is the source for a Bitcoin node without an index of addresses,
// btcd or Bitcoin Core: it reads every block of the span, whole, and proves each
// by its hash. What was asked costs the same for one address and for a million.
package node

import (
	"context"
	"fmt"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/rpc"
	"github.com/scamtrace/scamtrace/internal/chain/live"
	"github.com/scamtrace/scamtrace/internal/fetch"
)

// Driver returns the driver "bitcoin-node".
func Driver() chain.Driver {
	return chain.Driver{
		Name:   "bitcoin-node",
		Server: true,
		Doc:    "A Bitcoin node without an index of addresses, Bitcoin Core or btcd: every block of the window is read.",
		Ref:    "https://developer.bitcoin.org/reference/rpc/getblock.html",
		Open:   open,
	}
}

func open(_ context.Context, c chain.Chain, o chain.Options) (chain.Source, error) {
	if _, more, _ := strings.Cut(o.Args, ","); more != "" {
		return nil, fmt.Errorf("%w: bitcoin-node:%s: nothing may follow the endpoint's name", chain.ErrInput, o.Args)
	}
	if _, err := bitcoin.ScriptsOf(c); err != nil {
		return nil, fmt.Errorf("%w: bitcoin-node: %w", chain.ErrInput, err)
	}
	client, err := live.Client("bitcoin-node", c, o, live.Defaults{Parallel: 8})
	if err != nil {
		return nil, err
	}
	s, err := New(c, client)
	if err != nil {
		return nil, err
	}
	return live.Source(c, "bitcoin-node", s, client, o)
}

// Server is a node whose blocks are read.
type Server struct {
	*rpc.Server
	scripts bitcoin.Scripts
}

// New returns the server that a client asks.
func New(c chain.Chain, client *fetch.Client) (*Server, error) {
	scripts, err := bitcoin.ScriptsOf(c)
	if err != nil {
		return nil, err
	}
	return &Server{rpc.New(c, client), scripts}, nil
}

// Estimate implements live.Estimator.
func (s *Server) Estimate(_ int, span chain.Span, _ []chain.Kind) (requests int64, note string) {
	blocks := int64(span.To - min(span.From, span.To) + 1)
	return blocks + blocks/leastBlocks + 1, "every block of the window once, whoever is asked for, and some for what transactions spend; later rounds ask for that alone"
}

// Doctor implements live.Doctor.
func (s *Server) Doctor(ctx context.Context) []live.Finding {
	found, ok := s.Examine(ctx)
	if !ok {
		return found
	}
	f := live.Finding{What: "what transactions spend", OK: true}
	head, err := s.Head(ctx)
	if err == nil {
		var w way
		w, err = s.way(ctx, "", head)
		switch w {
		case byUndo:
			f.Text = "the node tells it with each block"
		case byIndex:
			f.Text = "the node has an index of transactions"
		case byWindow:
			f.OK, f.Text = false, "the node tells it only for what the window itself made"
			f.Advice = "use Bitcoin Core 23 or later, or start the node with txindex=1; otherwise the values of older inputs stay unknown"
		}
	}
	if err != nil {
		f.OK, f.Text, f.Advice = false, err.Error(), "look at the node's log"
	}
	return append(found, f)
}
