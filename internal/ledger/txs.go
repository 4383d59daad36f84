package ledger

import (
	"fmt"
	"math"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// TxID is a transaction of one ledger, dense from 0.
type TxID uint32

// txs are the transactions, by hash. A transaction that is only known as the
// maker of an output someone spends has no height yet.
type txs struct {
	family  chain.Family
	hashes  *interner
	height  []uint32
	index   []uint32
	seconds []uint32
	status  []chain.Status
	told    []bool // in a Book: it has transfers there
}

// add interns the transaction and merges what is told of it.
func (x *txs) add(t *chain.Tx) (TxID, error) {
	if t.Pos.Height > math.MaxUint32 || t.Time < 0 || t.Time > math.MaxUint32 {
		return 0, fmt.Errorf("%w: transaction %s: height %d or time %d out of range", chain.ErrInput, t.Hash.Text(x.family), t.Pos.Height, t.Time)
	}
	id := x.stub(t.Hash)
	height, seconds := uint32(t.Pos.Height), uint32(t.Time)
	if !x.told[id] {
		x.told[id] = true
		x.height[id], x.index[id], x.seconds[id], x.status[id] = height, t.Pos.Index, seconds, t.Status
		return id, nil
	}
	if x.height[id] != height || x.seconds[id] != seconds {
		return 0, fmt.Errorf("%w: transaction %s is told at height %d, time %d and at height %d, time %d",
			chain.ErrContradiction, t.Hash.Text(x.family), x.height[id], x.seconds[id], height, seconds)
	}
	if t.Pos.Index != chain.UnknownIndex && t.Pos.Index != x.index[id] {
		if x.index[id] != chain.UnknownIndex {
			return 0, fmt.Errorf("%w: transaction %s is told at index %d and at index %d of block %d",
				chain.ErrContradiction, t.Hash.Text(x.family), x.index[id], t.Pos.Index, height)
		}
		x.index[id] = t.Pos.Index
	}
	if t.Status != chain.StatusUnknown && t.Status != x.status[id] {
		if x.status[id] != chain.StatusUnknown {
			return 0, fmt.Errorf("%w: transaction %s is told to have failed and to have succeeded", chain.ErrContradiction, t.Hash.Text(x.family))
		}
		x.status[id] = t.Status
	}
	return id, nil
}

// stub interns a hash of which nothing else is known.
func (x *txs) stub(h chain.Hash) TxID {
	id, fresh := x.hashes.intern(h[:])
	if fresh {
		x.height = append(x.height, 0)
		x.index = append(x.index, chain.UnknownIndex)
		x.seconds = append(x.seconds, 0)
		x.status = append(x.status, chain.StatusUnknown)
		x.told = append(x.told, false)
	}
	return TxID(id)
}

func (x *txs) hash(id TxID) (h chain.Hash) {
	copy(h[:], x.hashes.key(uint32(id)))
	return h
}

func (x *txs) at(id TxID) chain.Tx {
	return chain.Tx{
		Hash: x.hash(id), Pos: chain.Pos{Height: uint64(x.height[id]), Index: x.index[id]},
		Time: int64(x.seconds[id]), Status: x.status[id],
	}
}
