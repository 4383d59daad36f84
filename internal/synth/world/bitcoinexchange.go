package world

import "slices"

// bitcoinExchange is the Bitcoin side of an exchange.
type bitcoinExchange struct {
	vault    Party // its hot wallet
	ordered  int64 // coinbases on their way
	payouts  []payout
	owed     int64 // their sum
	batching bool  // whether a batch is planned
	received []DepositFact
	sweeping bool
}

// payout is a withdrawal that waits; paid runs when it was sent.
type payout struct {
	Output
	mark Mark
	paid func(tx int64)
}

const (
	mostPayouts = 100 // of one batch
	mostSwept   = 200 // deposits of one sweep
)

func (x *exchange) openBitcoin() {
	if x.w.sc.Bitcoin == 0 {
		return
	}
	x.vault = x.w.bitcoinAccount(CexHot, x.entity, x.entity)
	x.w.at(x.w.start, x.refill)
}

// vaults are the exchange's Bitcoin wallets.
func (x *exchange) vaults() []Party {
	if x.vault == 0 {
		return nil
	}
	return []Party{x.vault}
}

// closeBitcoin tells the deposits that were never swept.
func (x *exchange) closeBitcoin() {
	for _, f := range x.received {
		x.w.tell(x.w.sink.Deposit(f))
	}
	x.received = nil
}

// refill orders coinbases until the vault will have what is owed twice over:
// they mature for most of a day, in which others want as much.
func (x *exchange) refill() {
	b := x.w.btc
	each := subsidy(b.heightAt(x.w.now))
	have := each * x.ordered
	for _, c := range b.coins[x.vault] {
		have += c.Value
	}
	for ; have < 2*x.owed+each/2; have += each {
		b.order(x)
	}
}

// withdrawBitcoin asks for a withdrawal with the next batch.
func (x *exchange) withdrawBitcoin(to Party, amount int64, m Mark, paid func(tx int64)) {
	x.payouts = append(x.payouts, payout{Output{to, amount}, m, paid})
	x.owed += amount
	x.planPayouts(x.dice.Between(hour, 8*hour))
}

func (x *exchange) planPayouts(later int64) {
	if !x.batching {
		x.batching = true
		x.w.after(later, x.payOut)
	}
}

// payOut pays, in one transaction, what the vault can cover now; the rest waits
// for a deposit or a coinbase.
func (x *exchange) payOut() {
	b := x.w.btc
	x.batching = false
	x.refill()
	have, coins := b.balance(x.vault)
	have -= b.fee(coins, mostPayouts+1)
	var batch []payout
	var out []Output
	x.payouts = slices.DeleteFunc(x.payouts, func(p payout) bool {
		if len(batch) == mostPayouts || p.Value > have {
			return false
		}
		have -= p.Value
		x.owed -= p.Value
		batch = append(batch, p)
		out = append(out, p.Output)
		return true
	})
	if len(batch) == 0 && coins == mostInputs {
		b.sweep([]Party{x.vault}, known(x.vault), Mark{Entity: x.entity}) // too small to pay with
	}
	if len(batch) > 0 {
		r := b.pay(x.dice, []Party{x.vault}, out, known(x.vault), x.batchMark(batch))
		for _, p := range batch {
			if p.paid != nil {
				p.paid(r.tx)
			}
		}
	}
	switch {
	case len(x.payouts) == 0:
	case len(batch) == mostPayouts:
		x.planPayouts(minute)
	default:
		x.planPayouts(x.dice.Between(hour, 3*hour))
	}
}

// batchMark is the mark of what matters in a batch. Where several customers do,
// the exchange is who did it.
func (x *exchange) batchMark(batch []payout) Mark {
	m := Mark{Entity: x.entity}
	for _, p := range batch {
		switch {
		case p.mark.Stage == "" || p.mark == m:
		case m.Stage == "":
			m = p.mark
		default:
			m.Entity = x.entity
		}
	}
	return m
}

// openBitcoinDeposit gives a customer a Bitcoin deposit address.
func (x *exchange) openBitcoinDeposit(customer Entity) Party {
	return x.w.bitcoinAccount(CexDeposit, customer, x.entity)
}

// nextBitcoin is where the customer pays in bitcoin.
func (d *depositor) nextBitcoin(uses func() int64) Party {
	if d.left == 0 {
		d.address = d.exchange.openBitcoinDeposit(d.customer)
		d.left = max(1, uses())
	}
	d.left--
	return d.address
}

// receive notes a transaction that pays a deposit address once, and plans its
// sweep.
func (x *exchange) receive(from, address Party, amount, tx int64) {
	x.received = append(x.received, DepositFact{
		Bitcoin: true, From: from, Deposit: address, Exchange: x.entity, Controller: x.w.parties.Controller(address),
		Amount: amount, DepositTx: tx, SweepTx: -1,
	})
	x.planCollect(slot * x.lag())
}

func (x *exchange) planCollect(later int64) {
	if !x.sweeping {
		x.sweeping = true
		x.w.after(later, x.collect)
	}
}

// collect sweeps what customers paid in since the last time. The co-spend is
// true: all of these addresses are the exchange's, though its customers are
// strangers to each other.
func (x *exchange) collect() {
	b := x.w.btc
	x.sweeping = false
	facts := x.received[:min(mostSwept, len(x.received))]
	m := Mark{Entity: x.entity}
	var in []Coin
	for _, f := range facts {
		in = append(in, b.paidBy(f.DepositTx, f.Deposit))
		if x.w.isTeam(f.Controller) {
			m.Stage = "sweep"
		}
	}
	if r := b.merge(in, known(x.vault), m); r.tx >= 0 {
		for _, f := range facts {
			f.SweepTx = r.tx
			x.w.tell(x.w.sink.Deposit(f))
		}
		x.received = slices.Delete(x.received, 0, len(facts))
	}
	switch {
	case len(x.received) >= mostSwept:
		x.planCollect(minute)
	case len(x.received) > 0:
		x.planCollect(slot * x.lag())
	}
}

// paidBy is the coin that a transaction gave to an address.
func (b *bitcoin) paidBy(tx int64, owner Party) Coin {
	for _, c := range b.coins[owner] {
		if c.Tx == tx {
			return c
		}
	}
	return Coin{}
}
