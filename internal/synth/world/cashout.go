package world

// depositor is a customer's account at an exchange: one deposit address after
// the other.
type depositor struct {
	exchange *exchange
	customer Entity
	address  Party
	left     int64 // uses before the next address is opened
}

// next is where the customer pays in.
func (d *depositor) next(uses func() int64) Party {
	if d.left == 0 {
		d.address = d.exchange.open(d.customer)
		d.left = max(1, uses())
	}
	d.left--
	return d.address
}

func (t *team) depositor(x *exchange) *depositor {
	d := t.depositors[x.entity]
	if d == nil {
		d = &depositor{exchange: x, customer: t.entity}
		t.depositors[x.entity] = d
	}
	return d
}

// cashOut pays everything into deposit addresses, some thousand dollars at a
// time, until the wallet is empty.
func (t *team) cashOut(from Party, tok Token) {
	have := t.w.eth.spendable(tok, from)
	if tok != Ether {
		have = t.w.eth.balance(tok, from)
	}
	// A small set would be nothing but deposits.
	t.cashOutSome(from, tok, have/min(400, max(12, t.w.rows/10_000)))
}

func (t *team) cashOutSome(from Party, tok Token, least int64) {
	t.withGas(from, 1, func() {
		have := t.w.eth.spendable(tok, from)
		if have < worth(tok, 100_00) || t.w.frozen(from, tok) {
			return
		}
		s := t.w.sc.CashOut
		chunk := max(least, worth(tok, t.dice.LogNormalAround(s.DepositMedian*100, s.DepositSigma)))
		last := have < chunk+worth(tok, 2_000_00)
		if last {
			chunk = have
		}
		x := t.w.byWeight(t.dice)
		to := t.depositor(x).next(func() int64 { return t.dice.Between(2, s.DepositsPerSlot) })
		if t.dice.Chance(s.Refuel) && t.w.eth.balance(Ether, from) > 4*t.w.eth.feeCeiling(gasToken) {
			t.w.eth.fail(from, to, tok, chunk, t.mark("cash_out"))
			chunk, last = min(chunk, t.w.eth.spendable(tok, from)), false
		}
		n := x.deposit(from, to, tok, chunk, t.mark("cash_out"))
		t.w.alert("deposit", to, tok, chunk, n)
		if !last {
			t.soon(20*minute, 6*hour, func() { t.cashOutSome(from, tok, least) })
		}
	})
}

// sellToDesk sells USDT for cash: to an OTC desk or through a guarantee
// market's escrow, at once or in parts below 1,000 dollars. The desk merges
// what it buys and pays it into its own account at an exchange.
func (t *team) sellToDesk(from Party) {
	w := t.w
	seller, desk, stage := t.dice.IntN(len(w.places.otc)+1), w.places.escrow, "guarantee"
	if seller < len(w.places.otc) {
		desk, stage = w.places.otc[seller], "otc"
	}
	parts := int64(1)
	if t.dice.Chance(400_000) {
		parts = min(12, max(1, value(USDT, w.eth.balance(USDT, from))/950_00))
	}
	t.withGas(from, parts, func() {
		part := w.eth.balance(USDT, from) / parts
		for i := range parts {
			amount := part
			if i == parts-1 {
				amount = all
			}
			w.after(i*3*minute, func() {
				t.move(from, desk, USDT, amount, stage, func() { w.deskForwards(desk) })
			})
		}
	})
}

// deskForwards pays what a desk holds into its account, minutes later.
func (w *World) deskForwards(desk Party) {
	i := int(desk) % len(w.exchanges)
	w.after(96, func() { // 1.6 minutes
		have := w.eth.spendable(USDT, desk)
		if have < worth(USDT, 20_000_00) {
			return
		}
		if w.desks == nil {
			w.desks = map[Party]*depositor{}
		}
		d := w.desks[desk]
		if d == nil {
			d = &depositor{exchange: w.exchanges[i], customer: w.parties.Controller(desk)}
			w.desks[desk] = d
		}
		d.exchange.deposit(desk, d.next(func() int64 { return 1 << 40 }), USDT, have, Mark{Entity: d.customer})
	})
}
