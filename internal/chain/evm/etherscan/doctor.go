package etherscan

import (
	"context"
	"errors"
	"fmt"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/live"
	"github.com/scamtrace/scamtrace/internal/fetch"
)

// Doctor implements live.Doctor with about ten requests.
func (s *Server) Doctor(ctx context.Context) []live.Finding {
	head, err := s.Head(ctx)
	if err != nil {
		return []live.Finding{{What: "key and chain", Text: err.Error(), Advice: s.advice(err)}}
	}
	found := []live.Finding{
		{What: "key and chain", OK: true, Text: fmt.Sprintf("the final block of %s is %d", s.chain.Name, head.Height)},
		s.depth(ctx),
	}
	if own, known, err := s.ownFirst(ctx); err == nil && known && !own {
		found = append(found, live.Finding{
			What: "first block", Text: "it is not that of " + s.chain.Name,
			Advice: "right for a copy of the chain, wrong for the chain itself: check the URL",
		})
	}
	lists := []listing{transactions(), tokens(), internals()}
	for i := range lists {
		found = append(found, s.look(ctx, &lists[i], head))
	}
	return append(found, s.counts(ctx))
}

// advice says what to do about an error.
func (s *Server) advice(err error) string {
	switch classOfError(err) {
	case fetch.Refused:
		return "check the key, its plan, and that the plan has chain id " + s.number
	case fetch.Exhausted:
		return "wait until the quota is renewed, or use another key"
	case fetch.Unsupported:
		return "a Blockscout server has no module=proxy: write etherscan:" + s.name + ",rpc=eth-rpc"
	case fetch.Broken:
		return "check that the URL ends with the path of the interface, such as /v2/api or /api"
	default:
	}
	if errors.Is(err, chain.ErrInput) {
		return "check that the URL is that of a server for " + s.chain.Name
	}
	return "check the URL and the network, and try again"
}

// depth asks for the oldest block that transactions can be in.
func (s *Server) depth(ctx context.Context) live.Finding {
	f := live.Finding{What: "archive depth"}
	if _, err := s.Block(ctx, 1); err != nil {
		f.Text, f.Advice = err.Error(), "the server does not know old blocks: histories may begin late"
		return f
	}
	f.OK, f.Text = true, "block 1 is there"
	return f
}

// lookBack is how many blocks are looked through for rows.
const lookBack = 10_000

// look asks a list of the null address, which has rows on every chain.
func (s *Server) look(ctx context.Context, l *listing, head chain.Block) live.Finding {
	f := live.Finding{What: l.action}
	p := &page{list: *l, address: chain.NullAddress, span: chain.Span{From: head.Height - min(head.Height, lookBack), To: head.Height}, number: 1, rows: pageRows}
	rows, err := s.page(ctx, "", p)
	if err != nil {
		f.Text, f.Advice = err.Error(), s.advice(err)
		if classOfError(err) == fetch.Unsupported {
			f.Advice = "what this list tells will be a gap: add a source that has it"
		}
		return f
	}
	f.OK, f.Text = true, fmt.Sprintf("answers; %d rows of %d asked for", len(rows), pageRows)
	if l.action != tokens().action {
		return f
	}
	for i := range rows {
		if !rows[i].logKnown {
			f.Text += "; no log indexes, so the order of token transfers in a transaction is unknown"
			break
		}
	}
	return f
}

// counts looks whether transactions can be counted.
func (s *Server) counts(ctx context.Context) live.Finding {
	f := live.Finding{What: "proof of completeness"}
	if !s.set.nonce {
		f.Text, f.Advice = "nothing that accounts sent is counted", "leave proof=nonce on unless the quota is too small for it"
		return f
	}
	if _, err := s.sent(ctx, "", chain.NullAddress); err != nil {
		f.Text, f.Advice = err.Error(), s.advice(err)
		return f
	}
	f.OK, f.Text = true, "transactions can be counted"
	return f
}
