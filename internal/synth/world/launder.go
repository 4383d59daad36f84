package world

// launder sends everything that a consolidation wallet has on its way, each
// token by itself.
func (t *team) launder(i int) {
	from := t.consolidation[i]
	reserve := t.w.eth.feeCeiling(gasContract) * 6
	for _, tok := range []Token{USDT, USDC, WBTC, Ether} {
		have := t.w.eth.balance(tok, from)
		if tok == Ether {
			have -= reserve
		}
		if have < worth(tok, 2_000_00) {
			continue
		}
		if tok == USDT && t.dice.Chance(t.w.sc.Hazards.Freeze) && !t.freeze(from, i) {
			continue
		}
		for n := t.batches(tok, have); n > 0; n-- {
			next, part := t.layer(), have/n
			have -= part
			t.w.after(t.dice.Between(0, hour), func() {
				t.move(from, next, tok, part, "layer", func() { t.soon(10*minute, 10*hour, func() { t.batch(next, tok) }) })
			})
		}
	}
}

// batches is in how many parts an amount is laundered.
func (t *team) batches(tok Token, have int64) int64 {
	most := t.w.sc.Layering.Batch
	if most == 0 {
		return 1
	}
	return value(tok, have)/100/most + 1
}

// batch decides how money in a fresh wallet goes on.
func (t *team) batch(from Party, tok Token) {
	l := t.w.sc.Layering
	switch {
	case tok == Ether && t.dice.Chance(l.Mixer):
		t.mix(from)
	case tok != USDT && t.dice.Chance(l.Swap):
		t.swapToTether(from, tok)
	case tok == USDT && t.w.eth.gas && t.dice.Chance(l.RoundTrip):
		t.thereAndBack(from)
	default:
		t.layered(from, tok)
	}
}

// layered passes money through wallets and out.
func (t *team) layered(from Party, tok Token) {
	l := t.w.sc.Layering
	end := func(last Party) { t.out(last, tok) }
	if t.dice.Chance(l.Spray) {
		end = func(last Party) { t.spray(last, tok) }
	}
	t.hops(from, tok, min(l.HopsMax, 2+t.dice.Poisson(l.Hops)), end)
}

// out is where money leaves the chain's plain sight.
func (t *team) out(from Party, tok Token) {
	l := t.w.sc.Layering
	switch {
	case tok == USDT && t.dice.Chance(l.Bridge):
		t.bridge(from)
	case tok == USDT && t.dice.Chance(l.BlackUShare):
		t.sellToDesk(from)
	default:
		t.cashOut(from, tok)
	}
}

// hops passes everything through n fresh wallets; now and then one splits.
func (t *team) hops(from Party, tok Token, n int64, end func(last Party)) {
	if n <= 0 {
		end(from)
		return
	}
	pass := func(to Party, amount int64) {
		t.move(from, to, tok, amount, "layer", func() {
			t.soon(10*minute, 10*hour, func() { t.hops(to, tok, n-1, end) })
		})
	}
	if have := t.w.eth.balance(tok, from); n > 1 && t.dice.Chance(120_000) && value(tok, have) > 20_000_00 {
		pass(t.layer(), scale(have, t.dice.Between(30, 70), 100))
		t.soon(5*minute, hour, func() { pass(t.layer(), all) })
		return
	}
	pass(t.layer(), all)
}

// spray splits everything into nearly equal parts, and merges them again in
// another wallet within three days.
func (t *team) spray(from Party, tok Token) {
	l := t.w.sc.Layering
	parts := t.dice.Between(l.SprayMin, l.SprayMax)
	parts = min(parts, max(4, t.w.rows/1_000)) // a small set would be nothing else
	have := t.w.eth.spendable(tok, from)
	if value(tok, have) < 200_00*parts {
		t.out(from, tok)
		return
	}
	if tok == Ether {
		have -= t.w.eth.feeCeiling(gasTransfer) * parts
	}
	funnel := t.layer()
	t.withGas(from, parts, func() {
		var at int64
		for i := range parts {
			at += t.dice.Between(minute, 4*minute)
			part := t.layer()
			amount := scale(have/parts, t.dice.Between(96, 100), 100)
			if i == parts-1 {
				amount = all
			}
			t.w.after(at, func() {
				t.move(from, part, tok, amount, "spray", func() {
					t.soon(2*hour, 40*hour, func() { t.move(part, funnel, tok, all, "funnel", nil) })
				})
			})
		}
		t.soon(66*hour, 72*hour, func() { t.out(funnel, tok) })
	})
}
