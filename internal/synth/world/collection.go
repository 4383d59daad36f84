package world

// gather plans that a collection address is emptied into a consolidation
// wallet: some hours after a payment, or with the next round.
func (t *team) gather(from Party) {
	if t.gathering[from] {
		return
	}
	t.gathering[from] = true
	wait := t.dice.LogNormalAround(int64(t.w.sc.Team.ConsolidationHours)*hour/1_000_000, 1_200_000)
	at := t.w.inShift(t.w.now + min(wait, 20*day))
	if t.every > 0 {
		at = (t.w.now/t.every+1)*t.every + t.dice.Between(0, 10*minute)
	}
	t.w.at(at, func() {
		delete(t.gathering, from)
		t.consolidate(from)
	})
}

// consolidate moves all tokens of a collection address.
func (t *team) consolidate(from Party) {
	i := int(from) % len(t.consolidation)
	to := t.consolidation[i]
	var held []Token
	for _, tok := range []Token{USDT, USDC, WBTC} {
		if t.w.eth.balance(tok, from) > 0 {
			held = append(held, tok)
		}
	}
	t.withGas(from, int64(len(held)), func() {
		for _, tok := range held {
			if have := t.w.eth.spendable(tok, from); have > 0 && !t.w.frozen(from, tok) {
				t.w.eth.pay(from, to, tok, have, t.mark("consolidation"))
			}
		}
		reserve := t.w.eth.feeCeiling(gasToken) * 4
		if have := t.w.eth.spendable(Ether, from); have > reserve+worth(Ether, 100_00) {
			t.w.eth.pay(from, to, Ether, have-reserve, t.mark("consolidation"))
		}
		t.planBatch(i)
	})
}

// planBatch lets a consolidation wallet be emptied within some days.
func (t *team) planBatch(i int) {
	if t.batching[i] {
		return
	}
	t.batching[i] = true
	t.soon(6*hour, 4*day, func() {
		t.batching[i] = false
		t.launder(i)
	})
}
