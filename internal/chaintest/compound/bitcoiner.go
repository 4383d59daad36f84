package compound

import "fmt"

// bitcoiner is an innocent with a Bitcoin wallet: change goes to a fresh
// address every time.
type bitcoiner struct {
	w        *world
	dice     dice
	id       string
	exchange *exchange
	wallet   []string
	deposit  string
	receives string
	acts     int
}

const bitcoiners = 30

// openBitcoiners brings them; they buy at exchanges, pay each other, and sell.
func (w *world) openBitcoiners() {
	var people []*bitcoiner
	for n := range bitcoiners {
		id := fmt.Sprintf("holder-%02d", n+1)
		b := &bitcoiner{w: w, id: id, dice: w.dice(id)}
		b.exchange = w.exchanges[b.dice.IntN(len(w.exchanges))]
		b.receives = w.bitcoinAddress(id, b.dice.chance(35), Benign, id, "")
		b.wallet = []string{b.receives}
		b.deposit = b.exchange.openBitcoin(id, 0)
		people = append(people, b)
	}
	for _, b := range people {
		w.at(Start+2*day+b.dice.between(0, 15*day), func() { b.act(people) })
	}
}

func (b *bitcoiner) act(people []*bitcoiner) {
	if b.w.now > Start+(Days-4)*day {
		return
	}
	b.acts++
	satoshi := uint64(b.dice.between(100_000, 4_000_000))
	switch have := b.w.btc.balance(b.wallet...); {
	case have < satoshi+100_000:
		b.exchange.withdrawBitcoin(b.receives, satoshi*uint64(b.dice.between(1, 4)), nil)
	case b.dice.chance(35):
		b.pay(payee{b.deposit, satoshi}, false)
	default:
		b.pay(payee{people[b.dice.IntN(len(people))].receives, satoshi}, b.dice.chance(10))
	}
	b.w.after(b.dice.between(2*day, 7*day), func() { b.act(people) })
}

// pay spends, with a note in the chain if told to.
func (b *bitcoiner) pay(to payee, note bool) {
	change := b.w.bitcoinAddress(fmt.Sprint(b.id, " change ", b.acts), false, Benign, b.id, "")
	out := []payee{to}
	if note {
		out = append(out, payee{})
	}
	coins := b.w.btc.of(b.wallet...)
	hash, ok := b.w.btc.pay(b.dice, coins, out, change)
	if !ok {
		return
	}
	b.wallet = append(b.wallet, change)
	if to.address == b.deposit {
		b.exchange.depositedBitcoin(coins[0].address, to.address, to.value, hash)
	}
}
