package compound

// peels is the length of a peel chain.
const peels = 12

// peel pays about seven percent into a deposit address and the rest to a fresh
// address of its own, over and over. What is left in the end rests the first
// time, and is cashed out later.
func (t *team) peel(from string, n int) {
	if n == 0 {
		if t.bitcoinBatches > 1 {
			t.layerBitcoin(from, 1)
		}
		return
	}
	have := t.w.btc.balance(from)
	part := have / 1_000 * uint64(t.dice.between(50, 95))
	next := t.bitcoinWallet(Peel)
	if t.depositBitcoin(from, part, next) {
		t.soon(hour, 9*hour, func() { t.peel(next, n-1) })
	}
}

// depositBitcoin pays a deposit address of the team, one that was used once
// first.
func (t *team) depositBitcoin(from string, satoshi uint64, change string) bool {
	var d bitcoinDeposit
	again := len(t.owed) > 0
	if again {
		d = t.owed[0]
	} else {
		d.exchange, d.address = t.depositBitcoinSlot()
	}
	hash, ok := t.w.btc.pay(t.dice, t.w.btc.of(from), []payee{{d.address, satoshi}}, change)
	if !ok {
		return false
	}
	d.exchange.depositedBitcoin(from, d.address, satoshi, hash)
	if again {
		t.owed = t.owed[1:]
	} else {
		t.owed = append(t.owed, d)
	}
	return true
}

// cashOutBitcoin deposits in four parts.
func (t *team) cashOutBitcoin(from string) { t.cashOutBitcoinSome(from, 4) }

func (t *team) cashOutBitcoinSome(from string, parts uint64) {
	if parts == 0 {
		return
	}
	change := t.bitcoinWallet(Layer)
	if t.depositBitcoin(from, t.w.btc.balance(from)/(parts+1), change) {
		t.soon(2*hour, day, func() { t.cashOutBitcoinSome(change, parts-1) })
	}
}
