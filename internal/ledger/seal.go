package ledger

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Seal ends the writing. It drops what failed transactions claim to have moved
// and what touches no address for which expanded is true (nil keeps all), puts
// the rest in chain order, drops what was told twice and links every spent
// output to the input that spends it. The ledger must not be used afterwards.
//
// The error wraps chain.ErrContradiction: two different transfers of one
// identity, an output spent twice or before it is made, an input that claims
// another value than the output it spends, a transaction that creates value.
func (l *Ledger) Seal(expanded func(AddressID) bool) (*Book, error) {
	l.payer, l.payee, l.next, l.owner = nil, nil, nil, nil
	keep := make([]bool, len(l.tx))
	for i := range l.tx {
		failed := l.txs.status[l.tx[i]] == chain.Failed && l.kind[i] != chain.Fee
		keep[i] = !failed && (expanded == nil || slices.ContainsFunc(l.address[l.first[i]:l.first[i+1]], expanded))
	}
	txOrder := l.chainOrder(keep)
	order, err := l.transferOrder(txOrder, keep)
	if err != nil {
		return nil, err
	}
	b := &Book{
		chain: l.chain, addresses: l.addresses, assets: l.assets, txs: l.txs,
		contract: l.contract, isAsset: l.isAsset, txOrder: txOrder,
	}
	b.columns, b.paths = l.rearrange(order)
	l.columns, l.paths = columns{}, nil
	if l.chain.Family == chain.UTXO {
		if err := b.linkSpends(); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// transferOrder lists the kept transfers in chain order, each once.
func (l *Ledger) transferOrder(txOrder []TxID, keep []bool) ([]uint32, error) {
	rank := make([]uint32, len(l.txs.height))
	for i, tx := range txOrder {
		rank[tx] = uint32(i)
	}
	// A counting sort by transaction, then a small sort inside each.
	starts := make([]uint32, len(txOrder)+1)
	for i, tx := range l.tx {
		if keep[i] {
			starts[rank[tx]+1]++
		}
	}
	for i := range txOrder {
		starts[i+1] += starts[i]
	}
	order := make([]uint32, starts[len(txOrder)])
	fill := slices.Clone(starts[:len(txOrder)])
	for i, tx := range l.tx {
		if keep[i] {
			order[fill[rank[tx]]] = uint32(i)
			fill[rank[tx]]++
		}
	}
	out := order[:0]
	for t := range txOrder {
		group := order[starts[t]:starts[t+1]]
		if len(group) > 1 {
			slices.SortFunc(group, l.compareWithin)
		}
		for k, i := range group {
			if k > 0 && l.compareWithin(group[k-1], i) == 0 {
				if !l.same(group[k-1], i) {
					return nil, fmt.Errorf("%w: transaction %s: two different %s transfers with number %d",
						chain.ErrContradiction, l.txs.hash(l.tx[i]).Text(l.chain.Family), l.kind[i], l.ordinal[i])
				}
				continue
			}
			out = append(out, i)
		}
	}
	return out, nil
}

// compareWithin orders two transfers of one transaction.
func (l *Ledger) compareWithin(a, b uint32) int {
	if c := cmp.Compare(l.kind[a], l.kind[b]); c != 0 {
		return c
	}
	if l.kind[a] == chain.Internal {
		return slices.Compare(l.paths[l.ordinal[a]], l.paths[l.ordinal[b]])
	}
	return cmp.Compare(l.ordinal[a], l.ordinal[b])
}

// same reports whether two transfers of one identity say the same.
func (l *Ledger) same(a, b uint32) bool {
	if l.asset[a] != l.asset[b] || l.mid[a]-l.first[a] != l.mid[b]-l.first[b] || l.first[a+1]-l.first[a] != l.first[b+1]-l.first[b] {
		return false
	}
	for k := range l.first[a+1] - l.first[a] {
		x, y := l.first[a]+k, l.first[b]+k
		ax, okx := l.amount.at(x)
		ay, oky := l.amount.at(y)
		if l.address[x] != l.address[y] || okx != oky || ax != ay {
			return false
		}
		if l.chain.Family == chain.UTXO &&
			(l.place[x] != l.place[y] || l.spendsTx[x] != l.spendsTx[y] || l.spendsAt[x] != l.spendsAt[y]) {
			return false
		}
	}
	return true
}

// rearrange copies the columns in the new order. A column is dropped as soon as
// it is copied, so that only one of them is held twice.
func (l *Ledger) rearrange(order []uint32) (columns, [][]uint32) {
	var c columns
	var paths [][]uint32
	entries := make([]uint32, 0, len(l.address))
	c.first = make([]uint32, 1, len(order)+1)
	c.mid = make([]uint32, 0, len(order))
	for _, i := range order {
		n := uint32(len(entries))
		c.mid = append(c.mid, n+l.mid[i]-l.first[i])
		for e := l.first[i]; e < l.first[i+1]; e++ {
			entries = append(entries, e)
		}
		c.first = append(c.first, uint32(len(entries)))
	}
	l.first, l.mid = nil, nil
	c.kind = pick(&l.kind, order)
	c.ordinal = pick(&l.ordinal, order)
	for i, k := range c.kind {
		if k == chain.Internal {
			paths = append(paths, l.paths[c.ordinal[i]])
			c.ordinal[i] = uint32(len(paths) - 1)
		}
	}
	c.tx = pick(&l.tx, order)
	c.asset = pick(&l.asset, order)
	c.inexact = pick(&l.inexact, order)
	c.address = pick(&l.address, entries)
	c.amount = amounts{short: pick(&l.amount.short, entries), wide: l.amount.wide}
	if l.chain.Family == chain.UTXO {
		c.place = pick(&l.place, entries)
		c.spendsTx = pick(&l.spendsTx, entries)
		c.spendsAt = pick(&l.spendsAt, entries)
	}
	return c, paths
}

func pick[T any](from *[]T, order []uint32) []T {
	out := make([]T, len(order))
	for i, o := range order {
		out[i] = (*from)[o]
	}
	*from = nil
	return out
}
