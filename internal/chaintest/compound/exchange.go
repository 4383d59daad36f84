package compound

import (
	"fmt"
	"strings"
)

// exchange is a custodian: it pays from hot wallets, gives every customer
// deposit addresses, and sweeps these into its hot wallets.
type exchange struct {
	w      *world
	dice   dice
	name   string // "Alder"
	id     string // "alder"
	hot    string // Ethereum
	gas    string // Ethereum; tops up deposit addresses before a token sweep
	vault  string // Bitcoin
	weight int64  // share of the compound's cash-out, in percent

	received map[string]amount  // ether deposited and not yet swept, by deposit address
	unswept  map[string][]*Link // deposits not yet swept, by deposit address
	sweeping map[string]bool
	payouts  []payout // Bitcoin withdrawals waiting for the next batch
	deposits []string // Bitcoin deposit addresses, in order of their opening
}

func (w *world) openExchanges() {
	for i, name := range []string{"Alder", "Birch", "Cedar"} {
		id := strings.ToLower(name)
		x := &exchange{
			w: w, dice: w.dice("exchange " + id), name: name, id: id, weight: []int64{45, 30, 25}[i],
			hot:      w.account(id+" hot", CexHot, id, id),
			gas:      w.account(id+" gas", CexGas, id, id),
			vault:    w.bitcoinAddress(id+" vault", name == "Cedar", CexHot, id, id),
			received: map[string]amount{}, unswept: map[string][]*Link{}, sweeping: map[string]bool{},
		}
		w.exchanges = append(w.exchanges, x)
		w.at(Start, func() { w.eth.reward(x.hot, milliEther(5_000_000)) })
		w.at(Start+2*hour+int64(i)*minute, func() {
			w.eth.pay(w.places.treasury, x.hot, tether, worth(tether, 50_000_000_00))
			w.pay(x.hot, x.gas, ether, milliEther(40_000))
		})
		for n := range 12 {
			w.at(w.bitcoinTime(firstBitcoin+1+int64(3*n+i)), func() { w.btc.coinbase(x.vault, uint64(x.dice.between(2e6, 3e7))) })
		}
		x.runBitcoin()
	}
}

// byWeight chooses an exchange as the compound does: mostly the first.
func (w *world) byWeight(d dice) *exchange {
	n := d.between(1, 100)
	for _, x := range w.exchanges {
		if n -= x.weight; n <= 0 {
			return x
		}
	}
	return w.exchanges[0]
}

// withdraw pays a customer from the hot wallet.
func (x *exchange) withdraw(to string, a asset, v amount) string { return x.w.pay(x.hot, to, a, v) }

// open gives a customer an Ethereum deposit address.
func (x *exchange) open(customer string, n int) string {
	return x.w.account(fmt.Sprintf("%s deposit %d of %s", x.id, n, customer), CexDeposit, customer, x.id)
}

// deposit pays into a deposit address and plans its sweep, 100 to 3,000 blocks
// later.
func (x *exchange) deposit(from, address string, a asset, v amount) string {
	hash := x.w.pay(from, address, a, v)
	x.book(&Link{
		Chain: "ethereum", From: from, Deposit: address, Exchange: x.id, Asset: a.id(), Amount: v,
		DepositTx: hash, Controller: x.w.who[address].Controller,
	})
	if a == ether {
		x.received[address] = plus(x.received[address], v)
	}
	if !x.sweeping[address] {
		x.sweeping[address] = true
		x.w.after(slot*x.dice.between(100, 3_000), func() { x.sweep(address) })
	}
	return hash
}

func (x *exchange) book(l *Link) {
	x.w.truth.Links = append(x.w.truth.Links, l)
	x.unswept[l.Deposit] = append(x.unswept[l.Deposit], l)
}

// sweep empties a deposit address into the hot wallet: ether less its fee, and
// USDT to the last unit, for which it needs ether for gas first.
func (x *exchange) sweep(address string) {
	e := x.w.eth
	if v := x.received[address]; !v.IsZero() {
		x.received[address] = amount{}
		x.swept(address, ether, x.w.pay(address, x.hot, ether, minus(v, e.fee(gasTransfer))))
	}
	if have := e.balance(tether, address); have.IsZero() {
		x.sweeping[address] = false
		return
	}
	if less(e.balance(ether, address), feeCeiling(gasToken)) {
		x.w.pay(x.gas, address, ether, milliEther(5))
	}
	x.w.after(slot*x.dice.between(2, 8), func() {
		x.swept(address, tether, x.w.pay(address, x.hot, tether, e.balance(tether, address)))
		x.sweeping[address] = false
		if v := x.received[address]; !v.IsZero() { // came while the top-up was on its way
			x.sweeping[address] = true
			x.w.after(slot*x.dice.between(100, 3_000), func() { x.sweep(address) })
		}
	})
}

// swept notes in the truth which transaction swept the deposits.
func (x *exchange) swept(address string, a asset, hash string) {
	var rest []*Link
	for _, l := range x.unswept[address] {
		if l.Asset == a.id() {
			l.SweepTx = hash
		} else {
			rest = append(rest, l)
		}
	}
	x.unswept[address] = rest
}
