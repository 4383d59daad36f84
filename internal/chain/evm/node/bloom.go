package node

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/trie"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/fetch"
	"github.com/scamtrace/scamtrace/internal/fetch/jsonrpc"
)

// How much of a window is checked against the blooms of its headers. A bloom
// that has the bits of a Transfer and of an asked address, in a block of which
// no such log was told, is a suspicion: on a busy chain mostly a false one,
// since the blooms are full. The receipts of the block decide.
const (
	// wholeWindow is up to how many blocks every header is read; of a longer
	// window sampledHeaders are, evenly spread.
	wholeWindow    = 50_000
	sampledHeaders = 1000
	// suspectBlocks is up to how many suspicious blocks in a window are looked
	// at; if there are more, sampledSuspects of them are, evenly spread.
	suspectBlocks   = 200
	sampledSuspects = 32
)

// window is what is known of the headers of a unit's blocks.
func (s *Server) window(ctx context.Context, q *inquiry, span chain.Span) (map[uint64]*header, error) {
	all := q.Span.To - q.Span.From + 1
	if all <= wholeWindow {
		return s.dense(ctx, q, span)
	}
	step := all / sampledHeaders
	var heights []uint64
	for h := span.From + (step-(span.From-q.Span.From)%step)%step; h <= span.To; h += step {
		heights = append(heights, h)
	}
	return s.sparse(ctx, q, heights)
}

// bloomed checks the logs of a unit against the headers that are known: each
// must be of the block that it names, with its time, and be in its bloom.
func bloomed(headers map[uint64]*header, logs []entry, transfer *bits) error {
	for i := range logs {
		e := &logs[i]
		h := headers[e.height]
		if h == nil {
			continue
		}
		if e.block != h.hash || e.time >= 0 && e.time != h.time {
			return lief("a log of block %d is of another block", e.height)
		}
		from, to, token := bitsOf(word(e.from)), bitsOf(word(e.to)), bitsOf(e.token[:])
		if !transfer.in(&h.bloom) || !from.in(&h.bloom) || !to.in(&h.bloom) || !token.in(&h.bloom) {
			return lief("a log that was told of block %d is not in the block's bloom", e.height)
		}
	}
	return nil
}

// sighting is an address in a block.
type sighting struct {
	height  uint64
	address int
}

// suspects lists the blocks whose bloom has an address of the list of which no
// log was told there.
func suspects(headers map[uint64]*header, logs []entry, list []int, q *inquiry) []uint64 {
	seen := map[sighting]bool{}
	for i := range logs {
		for _, a := range [2][20]byte{logs[i].from, logs[i].to} {
			if at, ok := q.at[a]; ok {
				seen[sighting{logs[i].height, at}] = true
			}
		}
	}
	var out []uint64
	for _, height := range slices.Sorted(maps.Keys(headers)) {
		h := headers[height]
		if !q.signature.in(&h.bloom) {
			continue
		}
		for _, at := range list {
			if q.words[at].in(&h.bloom) && !seen[sighting{height, at}] {
				out = append(out, height)
				break
			}
		}
	}
	return out
}

// some takes the share of the suspicious blocks that is looked at.
func some(heights []uint64, span chain.Span, q *inquiry) []uint64 {
	share := func(n uint64) uint64 {
		return max(1, n*(span.To-span.From+1)/(q.Span.To-q.Span.From+1))
	}
	if uint64(len(heights)) <= share(suspectBlocks) {
		return heights
	}
	n := min(share(sampledSuspects), uint64(len(heights)))
	out := make([]uint64, n)
	for i := range out {
		out[i] = heights[uint64(i)*uint64(len(heights))/n]
	}
	return out
}

// transfersIn are all ERC-20 Transfers of blocks, from their receipts, or where
// the server does not give those for a whole block, from its logs.
func (s *Server) transfersIn(ctx context.Context, q *inquiry, heights []uint64, headers map[uint64]*header) ([]entry, error) {
	var out []entry
	const together = 16
	for from := 0; from < len(heights); from += together {
		some := heights[from:min(from+together, len(heights))]
		rs := make([]jsonrpc.Request, len(some))
		for i, h := range some {
			rs[i] = jsonrpc.Request{Method: "eth_getBlockReceipts", Params: []any{hexText(h)}}
		}
		replies, err := s.ask(ctx, s.heavy, q.pinText, rs)
		if err != nil {
			return nil, err
		}
		for i := range replies {
			h := headers[some[i]]
			found, err := s.receiptLogs(ctx, &replies[i], h)
			if is(err, fetch.Unsupported) {
				found, err = s.blockLogs(ctx, q, h)
			}
			if err != nil {
				return nil, err
			}
			out = append(out, found...)
		}
	}
	return out, nil
}

func (s *Server) receiptLogs(ctx context.Context, r *reply, h *header) (found []entry, err error) {
	err = s.settle(ctx, s.heavy, r, func(v jsontext.Value, kept bool) error {
		found = found[:0]
		if v.Kind() == 'n' {
			return fmt.Errorf("the list of receipts %w", errNull)
		}
		w := walk(v)
		var rc receipt
		var logs logReader
		err := w.array(func(int) error {
			return rc.read(w, &logs, func(e *entry) {
				if e.transfer && e.height == h.height {
					found = append(found, *e)
				}
			})
		})
		if err != nil || kept || !s.strict() {
			return err
		}
		var list types.Receipts
		if err := json.Unmarshal(v, &list); err != nil {
			return fmt.Errorf("receipts of block %d: %w", h.height, errForeign)
		}
		if chain.Hash(types.DeriveSha(list, trie.NewListHasher())) != h.receiptRoot {
			return lief("the receipts of block %d are not those of its header", h.height)
		}
		return nil
	})
	return found, err
}

// blockLogs asks for the Transfers of one block by its hash.
func (s *Server) blockLogs(ctx context.Context, q *inquiry, h *header) (found []entry, err error) {
	type byHash struct {
		BlockHash string `json:"blockHash"`
		Topics    []any  `json:"topics"`
	}
	r := jsonrpc.Request{Method: "eth_getLogs", Params: []any{byHash{h.hash.Text(chain.Account), []any{transferTopic}}}}
	err = s.one(ctx, s.light, q.pinText, r, func(v jsontext.Value, _ bool) error {
		found = found[:0]
		return decodeLogs(v, func(e *entry) error {
			if e.transfer {
				found = append(found, *e)
			}
			return nil
		})
	})
	return found, err
}
