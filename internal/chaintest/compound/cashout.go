package compound

import "fmt"

// cashOut pays everything into deposit addresses, some thousand dollars at a
// time, until the wallet is empty.
func (t *team) cashOut(from string, a asset) {
	t.withGas(from, a, func() { t.cashOutSome(from, a, true) })
}

func (t *team) cashOutSome(from string, a asset, first bool) {
	have := t.w.eth.spendable(a, from)
	if less(have, worth(a, 100_00)) {
		return
	}
	chunk := worth(a, t.dice.between(8_000_00, 40_000_00))
	last := less(have, plus(chunk, worth(a, 4_000_00)))
	if last {
		chunk = have
	}
	x, d := t.depositSlot(last)
	if last && d.uses == 0 { // a deposit address is always used again
		chunk, last = times(have, 1, 2), false
	}
	if first && t.dice.chance(35) {
		t.w.eth.fail(from, d.address, a, chunk)
		t.soon(5*minute, hour, func() { t.withGas(from, a, func() { t.cashOutSome(from, a, false) }) })
		return
	}
	d.uses++
	x.deposit(from, d.address, a, chunk)
	if !last {
		t.soon(20*minute, 6*hour, func() { t.withGas(from, a, func() { t.cashOutSome(from, a, false) }) })
	}
}

// depositSlot chooses where the next money goes. An address that was used once
// comes first, and the last of some money opens none if it can, so that every
// one is used at least twice.
func (t *team) depositSlot(last bool) (*exchange, *slotted) {
	for _, x := range t.w.exchanges {
		for _, d := range t.slots[x.id] {
			if d.uses == 1 {
				return x, d
			}
		}
	}
	x := t.w.byWeight(t.dice)
	list := t.slots[x.id]
	if n := len(list); n > 0 && (last || list[n-1].uses < list[n-1].limit) {
		return x, list[n-1]
	}
	d := &slotted{address: x.open(t.id, len(list)), limit: t.dice.IntN(4) + 2}
	t.slots[x.id] = append(list, d)
	return x, d
}

// depositBitcoinSlot is the same for Bitcoin, with two addresses an exchange
// that take turns.
func (t *team) depositBitcoinSlot() (*exchange, string) {
	x := t.w.byWeight(t.dice)
	list := t.bitcoinSlots[x.id]
	if len(list) < 2 {
		list = append(list, x.openBitcoin(fmt.Sprint(t.id), 100+len(list)))
		t.bitcoinSlots[x.id] = list
	}
	return x, list[t.dice.IntN(len(list))]
}
