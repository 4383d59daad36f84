package anvil

import (
	"context"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/params"

	"github.com/scamtrace/scamtrace/internal/chaintest/evmnode"
)

// Replay mines the story's transactions, block by block, with the same heights,
// times, order, hashes and fees. Block hashes differ, and who pays was given
// ether above block 0, not in it. Of a story that is not plain, transactions
// with blobs are left out, since anvil wants the blobs, and what they and
// withdrawals gave is simply there.
func (s *Server) Replay(ctx context.Context, story *evmnode.Story) error {
	signer := types.LatestSigner(story.Genesis.Config)
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
		if err := s.mine(ctx, signer, b); err != nil {
			return fmt.Errorf("block %d: %w", b.NumberU64(), err)
		}
	}
	return nil
}

func (s *Server) mine(ctx context.Context, signer types.Signer, b *types.Block) error {
	if err := s.Call(ctx, nil, "evm_setNextBlockTimestamp", hexutil.Uint64(b.Time())); err != nil {
		return err
	}
	if err := s.Call(ctx, nil, "anvil_setNextBlockBaseFeePerGas", hexutil.EncodeBig(b.BaseFee())); err != nil {
		return err
	}
	for _, tx := range b.Transactions() {
		if err := s.send(ctx, signer, tx); err != nil {
			return err
		}
	}
	if err := s.Call(ctx, nil, "evm_mine"); err != nil {
		return err
	}
	for _, w := range b.Withdrawals() {
		gwei := big.NewInt(params.GWei)
		if err := s.credit(ctx, w.Address, gwei.Mul(gwei, new(big.Int).SetUint64(w.Amount))); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) send(ctx context.Context, signer types.Signer, tx *types.Transaction) error {
	if tx.Type() == types.BlobTxType {
		from, err := types.Sender(signer, tx)
		if err != nil {
			return err
		}
		if err := s.credit(ctx, *tx.To(), tx.Value()); err != nil {
			return err
		}
		return s.Call(ctx, nil, "anvil_setNonce", from, hexutil.Uint64(tx.Nonce()+1))
	}
	raw, err := tx.MarshalBinary()
	if err != nil {
		return err
	}
	return s.Call(ctx, nil, "eth_sendRawTransaction", hexutil.Bytes(raw))
}

// credit gives what a transaction that was left out or a withdrawal gave, so
// that it can be spent.
func (s *Server) credit(ctx context.Context, to common.Address, value *big.Int) error {
	var balance hexutil.Big
	if err := s.Call(ctx, &balance, "eth_getBalance", to, "latest"); err != nil {
		return err
	}
	return s.Call(ctx, nil, "anvil_setBalance", to, hexutil.EncodeBig(value.Add(value, balance.ToInt())))
}
