// Package btcd is the source for a btcd node with an index of addresses
// (--addrindex): each address is asked for alone, with searchrawtransactions.
package btcd

import (
	"context"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/byaddress"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/rpc"
	"github.com/scamtrace/scamtrace/internal/chain/live"
	"github.com/scamtrace/scamtrace/internal/fetch"
)

// Driver returns the driver "btcd".
func Driver() chain.Driver {
	return chain.Driver{
		Name:   "btcd",
		Server: true,
		Doc:    "A btcd node with an index of addresses (--addrindex), asked for one address after the other.",
		Ref:    "https://github.com/btcsuite/btcd/blob/master/docs/json_rpc_api.md",
		Open:   open,
	}
}

func open(_ context.Context, c chain.Chain, o chain.Options) (chain.Source, error) {
	if _, more, _ := strings.Cut(o.Args, ","); more != "" {
		return nil, fmt.Errorf("%w: btcd:%s: nothing may follow the endpoint's name", chain.ErrInput, o.Args)
	}
	if _, err := bitcoin.ScriptsOf(c); err != nil {
		return nil, fmt.Errorf("%w: btcd: %w", chain.ErrInput, err)
	}
	client, err := live.Client("btcd", c, o, live.Defaults{Parallel: 8})
	if err != nil {
		return nil, err
	}
	s, err := New(c, client, fullPage)
	if err != nil {
		return nil, err
	}
	return live.Source(c, "btcd", s, client, o)
}

// Server is a btcd node with an index of addresses.
type Server struct {
	*rpc.Server
	scripts bitcoin.Scripts
	page    int
}

// New returns the server that a client asks, for up to page transactions at once.
func New(c chain.Chain, client *fetch.Client, page int) (*Server, error) {
	scripts, err := bitcoin.ScriptsOf(c)
	if err != nil {
		return nil, err
	}
	return &Server{rpc.New(c, client), scripts, page}, nil
}

// Plan implements live.Server: a part asks for a share of the addresses.
func (s *Server) Plan(_ context.Context, q chain.Question, pin chain.Block) ([]chain.Part, error) {
	return byaddress.Plan(s, q, pin), nil
}

// Estimate implements live.Estimator.
func (s *Server) Estimate(addresses int, span chain.Span, _ []chain.Kind) (requests int64, note string) {
	const active = 20 // blocks
	blocks := min(int64(addresses)*active, int64(span.To-min(span.From, span.To)+1))
	return 2*int64(addresses) + blocks/active + 1, fmt.Sprintf("two for each address, more for those with over %d transactions, and the blocks they are in, %d at once", s.page, active)
}

// Doctor implements live.Doctor.
func (s *Server) Doctor(ctx context.Context) []live.Finding {
	found, ok := s.Examine(ctx)
	if !ok {
		return found
	}
	nobody := s.scripts.Address(append([]byte{0, 20}, make([]byte, 20)...))
	f := live.Finding{What: "index of addresses", OK: true, Text: "there"}
	if err := s.Ask(ctx, rpc.Query{
		Method: "searchrawtransactions", Params: []any{nobody, 1, 0, 1, 1, false},
		Read: func(v jsontext.Value) error {
			_, err := decodePage(v, s.scripts, 1, false)
			return err
		},
	}); err != nil {
		f.OK, f.Text, f.Advice = false, err.Error(), "start btcd with --txindex --addrindex, or use bitcoin-node, which reads whole blocks"
	}
	return append(found, f)
}
