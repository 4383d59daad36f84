package node

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/fetch"
	"github.com/scamtrace/scamtrace/internal/fetch/jsonrpc"
)

// depth is how many blocks above it a block must have to count as final where
// the server does not say.
const depth = 64

// Head implements live.Server: the chain id and the final block in one batch,
// two more requests where the server knows no final block.
func (s *Server) Head(ctx context.Context) (chain.Block, error) {
	head, _, err := s.head(ctx)
	return head, err
}

// head also tells whether the server itself said what is final.
func (s *Server) head(ctx context.Context) (head chain.Block, told bool, err error) {
	replies, err := s.ask(ctx, s.light, "", []jsonrpc.Request{
		{Method: "eth_chainId"},
		{Method: "eth_getBlockByNumber", Params: []any{"finalized", false}},
	})
	if err != nil {
		return chain.Block{}, false, err
	}
	if err := s.settle(ctx, s.light, &replies[0], func(v jsontext.Value, _ bool) error {
		_, err := number(v)
		return err
	}); err != nil {
		return chain.Block{}, false, s.headless(err)
	}
	if id, _ := number(replies[0].value); id != s.number {
		return chain.Block{}, false, fmt.Errorf("%w: endpoint %s answers for chain id %d, the case wants %s (%d): check endpoints.%s.url",
			chain.ErrInput, s.name, id, s.chain.Name, s.number, s.name)
	}
	final := &replies[1]
	if final.err == nil && final.value.Kind() == 'n' || is(final.err, fetch.Unsupported) || is(final.err, fetch.Broken) {
		head, err = s.deep(ctx)
		return head, false, err
	}
	h, err := s.header(ctx, final, nil)
	if err != nil {
		return chain.Block{}, false, s.headless(err)
	}
	return h.block(), true, nil
}

// deep is the block that lies deep enough under the newest.
func (s *Server) deep(ctx context.Context) (chain.Block, error) {
	newest, err := s.headerOf(ctx, "latest")
	if err != nil {
		return chain.Block{}, err
	}
	return s.Block(ctx, newest.height-min(newest.height, depth))
}

// Block implements live.Server.
func (s *Server) Block(ctx context.Context, height uint64) (chain.Block, error) {
	h, err := s.headerOf(ctx, hexText(height))
	if err != nil {
		return chain.Block{}, err
	}
	if h.height != height {
		return chain.Block{}, fmt.Errorf("%w: %s told block %d when it was asked for %d", chain.ErrContradiction, s.name, h.height, height)
	}
	return h.block(), nil
}

// headerOf asks for a header by tag, each time.
func (s *Server) headerOf(ctx context.Context, tag string) (*header, error) {
	replies, err := s.ask(ctx, s.light, "", []jsonrpc.Request{headerRequest(tag)})
	if err != nil {
		return nil, err
	}
	h, err := s.header(ctx, &replies[0], nil)
	return h, s.headless(err)
}

func headerRequest(tag string) jsonrpc.Request {
	return jsonrpc.Request{Method: "eth_getBlockByNumber", Params: []any{tag, false}}
}

// header settles a reply that is a header. More is checked besides the hash.
func (s *Server) header(ctx context.Context, r *reply, more func(h *header) error) (*header, error) {
	var h *header
	err := s.settle(ctx, s.light, r, func(v jsontext.Value, kept bool) error {
		b, err := decodeBlock(v)
		if err != nil {
			return err
		}
		h = &b.header
		if more != nil {
			if err := more(h); err != nil {
				return err
			}
		}
		if kept {
			return nil
		}
		return s.sealed(v, h)
	})
	return h, err
}

// sealed checks the hash of a header where go-ethereum can compute it. A chain
// other than Ethereum whose first header never has the hash that is told has
// headers of its own sort: it is read without this check.
func (s *Server) sealed(v jsontext.Value, h *header) error {
	if !s.strict() {
		return nil
	}
	err := checkHeader(v, h)
	if err == nil {
		s.trusted.Store(true)
	} else if s.number != 1 && !s.trusted.Load() && s.strange.Add(1) >= strangeHeaders {
		return nil
	}
	return err
}

// strangeHeaders is how often a header is asked for before a chain is taken for
// one with headers of its own sort.
const strangeHeaders = 3

// strict reports whether hashes and roots of this chain must be right.
func (s *Server) strict() bool {
	return !foreign(s.chain.ID) && (s.number == 1 || s.trusted.Load() || s.strange.Load() < strangeHeaders)
}

// headless adds the endpoint's name where an error does not have it.
func (s *Server) headless(err error) error {
	var u *untold
	if errors.As(err, &u) {
		return errors.New(u.reason)
	}
	return err
}
