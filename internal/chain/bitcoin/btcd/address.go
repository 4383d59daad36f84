package btcd

import (
	"context"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/fault"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/rpc"
	"github.com/scamtrace/scamtrace/internal/fetch"
)

// History implements byaddress.Histories.
func (s *Server) History(ctx context.Context, a chain.Address, q *chain.Question, pin chain.Block) ([]chain.Transfer, []chain.Gap, error) {
	h := history{server: s, pin: rpc.Pin(pin), address: a, span: q.Span, limit: q.Limit, reverse: q.Span.From > 0}
	list, hub, err := h.read(ctx)
	if err != nil {
		return nil, nil, err
	}
	if hub {
		return nil, []chain.Gap{fault.Hub(a, q.Span, q.Limit)}, nil
	}
	blocks, err := s.blocks(ctx, list)
	if err != nil {
		return nil, nil, err
	}
	out := make([]chain.Transfer, len(list))
	for i := range list {
		// The answers must fit: the block has the transaction, stands where the
		// confirmations say, and is the pin where it is as high.
		e := &list[i]
		b := blocks[e.block]
		index := slices.Index(b.Transactions, e.tx.Hash)
		if index < 0 || b.Height != e.height || b.Height == pin.Height && b.Hash != pin.Hash {
			return nil, nil, s.fail(errBlock)
		}
		out[i] = s.scripts.Transfer(&e.tx, chain.Pos{Height: b.Height, Index: uint32(index)}, b.Time, e.spent)
	}
	return out, nil, nil
}

func (s *Server) fail(err error) error {
	return &fetch.Error{Server: s.Name(), Call: "searchrawtransactions", Class: fetch.Broken, Reason: err.Error()}
}

// blocks asks for the blocks of transactions.
func (s *Server) blocks(ctx context.Context, list []entry) (map[chain.Hash]rpc.Header, error) {
	blocks := map[chain.Hash]rpc.Header{}
	var hashes []chain.Hash
	for i := range list {
		if _, ok := blocks[list[i].block]; !ok {
			blocks[list[i].block] = rpc.Header{}
			hashes = append(hashes, list[i].block)
		}
	}
	contents, err := s.Contents(ctx, hashes)
	if err != nil {
		return nil, err
	}
	for _, b := range contents {
		blocks[b.Hash] = b
	}
	return blocks, nil
}
