// Package esplora is the source for servers that speak Esplora's HTTP protocol:
// Blockstream's, mempool.space, or one's own electrs.
package esplora

import (
	"context"
	"fmt"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin"
	"github.com/scamtrace/scamtrace/internal/chain/live"
)

// Driver returns the driver "esplora".
func Driver() chain.Driver {
	return chain.Driver{
		Name:   "esplora",
		Server: true,
		Doc:    "An Esplora server (electrs, mempool.space), asked for one address after the other; with \",index\" after the endpoint's name also for the place of each transaction in its block, which takes two requests a block.",
		Ref:    "https://github.com/Blockstream/esplora/blob/master/API.md",
		Open:   open,
	}
}

// politeRate is how many requests a second public servers stand, as far as is
// known: they publish no number.
const politeRate = 4

func open(_ context.Context, c chain.Chain, o chain.Options) (chain.Source, error) {
	_, more, _ := strings.Cut(o.Args, ",")
	if more != "" && more != "index" {
		return nil, fmt.Errorf("%w: esplora:%s: after the endpoint's name there may be \"index\", not %q", chain.ErrInput, o.Args, more)
	}
	if _, err := bitcoin.ScriptsOf(c); err != nil {
		return nil, fmt.Errorf("%w: esplora: %w", chain.ErrInput, err)
	}
	client, err := live.Client("esplora", c, o, live.Defaults{Rate: politeRate, Burst: politeRate, Parallel: 4})
	if err != nil {
		return nil, err
	}
	s, err := New(c, client, more != "")
	if err != nil {
		return nil, err
	}
	return live.Source(c, "esplora", s, client, o)
}

// Estimate implements live.Estimator.
func (s *Server) Estimate(addresses int, _ chain.Span, _ []chain.Kind) (requests int64, note string) {
	const active = 20 // transactions
	requests, note = 2*int64(addresses), fmt.Sprintf("two for each address, one more for every %d transactions", fullPage)
	if s.index {
		requests, note = requests+2*active*int64(addresses), note+fmt.Sprintf(", two for each block, of which %d an address were taken", active)
	}
	return requests, note
}

// Doctor implements live.Doctor.
func (s *Server) Doctor(ctx context.Context) []live.Finding {
	head, err := s.Head(ctx)
	if err != nil {
		return []live.Finding{{What: "chain", Text: err.Error(), Advice: "look at the endpoint's url: it ends in /api for most servers, /testnet/api for the test network"}}
	}
	return []live.Finding{
		{What: "chain", OK: true, Text: s.chain.Name},
		{What: "newest final block", OK: true, Text: fmt.Sprintf("%d, of second %d (UTC), %s", head.Height, head.Time, head.Hash.Text(chain.UTXO))},
		s.wholeAddress(ctx),
	}
}

// wholeAddress looks whether the pages of an address add up.
func (s *Server) wholeAddress(ctx context.Context) live.Finding {
	f := live.Finding{What: "address listing", OK: true, Text: "it adds up"}
	nobody := s.scripts.Address(append([]byte{0, 20}, make([]byte, 20)...))
	_, gaps, err := s.History(ctx, nobody, &chain.Question{Span: chain.Span{To: 1<<63 - 1}, Limit: fullPage}, chain.Block{})
	for _, g := range gaps {
		if g.Effect != chain.Hub {
			f.OK, f.Text, f.Advice = false, g.Reason, "the server is still indexing, or broken: use another"
		}
	}
	if err != nil {
		f.OK, f.Text, f.Advice = false, err.Error(), "the server is still indexing, or broken: use another"
	}
	return f
}
