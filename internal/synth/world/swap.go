package world

// swapToTether turns what a wallet has into USDT, some through DAI, and goes on
// with that.
func (t *team) swapToTether(from Party, tok Token) {
	l := t.w.sc.Layering
	receiver := from
	if t.dice.Chance(l.ThirdParty) {
		receiver = t.layer()
	}
	via := tok
	if tok != DAI && t.dice.Chance(l.ViaDAI) {
		via = DAI
	}
	t.withGas(from, 6, func() {
		rfq := tok != Ether && t.dice.Chance(l.RFQ)
		if via == DAI {
			t.w.swap(from, from, tok, DAI, t.sold(from, tok), rfq, t.mark("swap"))
			t.soon(10*minute, 3*hour, func() {
				t.withGas(from, 6, func() {
					t.w.swap(from, receiver, DAI, USDT, t.sold(from, DAI), rfq, t.mark("swap"))
					t.soon(10*minute, 5*hour, func() { t.layered(receiver, USDT) })
				})
			})
			return
		}
		t.w.swap(from, receiver, tok, USDT, t.sold(from, tok), rfq, t.mark("swap"))
		t.soon(10*minute, 5*hour, func() { t.layered(receiver, USDT) })
	})
}

// sold is what a wallet can put into a swap.
func (t *team) sold(from Party, tok Token) int64 {
	have := t.w.eth.balance(tok, from)
	if tok == Ether {
		have -= 8 * t.w.eth.feeCeiling(gasContract)
	}
	return max(0, have)
}

// thereAndBack swaps USDT to ether and back within a day.
func (t *team) thereAndBack(from Party) {
	t.withGas(from, 6, func() {
		t.w.swap(from, from, USDT, Ether, t.w.eth.balance(USDT, from), false, t.mark("swap"))
		t.soon(hour, 12*hour, func() {
			t.w.swap(from, from, Ether, USDT, t.sold(from, Ether), false, t.mark("swap"))
			t.soon(10*minute, 5*hour, func() { t.layered(from, USDT) })
		})
	})
}

// swap is one transaction with the pool, or with the desk that quotes prices,
// whose relayer sends it. Ether moves by an internal call.
func (w *World) swap(from, to Party, in, out Token, amount int64, rfq bool, m Mark) {
	if amount <= 0 || w.frozen(from, in) {
		return
	}
	place, sender := w.places.pool, from
	if rfq {
		place, sender = w.places.desk, w.places.relayer
	}
	got := scale(worth(out, value(in, amount)), 10_000-w.sc.Layering.SwapFeeBps, 10_000)
	if got <= 0 || w.eth.balance(out, place) < got || w.eth.balance(Ether, sender) < w.eth.fee(gasContract)+cond(in == Ether, amount) {
		return
	}
	tx := EthereumTx{From: sender, To: place, Input: ContractCall, GasUsed: gasContract, Mark: m}
	if in == Ether {
		tx.Value = amount
	} else {
		tx.Logs = append(tx.Logs, Log{Token: in, From: from, To: place, Amount: amount})
	}
	if out == Ether {
		tx.Calls = append(tx.Calls, Call{Path: "0", Kind: "call", From: place, To: to, Value: got})
	} else {
		tx.Logs = append(tx.Logs, Log{Token: out, From: place, To: to, Amount: got})
	}
	n := w.eth.send(tx)
	w.tell(w.sink.Link(LinkFact{
		Type: "swap", From: from, To: to, AssetIn: in, AssetOut: out, AmountIn: amount, AmountOut: got, Tx: n, Controller: m.Entity,
	}))
}

func cond(is bool, v int64) int64 {
	if is {
		return v
	}
	return 0
}
