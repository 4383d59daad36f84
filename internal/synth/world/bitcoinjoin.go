package world

const (
	strangers = 8
	joinShare = int64(9_000) // of the fee, in satoshi
)

// join takes part with one coin in a CoinJoin with strangers, and layers what
// comes out of it and, apart from it, the change. Who merges the owners of
// inputs that were spent together makes innocents part of the compound here.
func (t *team) join(from Party) {
	have, _ := t.w.btc.balance(from)
	amount := int64(10_000_000)
	if have < amount*6/5 {
		amount /= 10
	}
	if have < amount*6/5 {
		t.bitcoinLayered(from)
		return
	}
	others := t.w.btc.strangers(t)
	t.joinAgain(from, others, amount, 4)
}

// joinAgain waits some times until all have a coin, and goes without them then.
func (t *team) joinAgain(from Party, others []int, amount int64, tries int) {
	b := t.w.btc
	mine, ok := b.coinOf(amount+joinShare+dust, from)
	if !ok {
		return
	}
	in := []Coin{mine}
	for _, i := range others {
		c, ok := b.coinOf(amount+joinShare+dust, b.holder(i).addresses()...)
		if ok {
			in = append(in, c)
		} else {
			b.buy(i, scale(amount, t.dice.Between(110, 400), 100))
		}
	}
	switch {
	case len(in) == strangers+1:
		t.joinNow(in, others, amount)
	case tries > 0:
		t.soon(10*hour, day, func() { t.joinAgain(from, others, amount, tries-1) })
	default:
		t.bitcoinLayered(from)
	}
}

func (t *team) joinNow(in []Coin, others []int, amount int64) {
	b := t.w.btc
	equal, change := t.bitcoinWallet(Layer), t.bitcoinWallet(Layer)
	out := []Output{{equal, amount}, {change, in[0].Value - amount - joinShare}}
	for n, i := range others {
		h := b.holder(i)
		for _, value := range []int64{amount, in[n+1].Value - amount - joinShare} {
			a := b.w.bitcoinAccount(Benign, b.w.crowd.person(i), 0)
			out = append(out, Output{a, value})
			h.change = append(h.change, a)
		}
	}
	t.dice.Shuffle(len(in), func(i, j int) { in[i], in[j] = in[j], in[i] })
	t.dice.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	m := t.mark("coinjoin")
	b.send(BitcoinTx{In: in, Out: out, Join: true, Mark: m})
	for _, i := range others {
		b.tidy(&b.holder(i).purse)
	}
	t.soon(6*hour, 2*day, func() { t.bitcoinLayered(equal) })
	t.soon(6*hour, 2*day, func() { t.bitcoinLayered(change) })
}

// coinOf is the first coin of some addresses that is worth so much.
func (b *bitcoin) coinOf(least int64, from ...Party) (Coin, bool) {
	for c := range b.spendable(from...) {
		if c.Value >= least {
			return c, true
		}
	}
	return Coin{}, false
}

// strangers draws as many different people of the crowd.
func (b *bitcoin) strangers(t *team) []int {
	var out []int
	seen := map[int]bool{}
	for len(out) < strangers {
		if i := t.dice.IntN(b.people()); !seen[i] {
			seen[i] = true
			out = append(out, i)
		}
	}
	return out
}
