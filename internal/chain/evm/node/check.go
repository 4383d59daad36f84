package node

import (
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/trie"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// lie is a failed check of facts that cannot both be true. What is told again
// after it was asked for again is a contradiction.
type lie struct{ text string }

func (e *lie) Error() string { return e.text }

func lief(format string, args ...any) error { return &lie{fmt.Sprintf(format, args...)} }

// sealOf recomputes a block's hash from its header.
func sealOf(v jsontext.Value) (*types.Header, chain.Hash, error) {
	var h types.Header
	if err := json.Unmarshal(v, &h); err != nil {
		return nil, chain.Hash{}, errors.New("the header is not what go-ethereum knows")
	}
	return &h, chain.Hash(h.Hash()), nil
}

// checkHeader compares a header's hash with the header.
func checkHeader(v jsontext.Value, h *header) error {
	_, seal, err := sealOf(v)
	if err != nil || seal != h.hash {
		return lief("block %d does not have the hash that is told with it", h.height)
	}
	return nil
}

// body is what stands below a header.
type body struct {
	Transactions []*types.Transaction `json:"transactions"`
	Withdrawals  []*types.Withdrawal  `json:"withdrawals"`
}

// checkBody compares the transactions and withdrawals of a block with its
// roots. It returns the transactions for checkReceipts.
func checkBody(v jsontext.Value, b *block) ([]*types.Transaction, error) {
	var x body
	if err := json.Unmarshal(v, &x); err != nil {
		return nil, fmt.Errorf("block %d: %w", b.height, errForeign)
	}
	if chain.Hash(types.DeriveSha(types.Transactions(x.Transactions), trie.NewListHasher())) != b.txRoot {
		return nil, lief("the transactions of block %d are not those of its header", b.height)
	}
	for i, tx := range x.Transactions {
		if chain.Hash(tx.Hash()) != b.txs[i].hash {
			return nil, lief("transaction %d of block %d does not have the hash that is told with it", i, b.height)
		}
	}
	if b.withdrawal != (chain.Hash{}) && chain.Hash(types.DeriveSha(types.Withdrawals(x.Withdrawals), trie.NewListHasher())) != b.withdrawal {
		return nil, lief("the withdrawals of block %d are not those of its header", b.height)
	}
	return x.Transactions, nil
}

// errForeign is of transactions and receipts of a sort that only their own
// chain knows.
var errForeign = errors.New("go-ethereum does not know all that is in it")

// checkReceipts compares the receipts of a block with its root, and what the
// root does not cover with the transactions.
func checkReceipts(v jsontext.Value, b *block, txs []*types.Transaction) error {
	var list types.Receipts
	if err := json.Unmarshal(v, &list); err != nil {
		return fmt.Errorf("receipts of block %d: %w", b.height, errForeign)
	}
	if chain.Hash(types.DeriveSha(list, trie.NewListHasher())) != b.receiptRoot {
		return lief("the receipts of block %d are not those of its header", b.height)
	}
	if len(list) != len(txs) {
		return lief("block %d has %d transactions and %d receipts", b.height, len(txs), len(list))
	}
	var base *big.Int
	if b.hasBaseFee {
		base = b.baseFee.ToBig()
	}
	before, logs := uint64(0), uint(0)
	for i, r := range list {
		if r.GasUsed != r.CumulativeGasUsed-before {
			return lief("the gas of transaction %d of block %d does not add up", i, b.height)
		}
		before = r.CumulativeGasUsed
		price := txs[i].GasPrice()
		if base != nil {
			price = new(big.Int).Add(base, txs[i].GasTipCap())
			if price.Cmp(txs[i].GasFeeCap()) > 0 {
				price = txs[i].GasFeeCap()
			}
		}
		if r.EffectiveGasPrice != nil && r.EffectiveGasPrice.Cmp(price) != 0 {
			return lief("the gas price of transaction %d of block %d is not what its sender allowed", i, b.height)
		}
		for _, l := range r.Logs {
			if l.Index != logs {
				return lief("the logs of block %d are not numbered in order", b.height)
			}
			logs++
		}
	}
	return nil
}

// bits are where a bloom has a 1 for a value, each in a byte.
type bits [3]struct {
	at   uint8
	mask byte
}

// bitsOf says which bits of a bloom stand for a value.
func bitsOf(value []byte) bits {
	var b types.Bloom
	b.Add(value)
	var out bits
	n := 0
	for i, x := range b {
		for x != 0 && n < len(out) {
			low := x & -x
			out[n].at, out[n].mask = uint8(i), low
			x &^= low
			n++
		}
	}
	for ; n > 0 && n < len(out); n++ { // two of the three were the same bit
		out[n] = out[0]
	}
	return out
}

func (b *bits) in(bloom *types.Bloom) bool {
	return bloom[b[0].at]&b[0].mask != 0 && bloom[b[1].at]&b[1].mask != 0 && bloom[b[2].at]&b[2].mask != 0
}

// word is an address as a topic.
func word(a [20]byte) []byte { return common.LeftPadBytes(a[:], 32) }

// foreign reports whether a chain is known to have headers, transactions or
// receipts that go-ethereum cannot hash: rollups, and chains with rules of
// their own for who may write a block.
func foreign(id chain.ID) bool {
	return slices.Contains([]chain.ID{
		"eip155:10", "eip155:56", "eip155:97", "eip155:100", "eip155:137", "eip155:324", "eip155:8453", "eip155:42161", "eip155:43114",
		"eip155:59144", "eip155:80002", "eip155:84532", "eip155:421614", "eip155:534352", "eip155:11155420",
	}, id)
}
