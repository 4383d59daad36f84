package ledger

import (
	"fmt"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// linkSpends points every input at the output it spends, where the book has it,
// and checks what can only be seen with the whole book in hand.
func (b *Book) linkSpends() error {
	b.spends = make([]EntryID, len(b.address))
	spent := make([]bool, len(b.address))
	made := make([]uint32, b.txs.len()) // transfer+1 that is the transaction
	for i, tx := range b.tx {
		made[tx] = uint32(i) + 1
	}
	var elsewhere []uint64 // outputs spent that the book does not have
	for i := range b.tx {
		for e := b.first[i]; e < b.mid[i]; e++ {
			b.spends[e] = NoEntry
			maker := made[b.spendsTx[e]]
			if maker == 0 {
				elsewhere = append(elsewhere, b.outpoint(e))
				continue
			}
			o, err := b.output(maker-1, b.spendsAt[e])
			if err != nil {
				return b.contradiction(i, "%w", err)
			}
			switch {
			case int(maker-1) >= i:
				return b.contradiction(i, "input %d spends an output that is made later", b.place[e])
			case spent[o]:
				return b.contradiction(i, "input %d spends an output that was spent before", b.place[e])
			}
			spent[o] = true
			b.spends[e] = EntryID(o)
			if err := b.reconcile(i, e, o); err != nil {
				return err
			}
		}
		for e := b.mid[i]; e < b.first[i+1]; e++ {
			b.spends[e] = NoEntry
		}
		if err := b.conserves(i); err != nil {
			return err
		}
	}
	return b.spentOnce(elsewhere)
}

// outpoint is the output that an input spends, as a number.
func (b *Book) outpoint(e uint32) uint64 { return uint64(b.spendsTx[e])<<32 | uint64(b.spendsAt[e]) }

// spentOnce refuses two inputs that spend one output that the book does not
// have. An input that does not name its output spends the zero hash.
func (b *Book) spentOnce(outpoints []uint64) error {
	slices.Sort(outpoints)
	for k := 1; k < len(outpoints); k++ {
		if outpoints[k] != outpoints[k-1] || b.txs.hash(TxID(outpoints[k]>>32)) == (chain.Hash{}) {
			continue
		}
		seen := false
		for i := range b.tx {
			for e := b.first[i]; e < b.mid[i]; e++ {
				if b.outpoint(e) == outpoints[k] {
					if seen {
						return b.contradiction(i, "input %d spends an output that was spent before", b.place[e])
					}
					seen = true
				}
			}
		}
	}
	return nil
}

// output finds the entry of a transfer's output by its index.
func (b *Book) output(t, index uint32) (uint32, error) {
	from, to := b.mid[t], b.first[t+1]
	if o := from + index; o < to && b.place[o] == index {
		return o, nil
	}
	for o := from; o < to; o++ {
		if b.place[o] == index {
			return o, nil
		}
	}
	return 0, fmt.Errorf("transaction %s has no output %d", b.txs.hash(b.tx[t]).Text(b.chain.Family), index)
}

// reconcile compares an input with the output it spends, and fills in an amount
// or an address that the source did not have.
func (b *Book) reconcile(i int, in, out uint32) error {
	got, known := b.amount.at(in)
	want, outKnown := b.amount.at(out)
	switch {
	case !outKnown:
	case !known:
		b.amount.fill(in, &want)
	case got != want:
		return b.contradiction(i, "input %d claims %s, the output it spends has %s", b.place[in], got.Dec(), want.Dec())
	}
	payer, owner := b.address[in], b.address[out]
	switch {
	case payer == owner || b.Nameless(owner):
	case b.Nameless(payer):
		b.address[in] = owner
	default:
		return b.contradiction(i, "input %d is of %s, the output it spends is of %s", b.place[in], b.Text(payer), b.Text(owner))
	}
	return nil
}

// conserves checks a transfer again, now that more amounts are known.
func (b *Book) conserves(i int) error {
	sum := func(from, to uint32) (sum chain.Amount, known, over bool) {
		known = true
		for e := from; e < to && !over; e++ {
			a, ok := b.amount.at(e)
			known = known && ok
			_, over = sum.AddOverflow(&sum, &a)
		}
		return sum, known, over
	}
	if b.first[i] == b.mid[i] {
		return nil // a coinbase
	}
	paid, known, over := sum(b.first[i], b.mid[i])
	got, _, overToo := sum(b.mid[i], b.first[i+1])
	switch {
	case over || overToo:
		return b.contradiction(i, "it moves more than 2^256-1")
	case known && got.Gt(&paid):
		return b.contradiction(i, "it creates value: inputs %s, outputs %s", paid.Dec(), got.Dec())
	}
	return nil
}

func (b *Book) contradiction(i int, format string, args ...any) error {
	return fmt.Errorf("%w: transaction %s: %w", chain.ErrContradiction,
		b.txs.hash(b.tx[i]).Text(b.chain.Family), fmt.Errorf(format, args...))
}
