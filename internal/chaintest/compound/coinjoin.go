package compound

import "fmt"

const (
	joiners      = 9          // eight innocents and the compound
	joinedAmount = 10_000_000 // satoshi
)

// mixCoins opens the eight innocents of the CoinJoin: each has a coin that is
// big enough, and later spends what came out.
func (w *world) mixCoins() {
	for n := range joiners - 1 {
		id := fmt.Sprintf("joiner-%d", n+1)
		d := w.dice(id)
		x := w.exchanges[d.IntN(len(w.exchanges))]
		in := w.bitcoinAddress(id+" in", false, Benign, id, "")
		w.truth.joiners = append(w.truth.joiners, in)
		w.at(Start+4*day+d.between(0, 5*day), func() {
			x.withdrawBitcoin(in, uint64(d.between(11_000_000, 40_000_000)), nil)
		})
	}
}

// mixBitcoin takes part in the CoinJoin with one coin, and layers what comes
// out of it and, apart from it, the change. Who merges the owners of inputs
// that were spent together makes innocents part of the compound here.
func (t *team) mixBitcoin(from string) {
	w := t.w
	mine := w.btc.of(from)
	if len(mine) == 0 || mine[0].value < joinedAmount*6/5 {
		t.layerBitcoin(from, 2)
		return
	}
	in := mine[:1:1]
	equal, change := t.bitcoinWallet(Layer), t.bitcoinWallet(Layer)
	const share = 9_000 // of the fee
	out := []payee{{equal, joinedAmount}, {change, in[0].value - joinedAmount - share}}
	for n, a := range w.truth.joiners {
		coins := w.btc.of(a)
		if len(coins) == 0 {
			continue
		}
		id := fmt.Sprintf("joiner-%d", n+1)
		in = append(in, coins[0])
		out = append(out, payee{w.bitcoinAddress(id+" out", false, Benign, id, ""), joinedAmount})
		if rest := coins[0].value - joinedAmount - share; rest > dust {
			out = append(out, payee{w.bitcoinAddress(id+" change", false, Benign, id, ""), rest})
		}
	}
	t.dice.Shuffle(len(in), func(i, j int) { in[i], in[j] = in[j], in[i] })
	t.dice.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	hash := w.btc.send(in, out)
	w.truth.Join = hash
	for n := range w.truth.joiners {
		w.joinerSpends(fmt.Sprintf("joiner-%d", n+1))
	}
	t.soon(6*hour, 2*day, func() { t.layerBitcoin(equal, 2) })
	t.soon(6*hour, 2*day, func() { t.layerBitcoin(change, 1) })
}

// joinerSpends lets an innocent deposit its mixed coin at an exchange.
func (w *world) joinerSpends(id string) {
	d := w.dice(id + " spends")
	x := w.exchanges[d.IntN(len(w.exchanges))]
	from := w.bitcoinAddress(id+" out", false, Benign, id, "")
	to := x.openBitcoin(id, 0)
	w.after(d.between(day, 8*day), func() {
		if hash, sum := w.btc.sweep(w.btc.of(from), to); hash != "" {
			x.depositedBitcoin(from, to, sum, hash)
		}
	})
}
