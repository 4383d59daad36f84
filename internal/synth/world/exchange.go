package world

import (
	"fmt"

	"github.com/scamtrace/scamtrace/internal/synth/dice"
)

// exchange is a custodian: it pays from hot wallets, gives every customer
// deposit addresses, and sweeps these into its hot wallets.
type exchange struct {
	w       *World
	dice    dice.Dice
	entity  Entity
	name    string
	hot     Party
	gas     Party // tops up deposit addresses before a token sweep
	pending map[Party]*pending
	waiting []Party // keys of pending, in the order of their first deposit
	bitcoinExchange
}

// pending are deposits that wait for their sweep.
type pending struct {
	facts []DepositFact
	ether int64
	due   bool
}

// float is what a hot wallet is refilled to, in dollars.
const float = 50_000_000

func (w *World) openExchanges() {
	names := []string{"alder", "birch", "cedar", "damson", "elder", "fir", "gorse", "hazel"}
	for i := range w.sc.CashOut.Exchanges {
		name := fmt.Sprint("exchange-", i+1)
		if i < len(names) {
			name = names[i]
		}
		x := &exchange{w: w, dice: w.dice("exchange", uint64(i)), name: name, pending: map[Party]*pending{}}
		x.entity = w.entity("exchange", name, 0)
		x.hot = w.account(CexHot, x.entity, x.entity)
		x.gas = w.account(CexGas, x.entity, x.entity)
		w.exchanges = append(w.exchanges, x)
		w.at(w.start, func() {
			w.eth.reward(x.hot, worth(Ether, 200*float*100))
			w.eth.reward(x.gas, worth(Ether, float*100))
		})
		x.openBitcoin()
	}
}

// byWeight chooses an exchange as the compounds do.
func (w *World) byWeight(d dice.Dice) *exchange {
	return w.exchanges[d.Pick(w.sc.CashOut.Exchanges...)]
}

func (w *World) anyExchange(d dice.Dice) *exchange { return w.exchanges[d.IntN(len(w.exchanges))] }

// withdraw pays a customer from the hot wallet, which first gets new tokens
// where it has too few.
func (x *exchange) withdraw(to Party, t Token, amount int64, m Mark) int64 {
	if t != Ether && x.w.eth.balance(t, x.hot) < amount {
		x.w.mint(t, x.hot, amount+worth(t, float*100))
	}
	if t == Ether && !x.w.eth.gas {
		return -1
	}
	return x.w.eth.pay(x.hot, to, t, amount, m)
}

// open gives a customer a deposit address.
func (x *exchange) open(customer Entity) Party { return x.w.account(CexDeposit, customer, x.entity) }

// deposit pays into a deposit address of a customer and plans its sweep.
func (x *exchange) deposit(from, address Party, t Token, amount int64, m Mark) int64 {
	n := x.w.eth.pay(from, address, t, amount, m)
	p := x.pending[address]
	if p == nil {
		p = &pending{}
		x.pending[address] = p
		x.waiting = append(x.waiting, address)
	}
	p.facts = append(p.facts, DepositFact{
		From: from, Deposit: address, Exchange: x.entity, Controller: x.w.parties.Controller(address),
		Asset: t, Amount: amount, DepositTx: n, SweepTx: -1,
	})
	if t == Ether {
		p.ether += amount
	}
	if !p.due {
		p.due = true
		x.w.after(slot*x.lag(), func() { x.sweep(address) })
	}
	return n
}

// lag is how many blocks a sweep waits.
func (x *exchange) lag() int64 {
	ends := x.w.sc.CashOut.SweepBlocks
	i := x.dice.Pick(220_000, 310_000, 420_000, 30_000, 20_000)
	from := int64(20)
	if i > 0 {
		from = ends[i-1]
	}
	return x.dice.Between(from, ends[i])
}

// sweep empties a deposit address into the hot wallet: ether less its fee, and
// tokens to the last unit, for which it needs ether for gas first.
func (x *exchange) sweep(address Party) {
	e := x.w.eth
	p := x.pending[address]
	m := x.mark(address)
	if p.ether > 0 {
		amount := p.ether
		p.ether = 0
		if fee := e.feeCeiling(gasTransfer); amount > fee {
			x.swept(p, Ether, e.pay(address, x.hot, Ether, min(amount, e.balance(Ether, address))-fee, m))
		}
	}
	tokens := p.tokens()
	if len(tokens) == 0 {
		x.done(address)
		return
	}
	if e.gas && e.balance(Ether, address) < e.feeCeiling(gasToken)*int64(len(tokens)) {
		e.pay(x.gas, address, Ether, e.feeCeiling(gasToken)*int64(len(tokens)+1), Mark{Entity: x.entity})
	}
	x.w.after(slot*x.dice.Between(2, 8), func() {
		for _, t := range tokens {
			if have := e.balance(t, address); have > 0 {
				x.swept(p, t, e.pay(address, x.hot, t, have, m))
			}
		}
		if len(p.facts) > 0 { // came while the top-up was on its way
			x.w.after(slot*x.lag(), func() { x.sweep(address) })
			return
		}
		x.done(address)
	})
}

// mark is the sweep's own mark: the scam's where its customer is a team.
func (x *exchange) mark(address Party) Mark {
	c := x.w.parties.Controller(address)
	if x.w.isTeam(c) {
		return Mark{Stage: "sweep", Entity: c}
	}
	return Mark{Entity: c}
}

func (p *pending) tokens() (out []Token) {
	for _, f := range p.facts {
		seen := f.Asset == Ether
		for _, t := range out {
			seen = seen || t == f.Asset
		}
		if !seen {
			out = append(out, f.Asset)
		}
	}
	return out
}

// swept tells which transaction swept the deposits of a token.
func (x *exchange) swept(p *pending, t Token, n int64) {
	rest := p.facts[:0]
	for _, f := range p.facts {
		if f.Asset != t {
			rest = append(rest, f)
			continue
		}
		f.SweepTx = n
		x.w.tell(x.w.sink.Deposit(f))
	}
	p.facts = rest
}

func (x *exchange) done(address Party) {
	p := x.pending[address]
	if p.due = false; len(p.facts) == 0 {
		delete(x.pending, address)
	}
	// The list is cleaned now and then, so that it stays as short as the map.
	if len(x.waiting) > 2*len(x.pending)+64 {
		kept := x.waiting[:0]
		seen := map[Party]bool{}
		for _, a := range x.waiting {
			if x.pending[a] != nil && !seen[a] {
				seen[a] = true
				kept = append(kept, a)
			}
		}
		x.waiting = kept
	}
}

// close tells the deposits that were never swept.
func (x *exchange) close() {
	for _, a := range x.waiting {
		if p := x.pending[a]; p != nil {
			for _, f := range p.facts {
				x.w.tell(x.w.sink.Deposit(f))
			}
			delete(x.pending, a)
		}
	}
	x.closeBitcoin()
}
