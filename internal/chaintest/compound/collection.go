package compound

// scheduleCollection empties the collection wallets once a day. The last one of
// each team is given up after three weeks: what it got later is still there.
func (t *team) scheduleCollection() {
	for i, wallet := range t.collections {
		last := int64(50)
		if i == len(t.collections)-1 {
			last = 24
		}
		for d := int64(3); d < last; d++ {
			t.w.at(inShift(Start+d*day+t.dice.between(0, 20*hour)), func() {
				t.consolidate(wallet, t.consolidation[i%len(t.consolidation)])
			})
		}
	}
}

// consolidate moves a collection wallet's USDT, all of it, and its ether but
// for a reserve.
func (t *team) consolidate(from, to string) {
	if !less(t.w.eth.balance(tether, from), worth(tether, 300_00)) {
		t.move(from, to, tether, all, nil)
	}
	reserve := milliEther(40)
	if have := t.w.eth.spendable(ether, from); !less(have, milliEther(200)) {
		t.w.pay(from, to, ether, minus(have, reserve))
	}
}

// payBack sends a victim a little money from a team wallet, if there is enough;
// otherwise it tries again, some times.
func (t *team) payBack(v *victim, sum amount, tries int) {
	if v.asset == bitcoins {
		t.payBackBitcoin(v, sum.Uint64(), tries)
		return
	}
	for _, from := range t.consolidation {
		if less(t.w.eth.spendable(v.asset, from), sum) {
			continue
		}
		var hash string
		if v.own == "" {
			hash = v.exchange.deposit(from, v.refund, v.asset, sum)
		} else {
			hash = t.w.pay(from, v.refund, v.asset, sum)
		}
		t.w.truth.payBack(v, hash, sum)
		return
	}
	if tries > 0 {
		t.soon(2*hour, 8*hour, func() { t.payBack(v, sum, tries-1) })
	}
}
