package etherscan

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/ethereum/go-ethereum/core/types"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/fetch"
)

// Head implements live.Server: the block that the server calls final, or the one
// so many blocks below the newest. A server that has another chain's first
// block is refused.
func (s *Server) Head(ctx context.Context) (chain.Block, error) {
	if err := s.checkChain(ctx); err != nil {
		return chain.Block{}, err
	}
	if s.set.asked {
		b, err := s.block(ctx, "finalized")
		if err == nil || !isAnswer(err) {
			return b, err
		}
	}
	v, err := s.rpc(ctx, "", "eth_blockNumber", isQuantity)
	if err != nil {
		return chain.Block{}, err
	}
	newest, err := quantity(v)
	if err != nil {
		return chain.Block{}, err
	}
	if newest < s.set.final {
		return chain.Block{}, fmt.Errorf("%s: the newest block is %d, so none is final yet: %d must follow", s.name, newest, s.set.final)
	}
	return s.Block(ctx, newest-s.set.final)
}

// Block implements live.Server.
func (s *Server) Block(ctx context.Context, height uint64) (chain.Block, error) {
	b, err := s.block(ctx, "0x"+strconv.FormatUint(height, 16))
	if errors.Is(err, errNoBlock) {
		return b, fmt.Errorf("%s has no block %d", s.name, height)
	}
	if err == nil && b.Height != height {
		return b, fmt.Errorf("%w: %s tells block %d for block %d", chain.ErrContradiction, s.name, b.Height, height)
	}
	return b, err
}

// isAnswer reports whether a server that was asked for its final block said, in
// whatever words, that it knows none. A wrong key is said again to the next
// request.
func isAnswer(err error) bool {
	if errors.Is(err, errNoBlock) {
		return true
	}
	switch classOfError(err) {
	case fetch.Unsupported, fetch.Refused, fetch.Pruned, fetch.Broken:
		return true
	default:
		return false
	}
}

var errNoBlock = errors.New("the server has no such block")

// block asks for a block by its tag.
func (s *Server) block(ctx context.Context, tag string) (chain.Block, error) {
	good := func(v jsontext.Value) error {
		if v.Kind() == 'n' {
			return nil
		}
		_, err := s.readBlock(v)
		return err
	}
	v, err := s.rpc(ctx, "", "eth_getBlockByNumber", good, param{"tag", tag}, param{"boolean", false})
	if err != nil {
		return chain.Block{}, err
	}
	if v.Kind() == 'n' {
		return chain.Block{}, errNoBlock
	}
	return s.readBlock(v)
}

// readBlock reads a block and holds its hash against its header where the header
// is one of Ethereum's own and holds nothing that is not known here.
func (s *Server) readBlock(v jsontext.Value) (chain.Block, error) {
	var b struct {
		Number field `json:"number"`
		Hash   field `json:"hash"`
		Time   field `json:"timestamp"`
	}
	if err := json.Unmarshal(v, &b); err != nil {
		return chain.Block{}, fmt.Errorf("the result is not a block: %w", err)
	}
	height, err := hexNumber(b.Number.text, "number")
	if err != nil {
		return chain.Block{}, err
	}
	seconds, err := hexNumber(b.Time.text, "timestamp")
	if err != nil {
		return chain.Block{}, err
	}
	hash, err := chain.ParseHash(b.Hash.text)
	if err != nil {
		return chain.Block{}, fmt.Errorf("hash: %w", err)
	}
	if ethereumHeaders(s.chain.ID) {
		if got, known := headerHash(v); known && got != hash {
			return chain.Block{}, errors.New("the hash of the block is not that of its header")
		}
	}
	return chain.Block{Height: height, Hash: hash, Time: int64(seconds)}, nil
}

func hexNumber(text, name string) (uint64, error) {
	digits, ok := strings.CutPrefix(text, "0x")
	n, err := strconv.ParseUint(digits, 16, 63)
	if !ok || err != nil {
		return 0, fmt.Errorf("%s %q is not a quantity", name, clip(text))
	}
	return n, nil
}

// headerHash computes the hash of a block's header. known is false if a field
// of the header is missing, or if there are more than are known here: a fork
// that this program is older than.
func headerHash(v jsontext.Value) (hash chain.Hash, known bool) {
	var members map[string]jsontext.Value
	if err := json.Unmarshal(v, &members); err != nil {
		return hash, false
	}
	for name := range members {
		if !headerField(name) {
			return hash, false
		}
	}
	var h types.Header
	if err := h.UnmarshalJSON(v); err != nil {
		return hash, false
	}
	return chain.Hash(h.Hash()), true
}

// headerField lists what a block may have: the fields of a header, and what
// nodes add to them.
func headerField(name string) bool {
	switch name {
	case "parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot", "logsBloom", "difficulty",
		"number", "gasLimit", "gasUsed", "timestamp", "extraData", "mixHash", "nonce", "baseFeePerGas", "withdrawalsRoot",
		"blobGasUsed", "excessBlobGas", "parentBeaconBlockRoot", "requestsHash",
		"hash", "size", "totalDifficulty", "transactions", "uncles", "withdrawals":
		return true
	}
	return false
}

// ethereumHeaders reports whether a chain's headers are hashed as Ethereum's.
func ethereumHeaders(id chain.ID) bool {
	switch id {
	case "eip155:1", "eip155:11155111", "eip155:17000", "eip155:560048", "eip155:1337", "eip155:31337":
		return true
	}
	return false
}
