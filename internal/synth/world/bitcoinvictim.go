package world

// mostFee is more than the fee of a transaction of a few coins, in satoshi.
const mostFee = int64(100_000)

// payBitcoin makes payment n: out of the exchange, at most half a million
// dollars at a time, or hours later from a wallet of the victim's own.
func (v *victim) payBitcoin(n int, next func()) {
	if v.own == 0 {
		limit, amount := satoshi(500_000_00), v.plan[n]
		parts := (amount + limit - 1) / limit
		for range parts - 1 {
			v.exchange.withdrawBitcoin(v.collection, amount/parts, v.mark(), nil)
		}
		v.exchange.withdrawBitcoin(v.collection, amount-amount/parts*(parts-1), v.mark(), func(tx int64) { v.paid(n, tx, next) })
		return
	}
	b := v.w.btc
	p := b.purses[v.own]
	if p == nil {
		p = &purse{receives: v.own}
		b.purses[v.own] = p
	}
	pay := func() {
		to := []Output{{v.collection, v.plan[n]}}
		r := b.spend(p, v.dice, to, v.w.fresh(Victim, v.entity), v.mark())
		if n+1 == len(v.plan) {
			delete(b.purses, v.own)
		}
		if r.tx < 0 {
			next()
			return
		}
		v.paid(n, r.tx, next)
	}
	later := func() { v.w.after(v.dice.Between(hour, 9*hour), pay) }
	have, _ := b.balance(p.addresses()...)
	need := v.plan[n] + mostFee - have
	if need <= 0 {
		later()
		return
	}
	buys := max(need, scale(v.plan[n], v.dice.Between(102, 120), 100))
	v.exchange.withdrawBitcoin(v.own, buys, Mark{Entity: v.entity}, func(int64) { later() })
}

// payBackBitcoin sends a victim a little money, out of what others paid, as soon
// as the team has some.
func (t *team) payBackBitcoin(v *victim, amount int64) { t.payBackBitcoinSome(v, amount, 3) }

func (t *team) payBackBitcoinSome(v *victim, amount int64, tries int) {
	b := t.w.btc
	if !b.covers(amount+mostFee, t.pots()...) {
		if tries > 0 {
			t.w.after(t.dice.Between(4*hour, 12*hour), func() { t.payBackBitcoinSome(v, amount, tries-1) })
		}
		return
	}
	to := v.own
	if to == 0 {
		to = v.exchange.openBitcoinDeposit(v.entity)
	}
	r := b.pay(t.dice, t.pots(), []Output{{to, amount}}, t.fresh(Consolidation), t.mark("payback"))
	if r.tx < 0 {
		return
	}
	v.fact.Refunded += amount
	if v.own == 0 {
		v.exchange.receive(r.payer, to, amount, r.tx)
	}
	if r.rest != 0 {
		t.consolidated.add(r.rest)
		t.planBitcoinBatch()
	}
}
