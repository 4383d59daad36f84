package world

import "github.com/scamtrace/scamtrace/internal/synth/dice"

// holder is one of the crowd with a Bitcoin wallet.
type holder struct {
	purse
	deposit Party
	buying  bool // whether a withdrawal is on its way
}

// fewestPeople are enough for a CoinJoin.
const fewestPeople = 3 * strangers

// people is how many of the crowd use Bitcoin. They are the first of its users.
func (b *bitcoin) people() int {
	if b.holders == nil {
		n := dice.Times(int64(len(b.w.crowd.users)), b.w.sc.Bitcoin)
		b.holders = make([]holder, max(fewestPeople, n))
	}
	return len(b.holders)
}

func (b *bitcoin) holder(i int) *holder {
	h := &b.holders[i]
	if h.receives == 0 {
		h.receives = b.w.bitcoinAccount(Benign, b.w.crowd.person(i), 0)
	}
	return h
}

func (b *bitcoin) exchangeOf(i int) *exchange { return b.w.exchanges[i%len(b.w.exchanges)] }

// buy lets somebody withdraw from an exchange, once at a time.
func (b *bitcoin) buy(i int, amount int64) {
	h := b.holder(i)
	if h.buying {
		return
	}
	h.buying = true
	m := Mark{Entity: b.w.crowd.person(i)}
	b.exchangeOf(i).withdrawBitcoin(h.receives, amount, m, func(int64) { b.holder(i).buying = false })
}

// crowd lets somebody act on Bitcoin: one after the other wants to buy, which
// makes no transaction yet, until one makes a payment.
func (b *bitcoin) crowd() {
	const atMost = 4
	n := b.number
	for range atMost {
		if b.act(); b.number > n {
			return
		}
	}
}

// act lets somebody buy, sell, or pay somebody else.
func (b *bitcoin) act() {
	c := b.w.crowd
	i := skewed(c.dice.Uint64(), b.people())
	h := b.holder(i)
	amount := max(40_000, satoshi(c.dice.LogNormalAround(80_00, 1_200_000)))
	if !b.covers(amount+mostFee, h.addresses()...) {
		b.buy(i, mostFee+amount*c.dice.Between(2, 6))
		return
	}
	change := b.w.fresh(Benign, c.person(i))
	if c.dice.Chance(300_000) {
		change = known(h.receives)
	}
	m := Mark{Entity: c.person(i)}
	switch n := c.dice.IntN(1000); {
	case n < 350:
		x := b.exchangeOf(i)
		if h.deposit == 0 {
			h.deposit = x.openBitcoinDeposit(c.person(i))
		}
		if r := b.spend(&h.purse, c.dice, []Output{{h.deposit, amount}}, change, m); r.tx >= 0 {
			x.receive(r.payer, h.deposit, amount, r.tx)
		}
	case n < 400:
		b.buy(i, amount*c.dice.Between(2, 6))
	default:
		to := int(scale(int64(c.partner(i)), int64(len(b.holders)), int64(len(c.users))))
		out := []Output{{b.holder(to).receives, amount}}
		if c.dice.Chance(50_000) {
			out = append(out, Output{}) // a note
		}
		b.spend(&h.purse, c.dice, out, change, m)
	}
}
