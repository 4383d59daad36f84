package world

import "github.com/scamtrace/scamtrace/internal/synth/dice"

// peel pays a small part into a deposit address and the rest to a fresh address
// of the team's own, over and over. What is left in the end is cashed out.
func (t *team) peel(from Party) {
	l := t.w.sc.Layering
	n := t.dice.Between(l.PeelMin, l.PeelMax)
	t.peelSome(from, max(l.PeelMin, min(n, t.w.rows/200))) // a small set would be nothing else
}

func (t *team) peelSome(from Party, n int64) {
	have, _ := t.w.btc.balance(from)
	part := dice.Times(have, t.dice.Beta(2, 25))
	if n == 0 || part < satoshi(50_00) {
		t.cashOutBitcoin(from)
		return
	}
	if rest := t.depositBitcoin(from, part, Peel, "peel"); rest != 0 {
		t.soon(hour, 9*hour, func() { t.peelSome(rest, n-1) })
	}
}

// depositBitcoin pays into a deposit address of the team. It returns where the
// rest is, 0 if there is none.
func (t *team) depositBitcoin(from Party, amount int64, change Role, stage string) (rest Party) {
	x := t.w.byWeight(t.dice)
	to := t.slot(x)
	r := t.w.btc.pay(t.dice, []Party{from}, []Output{{to, amount}}, t.fresh(change), t.mark(stage))
	t.deposited(x, from, to, amount, r.tx)
	return r.rest
}

func (t *team) deposited(x *exchange, from, to Party, amount, tx int64) {
	if tx >= 0 {
		x.receive(from, to, amount, tx)
		t.w.alert("deposit", to, Ether, amount, tx)
	}
}

// slot is the team's deposit address at an exchange.
func (t *team) slot(x *exchange) Party {
	d := t.accounts[x.entity]
	if d == nil {
		d = &depositor{exchange: x, customer: t.entity}
		t.accounts[x.entity] = d
	}
	return d.nextBitcoin(func() int64 { return t.dice.Between(2, t.w.sc.CashOut.DepositsPerSlot) })
}

// cashOutBitcoin pays everything into deposit addresses, some thousand dollars
// at a time; change goes to a fresh address each time.
func (t *team) cashOutBitcoin(from Party) {
	have, _ := t.w.btc.balance(from)
	t.cashOutBitcoinSome(from, have/12)
}

func (t *team) cashOutBitcoinSome(from Party, least int64) {
	b, s := t.w.btc, t.w.sc.CashOut
	have, _ := b.balance(from)
	if have < satoshi(100_00) {
		return
	}
	chunk := max(least, satoshi(t.dice.LogNormalAround(s.DepositMedian*100, s.DepositSigma)))
	if have >= chunk+satoshi(2_000_00) {
		if rest := t.depositBitcoin(from, chunk, Layer, "cash_out"); rest != 0 {
			t.soon(20*minute, 6*hour, func() { t.cashOutBitcoinSome(rest, least) })
		}
		return
	}
	x := t.w.byWeight(t.dice)
	to := t.slot(x)
	r := b.sweep([]Party{from}, known(to), t.mark("cash_out"))
	t.deposited(x, from, to, r.amount, r.tx)
}
