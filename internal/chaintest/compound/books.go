package compound

import (
	"cmp"
	"slices"
)

// bookKey is where an amount is booked.
type bookKey struct{ chain, asset, line string }

// book collects book lines.
type book struct {
	who   directory
	lines map[bookKey]amount
}

func (b *book) add(chain, asset, line string, v amount) {
	k := bookKey{chain, asset, line}
	b.lines[k] = plus(b.lines[k], v)
}

// between books a movement if it crosses the compound's border.
func (b *book) between(chain, asset, from, to string, v amount) {
	p, q := b.who[from], b.who[to]
	switch {
	case p.ofCompound() == q.ofCompound() || v.IsZero():
	case p.ofCompound():
		b.add(chain, asset, "out:"+b.side(q), v)
	default:
		b.add(chain, asset, "in:"+b.side(p), v)
	}
}

// side names the other party of a movement.
func (b *book) side(p Party) string {
	if p.Exchange != "" {
		return string(p.Role) + ":" + p.Exchange
	}
	if p.Role == "" {
		return "reward"
	}
	return string(p.Role)
}

// books are the compound's accounts over both chains, taken from the rows that
// were written, not from what actors meant to do. Money of a victim that comes
// straight out of an exchange counts as in:cex_hot.
func (w *world) books() []BookLine {
	b := &book{who: w.who, lines: map[bookKey]amount{}}
	native := ether.id()
	for _, t := range w.eth.txs {
		if b.who[t.FromAddress].ofCompound() {
			b.add("ethereum", native, "fee", times(units(t.ReceiptGasUsed), t.EffectiveGasPrice, 1))
		}
	}
	for _, t := range w.eth.traces {
		if t.Status == 1 && (t.CallType == "call" || t.CallType == "") {
			b.between("ethereum", native, t.FromAddress, t.ToAddress, t.Value)
		}
	}
	for _, t := range w.eth.tokens {
		if t.TokenAddress == Tether {
			b.between("ethereum", Tether, t.FromAddress, t.ToAddress, t.Value)
		}
	}
	for i := range w.btc.txs {
		b.bitcoin(&w.btc.txs[i])
	}
	for k, v := range w.eth.balances {
		if (k.token == "" || k.token == Tether) && b.who[k.owner].ofCompound() {
			b.add("ethereum", cmp.Or(k.token, native), "rest", v)
		}
	}
	for a := range w.btc.coins {
		if b.who[a].ofCompound() {
			b.add("bitcoin", native, "rest", units(w.btc.balance(a)))
		}
	}
	out := make([]BookLine, 0, len(b.lines))
	for k, v := range b.lines {
		out = append(out, BookLine{k.chain, k.asset, k.line, v})
	}
	slices.SortFunc(out, func(a, b BookLine) int {
		return cmp.Or(cmp.Compare(a.Chain, b.Chain), cmp.Compare(a.Asset, b.Asset), cmp.Compare(a.Line, b.Line))
	})
	return out
}

// bitcoin books a transaction: as one side's payment if all inputs are that
// side's, and as a share of the fee where both sides sign, in the CoinJoin.
func (b *book) bitcoin(t *BitcoinTransaction) {
	native := bitcoins.id()
	var ours, theirs, back uint64
	for _, in := range t.Inputs {
		if b.who[in.Addresses[0]].ofCompound() {
			ours += in.Value
		} else {
			theirs += in.Value
		}
	}
	for _, o := range t.Outputs {
		if len(o.Addresses) == 0 {
			continue
		}
		q := b.who[o.Addresses[0]]
		switch {
		case q.ofCompound() && ours == 0 && theirs > 0:
			b.add("bitcoin", native, "in:"+b.side(b.who[t.Inputs[0].Addresses[0]]), units(o.Value))
		case q.ofCompound():
			back += o.Value
		case ours > 0 && theirs == 0:
			b.add("bitcoin", native, "out:"+b.side(q), units(o.Value))
		}
	}
	switch {
	case ours > 0 && theirs == 0:
		b.add("bitcoin", native, "fee", units(t.Fee))
	case ours > 0:
		b.add("bitcoin", native, "fee", units(ours-back))
	}
}

// cashOuts adds up what the teams deposited.
func (w *world) cashOuts() []CashOut {
	type key struct{ exchange, chain, asset string }
	sums := map[key]*CashOut{}
	for _, l := range w.truth.Links {
		if l.Controller != w.teams[0].id && l.Controller != w.teams[1].id {
			continue
		}
		k := key{l.Exchange, l.Chain, l.Asset}
		if sums[k] == nil {
			sums[k] = &CashOut{Exchange: l.Exchange, Chain: l.Chain, Asset: l.Asset}
		}
		sums[k].Deposits++
		sums[k].Amount = plus(sums[k].Amount, l.Amount)
	}
	out := make([]CashOut, 0, len(sums))
	for _, c := range sums {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b CashOut) int {
		return cmp.Or(cmp.Compare(a.Exchange, b.Exchange), cmp.Compare(a.Chain, b.Chain), cmp.Compare(a.Asset, b.Asset))
	})
	return out
}
