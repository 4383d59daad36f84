package etherscan

import (
	"github.com/scamtrace/scamtrace/internal/chain"
)

// teller turns rows into transfers. It belongs to one part.
type teller struct {
	kinds    kinds
	ordinals ordinals
	emit     func(*chain.Transfer) error
	// shared rows are told by the other address's part, but for the fee.
	shared bool

	transfer chain.Transfer
	in, out  [1]chain.Entry
	path     []uint32
}

// move tells one movement if its kind is asked for. A fee has no recipient.
func (t *teller) move(r *row, kind chain.Kind, from, to chain.Entry) error {
	var ordinal uint32
	if kind == chain.Token {
		ordinal = t.ordinals.of(r) // counts, told or not
	}
	if !t.kinds.has(kind) || t.shared && kind != chain.Fee {
		return nil
	}
	t.in[0], t.out[0] = from, to
	t.transfer = chain.Transfer{Tx: r.tx, Kind: kind, Ordinal: ordinal, Asset: chain.Native, In: t.in[:], Out: t.out[:]}
	switch kind {
	case chain.Fee:
		t.transfer.Out = nil
	case chain.Token:
		t.transfer.Asset = r.asset
	case chain.Internal:
		t.transfer.Path = t.path
	default:
	}
	return t.emit(&t.transfer)
}

// outcome tells that a transaction failed, without moving anything.
func (t *teller) outcome(r *row) error {
	if !t.kinds.has(chain.NativeKind) || t.shared {
		return nil
	}
	t.transfer = chain.Transfer{Tx: r.tx, Kind: chain.NativeKind, Asset: chain.Native}
	return t.emit(&t.transfer)
}

// kinds is a set of kinds of movement.
type kinds uint16

// kindsOf is the set of a question's kinds; none means all.
func kindsOf(list []chain.Kind) kinds {
	var s kinds
	for _, k := range list {
		s |= 1 << k
	}
	if len(list) == 0 {
		s = 1<<chain.Fee | 1<<chain.NativeKind | 1<<chain.Internal | 1<<chain.Token | 1<<chain.Reward
	}
	return s
}

func (s kinds) has(k chain.Kind) bool { return s&(1<<k) != 0 }
