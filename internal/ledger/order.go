package ledger

import (
	"bytes"
	"cmp"
	"math"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// txKey sorts transactions along the chain. A source that has only token
// transfers does not know where in its block a transaction stands, but it knows
// the log index, which grows with it. So a transaction of unknown index stands
// behind the last transaction of known index whose logs come before its own.
type txKey struct {
	place  uint64 // height, then index+1 of the last known transaction
	within uint64 // 0 for that one itself; else 1, depth, first log index
	id     TxID
}

// chainOrder returns the transactions of the kept transfers in chain order.
func (l *Ledger) chainOrder(keep []bool) []TxID {
	logs := make([]uint32, len(l.txs.height))
	used := make([]bool, len(l.txs.height))
	for i := range logs {
		logs[i] = math.MaxUint32
	}
	for i, tx := range l.tx {
		if !keep[i] {
			continue
		}
		used[tx] = true
		if l.kind[i] == chain.Token {
			logs[tx] = min(logs[tx], l.ordinal[i])
		}
	}
	var keys []txKey
	blind := map[uint32]bool{} // blocks with a transaction of unknown index
	for id, u := range used {
		if !u {
			continue
		}
		key := txKey{place: uint64(l.txs.height[id]) << 32, id: TxID(id)}
		if x := l.txs.index[id]; x != chain.UnknownIndex {
			key.place |= uint64(x) + 1
		} else {
			blind[l.txs.height[id]] = true
			key.within = 1<<63 | uint64(logs[id])
		}
		keys = append(keys, key)
	}
	if len(blind) > 0 {
		l.placeUnknown(keys, logs, blind, keep)
	}
	slices.SortFunc(keys, func(a, b txKey) int {
		if c := cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.within, b.within)); c != 0 {
			return c
		}
		return bytes.Compare(l.txs.hashes.key(uint32(a.id)), l.txs.hashes.key(uint32(b.id)))
	})
	out := make([]TxID, len(keys))
	for i, k := range keys {
		out[i] = k.id
	}
	return out
}

// placeUnknown gives each transaction of unknown index the place of the last
// known one before it, and a depth behind the transactions whose outputs it
// spends in the same block.
func (l *Ledger) placeUnknown(keys []txKey, logs []uint32, blind map[uint32]bool, keep []bool) {
	type anchor struct {
		log   uint32
		index uint32
	}
	anchors := map[uint32][]anchor{}
	for _, k := range keys {
		h, x := l.txs.height[k.id], l.txs.index[k.id]
		if x != chain.UnknownIndex && blind[h] && logs[k.id] != math.MaxUint32 {
			anchors[h] = append(anchors[h], anchor{logs[k.id], x + 1})
		}
	}
	for _, list := range anchors {
		slices.SortFunc(list, func(a, b anchor) int { return cmp.Compare(a.log, b.log) })
	}
	depth := l.depths(blind, keep)
	for i := range keys {
		id := keys[i].id
		if l.txs.index[id] != chain.UnknownIndex {
			continue
		}
		list := anchors[l.txs.height[id]]
		n, _ := slices.BinarySearchFunc(list, logs[id], func(a anchor, log uint32) int { return cmp.Compare(a.log, log) })
		if n > 0 {
			keys[i].place |= uint64(list[n-1].index)
		} else if l.chain.Family == chain.UTXO {
			// Behind every transaction whose index is known.
			keys[i].place |= math.MaxUint32
		}
		keys[i].within |= uint64(depth[id]) << 32
	}
}

// depths says for each transaction of the blocks how long the longest chain of
// spends inside its block is that leads to it.
func (l *Ledger) depths(blocks map[uint32]bool, keep []bool) map[TxID]uint32 {
	depth := map[TxID]uint32{}
	if l.chain.Family != chain.UTXO {
		return depth
	}
	for grown := true; grown; {
		grown = false
		for i, tx := range l.tx {
			if !keep[i] || !blocks[l.txs.height[tx]] {
				continue
			}
			for e := l.first[i]; e < l.mid[i]; e++ {
				from := l.spendsTx[e]
				if l.txs.told[from] && l.txs.height[from] == l.txs.height[tx] && depth[tx] < depth[from]+1 {
					depth[tx], grown = depth[from]+1, true
				}
			}
			if depth[tx] > uint32(len(l.tx)) {
				return depth // a cycle; Seal refuses it when it links the spends
			}
		}
	}
	return depth
}
