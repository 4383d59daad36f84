package ledger

import (
	"bytes"
	"cmp"
	"math"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// groups are the kept transfers by transaction: those of transaction x are
// list[start[x]:start[x+1]].
type groups struct{ start, list []uint32 }

func (g groups) of(x TxID) []uint32 { return g.list[g.start[x]:g.start[x+1]] }

// group sorts the kept transfers by transaction, by counting.
func (l *Ledger) group(keep []bool) groups {
	start := make([]uint32, l.txs.hashes.len()+1)
	for i, tx := range l.tx {
		if keep[i] {
			start[tx]++
		}
	}
	var sum uint32
	for x := range start {
		sum += start[x]
		start[x] = sum
	}
	list := make([]uint32, sum)
	for i := len(l.tx) - 1; i >= 0; i-- {
		if keep[i] {
			start[l.tx[i]]--
			list[start[l.tx[i]]] = uint32(i)
		}
	}
	return groups{start, list}
}

// chainOrder returns the transactions that have kept transfers in chain order.
func (l *Ledger) chainOrder(g groups) []TxID {
	n := 0
	for x := range l.txs.hashes.len() {
		if g.start[x] < g.start[x+1] {
			n++
		}
	}
	order := make([]TxID, 0, n)
	for x := range l.txs.hashes.len() {
		if g.start[x] < g.start[x+1] {
			order = append(order, TxID(x))
		}
	}
	order = l.byHeight(order)
	for from := 0; from < len(order); {
		to, blind := from, false
		for h := l.txs.fact(order[from]).height; to < len(order) && l.txs.fact(order[to]).height == h; to++ {
			blind = blind || l.txs.fact(order[to]).index == chain.UnknownIndex
		}
		if block := order[from:to]; blind {
			l.blindBlock(block, g)
		} else {
			slices.SortFunc(block, func(a, b TxID) int {
				return cmp.Or(cmp.Compare(l.txs.fact(a).index, l.txs.fact(b).index), l.CompareTx(a, b))
			})
		}
		from = to
	}
	return order
}

// byHeight sorts by height, by counting the lower and then the upper 16 bits.
func (l *Ledger) byHeight(ids []TxID) []TxID {
	out := make([]TxID, len(ids))
	for shift := 0; shift < 32; shift += 16 {
		var next [1<<16 + 1]uint32
		for _, id := range ids {
			next[l.txs.fact(id).height>>shift&math.MaxUint16+1]++
		}
		for i := range math.MaxUint16 {
			next[i+1] += next[i]
		}
		for _, id := range ids {
			digit := l.txs.fact(id).height >> shift & math.MaxUint16
			out[next[digit]] = id
			next[digit]++
		}
		ids, out = out, ids
	}
	return ids
}

// place is where a transaction stands in its block: behind the transaction of
// the known index after-1, which itself has step 0.
type place struct {
	after uint64
	step  uint64
	id    TxID
}

// blindBlock sorts a block in which some transactions have no index.
func (l *Ledger) blindBlock(block []TxID, g groups) {
	var places []place
	if l.chain.Family == chain.UTXO {
		places = l.placeBySpends(block, g)
	} else {
		places = l.placeByLogs(block, g)
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.after, b.after), cmp.Compare(a.step, b.step),
			bytes.Compare(l.txs.hashes.key(uint32(a.id)), l.txs.hashes.key(uint32(b.id))))
	})
	for i, p := range places {
		block[i] = p.id
	}
}

// placeByLogs: a source that has only token transfers does not know where in
// its block a transaction stands, but it knows the log index, which grows with
// it. So a transaction of unknown index stands behind the last transaction of
// known index whose logs come before its own; without logs it stands last.
func (l *Ledger) placeByLogs(block []TxID, g groups) []place {
	places := make([]place, 0, len(block))
	var known, blind []place // step is the first log
	for _, x := range block {
		log := uint64(math.MaxUint32)
		for _, i := range g.of(x) {
			if l.kind[i] == chain.Token {
				log = min(log, uint64(l.ordinal[i]))
			}
		}
		if index := l.txs.fact(x).index; index != chain.UnknownIndex {
			places = append(places, place{uint64(index) + 1, 0, x})
			if log != math.MaxUint32 {
				known = append(known, place{uint64(index) + 1, log, x})
			}
		} else {
			blind = append(blind, place{0, log, x})
		}
	}
	slices.SortFunc(known, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.step, b.step), cmp.Compare(a.after, b.after))
	})
	for _, p := range blind {
		n, _ := slices.BinarySearchFunc(known, p.step, func(k place, log uint64) int { return cmp.Compare(k.step, log) })
		switch {
		case p.step == math.MaxUint32:
			p.after = math.MaxUint64
		case n > 0:
			p.after = known[n-1].after
		}
		p.step++
		places = append(places, p)
	}
	return places
}

// placeBySpends: a transaction of unknown index stands as early as the outputs
// that it spends allow: behind the makers of these, and behind the coinbase.
func (l *Ledger) placeBySpends(block []TxID, g groups) []place {
	at := make(map[TxID]int, len(block))
	places := make([]place, len(block))
	for k, x := range block {
		at[x] = k
		places[k] = place{0, 0, x} // 0, 0: not yet placed
	}
	var put func(k int) place
	put = func(k int) place {
		p := &places[k]
		if p.after > 0 {
			return *p // placed, or in a cycle, which Seal refuses when it links the spends
		}
		p.after = 1
		if index := l.txs.fact(p.id).index; index != chain.UnknownIndex {
			p.after += uint64(index)
			return *p
		}
		coinbase := true
		for _, i := range g.of(p.id) {
			for e := l.first[i]; e < l.mid[i]; e++ {
				coinbase = false
				maker, here := at[l.spendsTx[e]]
				if !here || maker == k {
					continue
				}
				if m := put(maker); m.after > p.after || (m.after == p.after && m.step >= p.step) {
					p.after, p.step = m.after, m.step+1
				}
			}
		}
		if !coinbase && p.step == 0 {
			p.step = 1
		}
		return *p
	}
	for k := range places {
		put(k)
	}
	return places
}
