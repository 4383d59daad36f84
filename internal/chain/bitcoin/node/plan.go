package node

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/fault"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/rpc"
	"github.com/scamtrace/scamtrace/internal/fetch"
)

// A span is cut into at most mostParts parts of at least leastBlocks blocks.
const mostParts, leastBlocks = 1024, 10

// Plan implements live.Server: a part reads a range of blocks.
func (s *Server) Plan(ctx context.Context, q chain.Question, pin chain.Block) ([]chain.Part, error) {
	if len(q.Kinds) > 0 && !slices.Contains(q.Kinds, chain.Output) || len(q.Addresses) == 0 {
		return nil, nil
	}
	w, err := s.way(ctx, rpc.Pin(pin), pin)
	if err != nil {
		return nil, err
	}
	one := part{server: s, way: w, addresses: slices.Sorted(maps.Keys(q.Addresses)), span: q.Span, pin: pin}
	if w == byWindow {
		return []chain.Part{&one}, nil
	}
	blocks := q.Span.To - q.Span.From + 1
	size := max(leastBlocks, (blocks+mostParts-1)/mostParts)
	var parts []chain.Part
	for from := q.Span.From; from <= q.Span.To; from += size {
		p := one
		p.span = chain.Span{From: from, To: min(q.Span.To, from+size-1)}
		parts = append(parts, &p)
	}
	return parts, nil
}

// part reads a range of blocks.
type part struct {
	server    *Server
	way       way
	addresses []chain.Address
	span      chain.Span
	pin       chain.Block
}

// Ask implements chain.Part.
func (p *part) Ask(ctx context.Context, emit func(*chain.Transfer) error) ([]chain.Gap, error) {
	l, strange := newLook(p.server.scripts, p.addresses)
	var gaps []chain.Gap
	for _, a := range strange {
		gaps = append(gaps, fault.Missing(a, p.span, "it is no address of the network"))
	}
	told, err := p.read(ctx, l)
	switch {
	case err != nil && fault.Fatal(err):
		return nil, err
	case err != nil:
		for _, a := range l.asked {
			gaps = append(gaps, fault.Missing(a, p.span, fault.Why(err)))
		}
		sortGaps(gaps)
		return gaps, nil
	}
	for i := range told {
		if err := emit(&told[i]); err != nil {
			return nil, err
		}
	}
	if l.unsure {
		gaps = append(gaps, chain.Gap{
			Kind: chain.Output, Span: p.span, Effect: chain.Unproved,
			Reason: p.server.Name() + ": it does not tell the value of some inputs: it has no index of transactions",
		})
	}
	if l.hidden {
		for _, a := range l.secret {
			gaps = append(gaps, fault.Missing(a, p.span, p.server.Name()+": it does not tell what taproot inputs spend: it has no index of transactions"))
		}
	}
	sortGaps(gaps)
	return gaps, nil
}

func sortGaps(gaps []chain.Gap) {
	slices.SortFunc(gaps, func(a, b chain.Gap) int {
		return slices.Compare([]string{string(a.Address), a.Reason}, []string{string(b.Address), b.Reason})
	})
}

// read returns the transfers of the range in the order of the chain.
func (p *part) read(ctx context.Context, l *look) ([]chain.Transfer, error) {
	if p.way == byWindow {
		return p.upwards(ctx, l)
	}
	find := p.server.byIndex
	if p.way == byUndo {
		find = p.server.byUndo
	}
	return p.downwards(ctx, l, find)
}

// downwards goes from block to block by the hashes that they name, so that the
// chain is proved, and no height has to be asked for but the first.
func (p *part) downwards(ctx context.Context, l *look, find spent) ([]chain.Transfer, error) {
	hash, err := p.hashAt(ctx, p.span.To)
	if err != nil {
		return nil, err
	}
	var below chain.Hash
	if p.span.From > 0 {
		if below, err = p.hashAt(ctx, p.span.From-1); err != nil {
			return nil, err
		}
	}
	var byBlock [][]chain.Transfer
	for height := p.span.To; ; height-- {
		b, err := p.server.block(ctx, hash)
		if err != nil {
			return nil, err
		}
		told, err := l.block(ctx, b, height, find)
		if err != nil {
			return nil, err
		}
		byBlock = append(byBlock, told)
		hash = b.Previous
		if height == p.span.From {
			break
		}
	}
	if hash != below {
		return nil, p.broken(fmt.Sprintf("block %d does not follow the one below", p.span.From))
	}
	slices.Reverse(byBlock)
	return slices.Concat(byBlock...), nil
}

// upwards reads the blocks in their order and remembers what they make.
func (p *part) upwards(ctx context.Context, l *look) ([]chain.Transfer, error) {
	w := window{coins: map[chain.Outpoint]output{}}
	var told []chain.Transfer
	var last chain.Hash
	for height := p.span.From; height <= p.span.To; height++ {
		hash, err := p.hashAt(ctx, height)
		if err != nil {
			return nil, err
		}
		b, err := p.server.block(ctx, hash)
		if err != nil {
			return nil, err
		}
		if height > p.span.From && b.Previous != last {
			return nil, p.broken(fmt.Sprintf("block %d does not follow the one below", height))
		}
		some, err := l.block(ctx, b, height, w.spent)
		if err != nil {
			return nil, err
		}
		told = append(told, some...)
		w.add(b)
		last = hash
	}
	return told, nil
}

func (p *part) broken(reason string) error {
	return &fetch.Error{Server: p.server.Name(), Call: "getblock", Class: fetch.Broken, Reason: reason}
}

func (p *part) hashAt(ctx context.Context, height uint64) (chain.Hash, error) {
	if height == p.pin.Height {
		return p.pin.Hash, nil
	}
	return p.server.HashAt(ctx, rpc.Pin(p.pin), height)
}

// block is the block of a hash, proved by it. It cannot change, so the archive
// keeps it under its own hash: once for all questions and nights.
func (s *Server) block(ctx context.Context, hash chain.Hash) (b *bitcoin.Block, err error) {
	pin := hash.Text(chain.UTXO)
	err = s.Ask(ctx, rpc.Query{Pin: pin, Method: "getblock", Params: []any{pin, 0}, Read: func(v jsontext.Value) error {
		raw, err := unhex(v)
		if err != nil {
			return err
		}
		if b, err = bitcoin.ParseBlock(raw); err != nil {
			return err
		}
		if b.Hash != hash {
			return errNotBlock
		}
		return nil
	}})
	return b, err
}
