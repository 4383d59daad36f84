package ledger

import (
	"cmp"
	"iter"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Movement is one transfer seen from one of its addresses while crawling.
type Movement struct {
	// ID numbers the transfer in this ledger, in the order of adding.
	ID    int
	Tx    TxID
	Pos   chain.Pos
	Time  int64
	Kind  chain.Kind
	Asset AssetID
	// Failed says that the transaction failed, so that this moved nothing.
	Failed bool
	l      *Ledger
}

// Paid yields the transfers in which the address is a payer; Received those in
// which it is a payee. The order is that of adding, newest first, and a
// transfer with several entries of the address comes several times.
func (l *Ledger) Paid(a AddressID) iter.Seq[Movement] { return l.walk(l.heads[a].payer) }

// Received is described at Paid.
func (l *Ledger) Received(a AddressID) iter.Seq[Movement] { return l.walk(l.heads[a].payee) }

func (l *Ledger) walk(first uint32) iter.Seq[Movement] {
	return func(yield func(Movement) bool) {
		for e := first; e != 0; e = l.next[e-1] {
			i := (e - 1) / 2
			if !l.pairs {
				i = l.owner[e-1]
			}
			if !yield(l.movement(i)) {
				return
			}
		}
	}
}

func (l *Ledger) movement(i uint32) Movement {
	tx := l.tx[i]
	f := l.txs.fact(tx)
	return Movement{
		ID: int(i), Tx: tx, Pos: chain.Pos{Height: uint64(f.height), Index: f.index},
		Time: int64(f.seconds), Kind: l.kind[i],
		Asset:  l.asset[i],
		Failed: f.status == chain.Failed && l.kind[i] != chain.Fee, l: l,
	}
}

// Payees yields the address and amount of each output; Payers of each input. An
// amount that is not known comes as zero and false.
func (m Movement) Payees() iter.Seq2[AddressID, Sum] {
	_, mid, end := m.l.bounds(uint32(m.ID))
	return m.l.side(mid, end)
}

// Payers is described at Payees.
func (m Movement) Payers() iter.Seq2[AddressID, Sum] {
	first, mid, _ := m.l.bounds(uint32(m.ID))
	return m.l.side(first, mid)
}

// Nameless reports whether an id stands for outputs without an address.
func (m Movement) Nameless(a AddressID) bool { return m.l.Nameless(a) }

// Sum is an amount that may be unknown.
type Sum struct {
	Amount chain.Amount
	Known  bool
}

func (l *Ledger) side(from, to uint32) iter.Seq2[AddressID, Sum] {
	return func(yield func(AddressID, Sum) bool) {
		for e := from; e < to; e++ {
			amount, known := l.value(e)
			if !yield(l.address[e], Sum{amount, known}) {
				return
			}
		}
	}
}

// Pos is a transaction's place on its chain, as far as it was told.
func (l *Ledger) Pos(id TxID) chain.Pos {
	return chain.Pos{Height: uint64(l.txs.fact(id).height), Index: l.txs.fact(id).index}
}

// Degree is the number of transfers that touch an address, each counted once,
// however often it names the address and however often it was told. Only a
// number above most is exact: below, a transfer may be counted again.
func (l *Ledger) Degree(a AddressID, most int) int {
	n := int(l.heads[a].degree)
	if n <= most {
		return n
	}
	touched := make([]uint32, 0, n)
	for m := range l.Paid(a) {
		touched = append(touched, uint32(m.ID))
	}
	for m := range l.Received(a) {
		touched = append(touched, uint32(m.ID))
	}
	identity := func(a, b uint32) int { return cmp.Or(cmp.Compare(l.tx[a], l.tx[b]), l.compareWithin(a, b)) }
	slices.SortFunc(touched, identity)
	return len(slices.CompactFunc(touched, func(a, b uint32) bool { return identity(a, b) == 0 }))
}
