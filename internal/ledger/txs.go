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
	family chain.Family
	hashes *interner
	facts  []*[factsAChunk]fact
}

// fact is what is told of one transaction beside its hash. It lies in one place
// because a crawl reads all of it for every transfer that it follows.
type fact struct {
	height, index, seconds uint32
	status                 chain.Status
	told                   bool // in a Book: it has transfers there
}

const factsAChunk = 1 << 14

func (x *txs) fact(id TxID) *fact { return &x.facts[id/factsAChunk][id%factsAChunk] }

func (x *txs) len() int { return x.hashes.len() }

// add interns the transaction and merges what is told of it.
func (x *txs) add(t *chain.Tx) (TxID, error) { return x.addHashed(t, x.hashes.hash(t.Hash[:])) }

func (x *txs) addHashed(t *chain.Tx, hash uint64) (TxID, error) {
	if t.Pos.Height > math.MaxUint32 || t.Time < 0 || t.Time > math.MaxUint32 {
		return 0, fmt.Errorf("%w: transaction %s: height %d or time %d out of range", chain.ErrInput, t.Hash.Text(x.family), t.Pos.Height, t.Time)
	}
	id := x.stubHashed(t.Hash[:], hash)
	f := x.fact(id)
	height, seconds := uint32(t.Pos.Height), uint32(t.Time)
	if !f.told {
		*f = fact{height, t.Pos.Index, seconds, t.Status, true}
		return id, nil
	}
	if f.height != height || f.seconds != seconds {
		return 0, fmt.Errorf("%w: transaction %s is told at height %d, time %d and at height %d, time %d",
			chain.ErrContradiction, t.Hash.Text(x.family), f.height, f.seconds, height, seconds)
	}
	if t.Pos.Index != chain.UnknownIndex && t.Pos.Index != f.index {
		if f.index != chain.UnknownIndex {
			return 0, fmt.Errorf("%w: transaction %s is told at index %d and at index %d of block %d",
				chain.ErrContradiction, t.Hash.Text(x.family), f.index, t.Pos.Index, height)
		}
		f.index = t.Pos.Index
	}
	if t.Status != chain.StatusUnknown && t.Status != f.status {
		if f.status != chain.StatusUnknown {
			return 0, fmt.Errorf("%w: transaction %s is told to have failed and to have succeeded", chain.ErrContradiction, t.Hash.Text(x.family))
		}
		f.status = t.Status
	}
	return id, nil
}

// stub interns a hash of which nothing else is known.
func (x *txs) stub(h chain.Hash) TxID { return x.stubHashed(h[:], x.hashes.hash(h[:])) }

func (x *txs) stubHashed(h []byte, hash uint64) TxID {
	id, fresh := x.hashes.internHashed(h, hash)
	if fresh {
		if id%factsAChunk == 0 {
			x.facts = append(x.facts, new([factsAChunk]fact))
		}
		x.fact(TxID(id)).index = chain.UnknownIndex
	}
	return TxID(id)
}

func (x *txs) hash(id TxID) (h chain.Hash) {
	copy(h[:], x.hashes.key(uint32(id)))
	return h
}

func (x *txs) at(id TxID) chain.Tx {
	f := x.fact(id)
	return chain.Tx{
		Hash: x.hash(id), Pos: chain.Pos{Height: uint64(f.height), Index: f.index},
		Time: int64(f.seconds), Status: f.status,
	}
}
