package world

import (
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/scamtrace/scamtrace/internal/synth/dice"
)

const (
	// dust is the smallest output that nodes relay, in satoshi.
	dust = int64(546)
	// mostInputs keeps transactions within the size that nodes relay.
	mostInputs = 500
)

// bitcoin is the actors' way to their chain, and its unspent coins.
type bitcoin struct {
	w       *World
	coins   map[Party][]Coin // oldest first; who has none is not in it
	height  int64            // the block that is open
	index   int              // of its next transaction
	number  int64
	tx      BitcoinTx
	orders  []*exchange // one for each coinbase that is wanted
	mining  bool        // whether the next block is planned
	holders []holder
	purses  map[Party]*purse // of victims with a wallet, by its first address
}

func newBitcoin(w *World) *bitcoin {
	return &bitcoin{w: w, coins: map[Party][]Coin{}, purses: map[Party]*purse{}}
}

func (w *World) bitcoinAccount(r Role, controller, exchange Entity) Party {
	return w.parties.add(true, r, controller, exchange)
}

// satoshi is what a number of cents buys.
func satoshi(cents int64) int64 { return scale(cents, 1e8, 65_000_00) }

// spendable are the coins of addresses that can be spent now, oldest first at
// each.
func (b *bitcoin) spendable(from ...Party) iter.Seq[Coin] {
	height := b.heightAt(b.w.now)
	return func(yield func(Coin) bool) {
		for _, p := range from {
			for _, c := range b.coins[p] {
				if c.Matures <= height && !yield(c) {
					return
				}
			}
		}
	}
}

// balance is what addresses can spend in one transaction now, in satoshi, and
// the number of coins.
func (b *bitcoin) balance(from ...Party) (sum int64, coins int) {
	for c := range b.spendable(from...) {
		if coins == mostInputs {
			break
		}
		sum += c.Value
		coins++
	}
	return sum, coins
}

// covers reports whether addresses can spend so much now.
func (b *bitcoin) covers(amount int64, from ...Party) bool {
	for c := range b.spendable(from...) {
		if amount -= c.Value; amount <= 0 {
			return true
		}
	}
	return false
}

// receipt is what a transaction did.
type receipt struct {
	tx     int64 // -1 if the coins did not suffice: then there is none
	payer  Party // of its first input
	rest   Party // who got the change or, of a sweep, everything; 0 for nobody
	amount int64 // what the rest got
}

// address is where something goes. It is asked only if something does.
type address func() Party

func known(p Party) address { return func() Party { return p } }

func (w *World) fresh(r Role, controller Entity) address {
	return func() Party { return w.bitcoinAccount(r, controller, 0) }
}

// pay spends coins until the outputs and the fee are covered; the rest goes to
// change.
func (b *bitcoin) pay(d dice.Dice, from []Party, to []Output, change address, m Mark) receipt {
	var need, have int64
	for _, o := range to {
		need += o.Value
	}
	var in []Coin
	for c := range b.spendable(from...) {
		if len(in) == mostInputs {
			break
		}
		in = append(in, c)
		have += c.Value
		rest := have - need - b.fee(len(in), len(to)+1)
		if rest < 0 {
			continue
		}
		r := receipt{payer: in[0].Owner}
		out := slices.Clone(to)
		if rest > dust {
			r.rest, r.amount = change(), rest
			out = append(out, Output{r.rest, rest})
		}
		d.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
		r.tx = b.send(BitcoinTx{In: in, Out: out, Mark: m})
		return r
	}
	return receipt{tx: -1}
}

// sweep sends everything to one address.
func (b *bitcoin) sweep(from []Party, to address, m Mark) receipt {
	var in []Coin
	for c := range b.spendable(from...) {
		if len(in) == mostInputs {
			break
		}
		in = append(in, c)
	}
	return b.merge(in, to, m)
}

// merge is sweep for chosen coins.
func (b *bitcoin) merge(in []Coin, to address, m Mark) receipt {
	amount := -b.fee(len(in), 1)
	for _, c := range in {
		amount += c.Value
	}
	if amount <= dust {
		return receipt{tx: -1}
	}
	r := receipt{payer: in[0].Owner, rest: to(), amount: amount}
	r.tx = b.send(BitcoinTx{In: in, Out: []Output{{r.rest, amount}}, Mark: m})
	return r
}

// send executes a transaction now and returns its number.
func (b *bitcoin) send(tx BitcoinTx) int64 {
	b.open(b.heightAt(b.w.now))
	if b.w.err != nil {
		return -1
	}
	var fee int64
	for _, c := range tx.In {
		if err := b.take(c); err != nil {
			b.w.err = fmt.Errorf("the play failed at Bitcoin transaction %d, %s: %w", b.number, tx.Mark.Stage, err)
			return -1
		}
		fee += c.Value
	}
	for _, o := range tx.Out {
		fee -= o.Value
	}
	if fee <= 0 {
		b.w.err = fmt.Errorf("the play failed at Bitcoin transaction %d, %s: its fee is %d", b.number, tx.Mark.Stage, fee)
		return -1
	}
	tx.Index = b.index
	b.index++
	return b.write(tx, b.height)
}

// open begins a block. Its first place is the coinbase's, in the set or not.
func (b *bitcoin) open(height int64) {
	if height == b.height || b.w.err != nil {
		return
	}
	b.height, b.index = height, 1
	if len(b.orders) == 0 {
		return
	}
	x := b.orders[0]
	b.orders = b.orders[1:]
	x.ordered--
	b.write(BitcoinTx{Out: []Output{{x.vault, subsidy(height)}}, Mark: Mark{Entity: x.entity}}, height+coinbaseMatures)
}

// order lets one of the next blocks pay its coinbase to an exchange.
func (b *bitcoin) order(x *exchange) {
	b.orders = append(b.orders, x)
	x.ordered++
	if !b.mining {
		b.mining = true
		b.w.at(b.w.now, b.mine)
	}
}

func (b *bitcoin) mine() {
	b.open(b.heightAt(b.w.now))
	if b.mining = len(b.orders) > 0; b.mining {
		b.w.at(b.timeOf(b.height)+1, b.mine)
	}
}

func (b *bitcoin) write(tx BitcoinTx, matures int64) int64 {
	w := b.w
	tx.Number, tx.Height, tx.Time, tx.Size = b.number, b.height, b.timeOf(b.height), size(len(tx.In), len(tx.Out))
	tx.Night = w.night(tx.Time)
	b.number++
	for _, c := range tx.In {
		w.touch(c.Owner, tx.Time)
	}
	for i, o := range tx.Out {
		if o.To != 0 {
			w.touch(o.To, tx.Time)
			b.coins[o.To] = append(b.coins[o.To], Coin{tx.Number, i, o.To, o.Value, matures})
		}
	}
	w.count(1, tx.Mark)
	b.tx = tx
	w.tell(w.sink.Bitcoin(&b.tx))
	return tx.Number
}

var errSpent = errors.New("it spends a coin that is not there")

// take removes a coin. It is most often the first of its owner; those before it
// move up.
func (b *bitcoin) take(c Coin) error {
	list := b.coins[c.Owner]
	for i, have := range list {
		if have != c {
			continue
		}
		copy(list[1:i+1], list[:i])
		if list = list[1:]; len(list) == 0 {
			delete(b.coins, c.Owner)
		} else {
			b.coins[c.Owner] = list
		}
		return nil
	}
	return errSpent
}
