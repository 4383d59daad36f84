package anvil

import (
	"context"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/scamtrace/scamtrace/internal/chaintest/evmnode"
)

// Replay mines the transactions of a plain story, block by block, with the same
// heights, times, order, hashes and fees. What differs: block hashes; and who
// pays was given ether above block 0, not in it.
func (s *Server) Replay(ctx context.Context, story *evmnode.Story) error {
	if !story.Plot.Plain {
		return errors.New("a story with withdrawals and blobs cannot be replayed: tell a plain one")
	}
	for address, a := range story.Genesis.Alloc {
		if a.Balance != nil && a.Balance.Sign() > 0 {
			if err := s.Call(ctx, nil, "anvil_setBalance", address, hexutil.EncodeBig(a.Balance)); err != nil {
				return err
			}
		}
	}
	if err := s.Call(ctx, nil, "anvil_setCoinbase", story.Cast.Miner); err != nil {
		return err
	}
	for _, b := range story.Blocks {
		if err := s.mine(ctx, b); err != nil {
			return fmt.Errorf("block %d: %w", b.NumberU64(), err)
		}
	}
	return nil
}

func (s *Server) mine(ctx context.Context, b *types.Block) error {
	if err := s.Call(ctx, nil, "evm_setNextBlockTimestamp", hexutil.Uint64(b.Time())); err != nil {
		return err
	}
	if err := s.Call(ctx, nil, "anvil_setNextBlockBaseFeePerGas", hexutil.EncodeBig(b.BaseFee())); err != nil {
		return err
	}
	for _, tx := range b.Transactions() {
		raw, err := tx.MarshalBinary()
		if err != nil {
			return err
		}
		if err := s.Call(ctx, nil, "eth_sendRawTransaction", hexutil.Bytes(raw)); err != nil {
			return err
		}
	}
	return s.Call(ctx, nil, "evm_mine")
}
