package compound

import "fmt"

// payout is one Bitcoin withdrawal; done runs when its batch was sent.
type payout struct {
	to    payee
	taken func(hash string)
}

// runBitcoin pays withdrawals in a batch a day and sweeps deposits every second
// day, all of them in one transaction.
func (x *exchange) runBitcoin() {
	for d := int64(2); d < Days+4; d++ {
		x.w.at(Start+d*day+x.dice.between(0, 20*hour), x.batch)
		if d%2 == 0 {
			x.w.at(Start+d*day+x.dice.between(0, 20*hour), x.collect)
		}
	}
}

// withdrawBitcoin asks for a withdrawal with the next batch.
func (x *exchange) withdrawBitcoin(to string, satoshi uint64, taken func(hash string)) {
	x.payouts = append(x.payouts, payout{payee{to, satoshi}, taken})
}

func (x *exchange) batch() {
	waiting := x.payouts
	if len(waiting) == 0 {
		return
	}
	var to []payee
	for _, p := range waiting {
		to = append(to, p.to)
	}
	hash, ok := x.w.btc.pay(x.dice, x.w.btc.of(x.vault), to, x.vault)
	if !ok {
		panic("compound: " + x.name + " has not enough bitcoin")
	}
	x.payouts = nil
	for _, p := range waiting {
		if p.taken != nil {
			p.taken(hash)
		}
	}
}

// openBitcoin gives a customer a Bitcoin deposit address.
func (x *exchange) openBitcoin(customer string, n int) string {
	a := x.w.bitcoinAddress(fmt.Sprintf("%s deposit %d of %s", x.id, n, customer), false, CexDeposit, customer, x.id)
	x.deposits = append(x.deposits, a)
	return a
}

// depositedBitcoin tells the exchange that an output pays a deposit address.
func (x *exchange) depositedBitcoin(from, address string, satoshi uint64, hash string) {
	x.book(&Link{
		Chain: "bitcoin", From: from, Deposit: address, Exchange: x.id, Asset: bitcoins.id(),
		Amount: units(satoshi), DepositTx: hash, Controller: x.w.who[address].Controller,
	})
}

// collect sweeps every deposit there is. The co-spend is true: all of these
// addresses are the exchange's, though their customers are strangers.
func (x *exchange) collect() {
	coins := x.w.btc.of(x.deposits...)
	if len(coins) == 0 {
		return
	}
	hash, _ := x.w.btc.sweep(coins, x.vault)
	if hash == "" {
		return
	}
	for _, a := range x.deposits {
		x.swept(a, bitcoins, hash)
	}
}
