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
// another value or owner than the output it spends, a transaction that creates
// value. An input without value or owner gets those of the output it spends.
func (l *Ledger) Seal(expanded func(AddressID) bool) (*Book, error) {
	l.heads, l.next, l.owner = nil, nil, nil
	keep := make([]bool, len(l.tx))
	for i := range l.tx {
		failed := l.txs.fact(l.tx[i]).status == chain.Failed && l.kind[i] != chain.Fee
		first, _, end := l.bounds(uint32(i))
		keep[i] = !failed && (expanded == nil || slices.ContainsFunc(l.address[first:end], expanded))
	}
	g := l.group(keep)
	txOrder := l.chainOrder(g)
	order, err := l.transferOrder(txOrder, g)
	if err != nil {
		return nil, err
	}
	for x := range l.txs.len() {
		l.txs.fact(TxID(x)).told = g.start[x] < g.start[x+1]
	}
	b := &Book{
		chain: l.chain, addresses: l.addresses, assets: l.assets, txs: l.txs,
		contract: l.contract, isAsset: l.isAsset, txOrder: txOrder,
	}
	b.columns = l.rearrange(order)
	l.columns = columns{}
	if l.chain.Family == chain.UTXO {
		if err := b.linkSpends(); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// transferOrder lists the kept transfers in chain order, each once.
func (l *Ledger) transferOrder(txOrder []TxID, g groups) ([]uint32, error) {
	out := make([]uint32, 0, len(g.list))
	for _, x := range txOrder {
		group := g.of(x)
		if len(group) > 1 {
			slices.SortFunc(group, l.compareWithin)
		}
		for k, i := range group {
			if k > 0 && l.compareWithin(group[k-1], i) == 0 {
				if err := l.merge(out[len(out)-1], i); err != nil {
					return nil, err
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
		return slices.Compare(l.paths.at(l.ordinal[a]), l.paths.at(l.ordinal[b]))
	}
	return cmp.Compare(l.ordinal[a], l.ordinal[b])
}

// merge drops transfer b, which has the identity of a: they must say the same.
// What only one of them knows is kept: an amount, and that it is exact.
func (l *Ledger) merge(a, b uint32) error {
	x, midA, endA := l.bounds(a)
	y, midB, endB := l.bounds(b)
	same := l.asset[a] == l.asset[b] && midA-x == midB-y && endA-x == endB-y
	for ; same && x < endA; x, y = x+1, y+1 {
		same = l.sameEntry(x, y)
	}
	if !same {
		return fmt.Errorf("%w: transaction %s: two different %s transfers with %s", chain.ErrContradiction,
			l.txs.hash(l.tx[a]).Text(l.chain.Family), l.kind[a], l.number(a))
	}
	l.inexact[a] = l.inexact[a] && l.inexact[b]
	return nil
}

func (l *Ledger) sameEntry(x, y uint32) bool {
	ax, okx := l.value(x)
	ay, oky := l.value(y)
	if l.address[x] != l.address[y] || (okx && oky && ax != ay) {
		return false
	}
	if l.pairs {
		return true
	}
	if oky && !okx {
		l.amount.fill(x, &ay)
	}
	return l.place[x] == l.place[y] && l.spendsTx[x] == l.spendsTx[y] && l.spendsAt[x] == l.spendsAt[y]
}

// number says which of its kind a transfer is in its transaction.
func (l *Ledger) number(i uint32) string {
	if l.kind[i] == chain.Internal {
		return fmt.Sprintf("trace address %v", l.paths.at(l.ordinal[i]))
	}
	return fmt.Sprintf("number %d", l.ordinal[i])
}

// rearrange copies the columns in the new order. A column is dropped as soon as
// it is copied, so that only one of them is held twice.
func (l *Ledger) rearrange(order []uint32) columns {
	c := columns{pairs: l.pairs}
	c.kind = pick(&l.kind, order)
	c.ordinal = pick(&l.ordinal, order)
	for i, k := range c.kind {
		if k == chain.Internal {
			c.ordinal[i] = c.paths.add(l.paths.at(c.ordinal[i]))
		}
	}
	l.paths = paths{}
	c.tx = pick(&l.tx, order)
	c.asset = pick(&l.asset, order)
	c.inexact = pick(&l.inexact, order)
	if l.pairs {
		c.amount = amounts{short: pick(&l.amount.short, order), wide: l.amount.wide}
		c.address = make([]AddressID, 0, 2*len(order))
		for _, i := range order {
			c.address = append(c.address, l.address[2*i], l.address[2*i+1])
		}
		l.address = nil
		return c
	}
	c.first = make([]uint32, 1, len(order)+1)
	c.mid = make([]uint32, 0, len(order))
	var n uint32
	for _, i := range order {
		c.mid = append(c.mid, n+l.mid[i]-l.first[i])
		n += l.first[i+1] - l.first[i]
		c.first = append(c.first, n)
	}
	l.mid = nil
	c.address = pickEntries(&l.address, order, l.first, n)
	c.amount = amounts{short: pickEntries(&l.amount.short, order, l.first, n), wide: l.amount.wide}
	c.place = pickEntries(&l.place, order, l.first, n)
	c.spendsTx = pickEntries(&l.spendsTx, order, l.first, n)
	c.spendsAt = pickEntries(&l.spendsAt, order, l.first, n)
	return c
}

func pick[T any](from *[]T, order []uint32) []T {
	out := make([]T, len(order))
	for i, o := range order {
		out[i] = (*from)[o]
	}
	*from = nil
	return out
}

// pickEntries is pick for a column of n entries of the transfers in order.
func pickEntries[T any](from *[]T, order, first []uint32, n uint32) []T {
	out := make([]T, 0, n)
	for _, o := range order {
		out = append(out, (*from)[first[o]:first[o+1]]...)
	}
	*from = nil
	return out
}
