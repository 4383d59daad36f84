package node

import (
	"context"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin"
)

// look finds the transactions of blocks that touch an asked address.
type look struct {
	scripts bitcoin.Scripts
	// asked are the locking scripts of the addresses.
	asked map[string]chain.Address
	// secret are those addresses whose spends do not show them: whatever an input
	// hides may be theirs.
	secret []chain.Address
	// always says that any input at all may be of one of them.
	always bool

	// unsure says that some input of a told transaction is not known, hidden that
	// an input that is not known may be of a secret address.
	unsure, hidden bool
}

// newLook prepares to look for addresses. Those that are none of the network are
// returned.
func newLook(scripts bitcoin.Scripts, addresses []chain.Address) (l *look, strange []chain.Address) {
	l = &look{scripts: scripts, asked: make(map[string]chain.Address, len(addresses))}
	for _, a := range addresses {
		lock, err := scripts.Lock(a)
		if err != nil {
			strange = append(strange, a)
			continue
		}
		l.asked[string(lock)] = a
		shows, always := bitcoin.Shows(lock)
		if !shows {
			l.secret = append(l.secret, a)
		}
		l.always = l.always || !always
	}
	return l, strange
}

// state is what is known of a transaction.
type state uint8

const (
	strange state = iota
	maybe         // an input must be known first
	wanted
)

// block tells the transactions of a block that touch an asked address.
func (l *look) block(ctx context.Context, b *bitcoin.Block, height uint64, find spent) ([]chain.Transfer, error) {
	states := make([]state, len(b.Transactions))
	need := map[chain.Outpoint]*output{}
	any := false
	for i := range b.Transactions {
		tx := &b.Transactions[i]
		states[i] = l.first(tx, need)
		any = any || states[i] != strange
	}
	if !any {
		return nil, nil
	}
	made := map[chain.Hash]*bitcoin.Transaction{}
	for i := range b.Transactions {
		made[b.Transactions[i].Hash] = &b.Transactions[i]
	}
	if err := resolve(ctx, b, need, made, find); err != nil {
		return nil, err
	}
	all := map[chain.Outpoint]*output{}
	any = false
	for i := range b.Transactions {
		tx := &b.Transactions[i]
		if states[i] == maybe {
			states[i] = l.second(tx, need)
		}
		if states[i] != wanted || tx.Coinbase() {
			any = any || states[i] == wanted
			continue
		}
		any = true
		for k := range tx.Inputs {
			if at := tx.Inputs[k].Spends; need[at] == nil {
				all[at] = &output{}
			}
		}
	}
	if !any {
		return nil, nil
	}
	if err := resolve(ctx, b, all, made, find); err != nil {
		return nil, err
	}
	for at, out := range need {
		all[at] = out
	}
	var told []chain.Transfer
	for i := range b.Transactions {
		if states[i] == wanted {
			tx := &b.Transactions[i]
			told = append(told, l.scripts.Transfer(tx, chain.Pos{Height: height, Index: uint32(i)}, b.Time, l.inputs(tx, all)))
		}
	}
	return told, nil
}

// resolve fills in need: from the block itself, then by asking.
func resolve(ctx context.Context, b *bitcoin.Block, need map[chain.Outpoint]*output, made map[chain.Hash]*bitcoin.Transaction, find spent) error {
	rest := map[chain.Outpoint]*output{}
	for at, out := range need {
		if tx := made[at.Tx]; tx == nil || int(at.Index) >= len(tx.Outputs) {
			rest[at] = out
		} else {
			*out = output{tx.Outputs[at.Index].Value, string(tx.Outputs[at.Index].Script), true}
		}
	}
	if len(rest) == 0 {
		return nil
	}
	return find(ctx, b, rest)
}

// first looks at a transaction alone, and says what must be known besides.
func (l *look) first(tx *bitcoin.Transaction, need map[chain.Outpoint]*output) state {
	for i := range tx.Outputs {
		if _, ok := l.asked[string(tx.Outputs[i].Script)]; ok {
			return wanted
		}
	}
	if tx.Coinbase() {
		return strange
	}
	s := strange
	for i := range tx.Inputs {
		in := &tx.Inputs[i]
		found := l.always
		hidden := in.Unlocks(func(lock []byte) {
			_, ok := l.asked[string(lock)]
			found = found || ok
		})
		if found || hidden && len(l.secret) > 0 {
			need[in.Spends] = &output{}
			s = maybe
		}
	}
	return s
}

// second decides by what the inputs spend.
func (l *look) second(tx *bitcoin.Transaction, need map[chain.Outpoint]*output) state {
	for i := range tx.Inputs {
		in := &tx.Inputs[i]
		out := need[in.Spends]
		if out == nil {
			continue
		}
		if out.known {
			if _, ok := l.asked[out.lock]; ok {
				return wanted
			}
			continue
		}
		hidden := in.Unlocks(func([]byte) {})
		l.hidden = l.hidden || hidden
		if _, ok := l.asked[string(in.Guess())]; ok && !hidden {
			return wanted
		}
	}
	return strange
}

// inputs are what a transaction spends, as far as it is known.
func (l *look) inputs(tx *bitcoin.Transaction, all map[chain.Outpoint]*output) []bitcoin.Spent {
	list := make([]bitcoin.Spent, len(tx.Inputs))
	if tx.Coinbase() {
		return list
	}
	for i := range tx.Inputs {
		in := &tx.Inputs[i]
		out := all[in.Spends]
		if out != nil && out.known {
			list[i] = bitcoin.Spent{Address: l.scripts.Address([]byte(out.lock)), Value: out.value, Known: true}
			continue
		}
		l.unsure = true
		if lock := in.Guess(); lock != nil {
			list[i].Address = l.scripts.Address(lock)
		}
	}
	return list
}
