package btcnode

import (
	"math/big"
	"time"

	"github.com/btcsuite/btcd/blockchain"
	"github.com/btcsuite/btcd/btcutil/v2"
	"github.com/btcsuite/btcd/chainhash/v2"
	"github.com/btcsuite/btcd/mining"
	"github.com/btcsuite/btcd/txscript/v2"
	"github.com/btcsuite/btcd/wire/v2"
)

// The first block is of 1 January 2023, and then there is one every ten minutes,
// in seconds.
const beginning, spacing = 1_672_531_200, 600

// assemble makes a block of a time on top of another. The nonce is the first that does,
// so that equal stories have equal hashes.
func assemble(prev *wire.MsgBlock, height int, miner *Party, at, extra int64, txs []*wire.MsgTx) *wire.MsgBlock {
	coinbase := wire.NewMsgTx(2)
	coinbase.AddTxIn(&wire.TxIn{
		PreviousOutPoint: *wire.NewOutPoint(&chainhash.Hash{}, wire.MaxPrevOutIndex),
		SignatureScript:  must(txscript.NewScriptBuilder().AddInt64(int64(height)).AddInt64(extra).Script()),
		Sequence:         wire.MaxTxInSequenceNum,
	})
	coinbase.AddTxOut(wire.NewTxOut(blockchain.CalcBlockSubsidy(int32(height), params()), miner.script))
	all := []*btcutil.Tx{btcutil.NewTx(coinbase)}
	segwit := false
	for _, tx := range txs {
		segwit = segwit || tx.HasWitness()
		all = append(all, btcutil.NewTx(tx))
	}
	if segwit {
		mining.AddWitnessCommitment(all[0], all)
		all[0] = btcutil.NewTx(coinbase)
	}
	block := &wire.MsgBlock{Header: wire.BlockHeader{
		Version: 4, PrevBlock: prev.BlockHash(), MerkleRoot: blockchain.CalcMerkleRoot(all, false),
		Timestamp: time.Unix(at, 0), Bits: params().PowLimitBits,
	}}
	for _, tx := range all {
		_ = block.AddTransaction(tx.MsgTx())
	}
	target := new(big.Int).Set(params().PowLimit)
	for {
		hash := block.Header.BlockHash()
		if blockchain.HashToBig(&hash).Cmp(target) <= 0 {
			return block
		}
		block.Header.Nonce++
	}
}
