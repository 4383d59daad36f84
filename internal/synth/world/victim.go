package world

import (
	"fmt"

	"github.com/scamtrace/scamtrace/internal/synth/dice"
)

// victim pays one team again and again, more each time.
type victim struct {
	w          *World
	dice       dice.Dice
	entity     Entity
	bitcoin    bool
	token      Token
	exchange   *exchange
	team       *team
	collection Party
	own        Party // a wallet of its own; 0 if it pays from the exchange
	plan       []int64
	fact       VictimFact
	told       bool
}

// inviteVictims lets the first victim come; each brings the next, so that only
// those who are paying take memory.
func (w *World) inviteVictims() {
	const first = 2 * day
	if w.sc.Victims == 0 || len(w.teams) == 0 {
		return
	}
	span := max(day, (w.end-w.start)*6/10-first)
	d := w.dice("arrivals", 0)
	var come func(n int64)
	come = func(n int64) {
		w.meet(n)
		if n+1 < w.sc.Victims {
			w.at(w.start+first+span*(n+1)/w.sc.Victims+d.Between(0, span/w.sc.Victims), func() { come(n + 1) })
		}
	}
	w.at(w.start+first, func() { come(0) })
}

// meet lets victim n fall for a team.
func (w *World) meet(n int64) {
	v := &victim{w: w, dice: w.dice("victim", uint64(n))}
	v.entity = w.entity("victim", fmt.Sprint("victim-", n+1), 0)
	v.exchange = w.anyExchange(v.dice)
	v.team = w.teams[v.dice.IntN(len(w.teams))]
	if v.bitcoin = v.dice.Chance(w.sc.Bitcoin); !v.bitcoin {
		s := w.sc.Victim
		v.token = []Token{USDT, Ether, USDC, WBTC}[v.dice.Pick(s.USDT, s.Ether, s.USDC, s.WBTC)]
		if v.token == Ether && !w.eth.gas {
			v.token = USDT
		}
	}
	v.collection = v.team.collection(v.bitcoin)
	if !v.dice.Chance(w.sc.Victim.FromExchange) {
		if v.bitcoin {
			v.own = w.bitcoinAccount(Victim, v.entity, 0)
		} else {
			v.own = w.account(Victim, v.entity, 0)
		}
	}
	v.fact = VictimFact{
		Victim: v.entity, Bitcoin: v.bitcoin, Own: v.own, Exchange: v.exchange.entity,
		Team: v.team.entity, Collection: v.collection, Asset: v.token,
	}
	w.remember(v)
	v.schedule()
	if w.sc.Hazards.Ransom > 0 && !v.bitcoin && v.dice.Chance(w.sc.Hazards.Ransom) {
		w.ransom(v.team, uint64(n))
	}
}

// tell tells the victim's story, once. Who paid nothing yet is no victim.
func (v *victim) tell() {
	if !v.told && v.fact.Payments > 0 {
		v.w.tell(v.w.sink.Victim(v.fact))
	}
	v.told = true
}

// remember keeps a victim until its story is told. The list is cleaned now and
// then.
func (w *World) remember(v *victim) {
	if len(w.paying) == cap(w.paying) {
		kept := w.paying[:0]
		for _, p := range w.paying {
			if !p.told {
				kept = append(kept, p)
			}
		}
		clear(w.paying[len(kept):])
		w.paying = kept
	}
	w.paying = append(w.paying, v)
}

// payments is how much is paid, in cents, first to last: the first is small,
// then each is about as many times the one before as the scenario says, up to
// sixty times.
func (v *victim) payments() []int64 {
	s := v.w.sc.Victim
	loss := max(2_500_00, v.dice.LogNormal(s.LossMu, s.LossSigma, 100))
	loss = min(loss, 20_000_000_00)
	n := 1 + v.dice.NegativeBinomial(s.Payments, s.PaymentsK)
	if s.Mode2024 {
		n, loss = dice.Times(n*1000, 3_100_000)/1000, dice.Times(loss, 1_395_000) // 3.1 * 0.45
	}
	first := min(100*v.dice.Between(s.FirstMin, s.FirstMax), loss)
	out := []int64{first}
	var weights []int64
	var sum int64
	weight := int64(1000)
	for range n - 1 {
		weights = append(weights, weight*v.dice.Between(70, 130))
		sum += weights[len(weights)-1]
		weight = min(dice.Times(weight, s.Growth), 60_000)
	}
	for _, part := range weights {
		out = append(out, max(100_00, scale(loss-first, part, sum)))
	}
	return out
}

func (v *victim) schedule() {
	cents := v.payments()
	gap := v.w.sc.Victim.Days * day / int64(max(8, len(cents)))
	for _, c := range cents {
		if c > 1_000_00 {
			c -= c % 10_00 // people pay round sums
		}
		if v.bitcoin {
			v.plan = append(v.plan, satoshi(c))
		} else {
			v.plan = append(v.plan, worth(v.token, c))
		}
	}
	v.w.after(v.dice.Between(0, day), func() { v.begin(0, gap) })
}

// begin starts a payment: the victim buys at the exchange and pays from there
// or, an hour or more later, from its own wallet. It plans the next.
func (v *victim) begin(n int, gap int64) {
	next := func() {
		if n+1 == len(v.plan) || v.w.now > v.w.end {
			v.w.after(12*day, v.tell) // a payback may still come
			return
		}
		v.w.after(gap/2+v.dice.Between(0, gap), func() { v.begin(n+1, gap) })
	}
	switch e := v.w.eth; {
	case v.bitcoin:
		v.payBitcoin(n, next)
	case v.own == 0:
		// An exchange pays out at most half a million dollars at a time.
		parts := 1 + (v.plan[n]-1)/worth(v.token, 500_000_00)
		for range parts - 1 {
			v.exchange.withdraw(v.collection, v.token, v.plan[n]/parts, v.mark())
		}
		last := v.plan[n] - v.plan[n]/parts*(parts-1)
		v.paid(n, v.exchange.withdraw(v.collection, v.token, last, v.mark()), next)
	default:
		reserve := e.feeCeiling(gasToken) * 3
		if e.balance(Ether, v.own) < reserve {
			v.exchange.withdraw(v.own, Ether, reserve, Mark{Entity: v.entity})
		}
		v.exchange.withdraw(v.own, v.token, v.plan[n], Mark{Entity: v.entity})
		v.w.after(v.dice.Between(hour, 9*hour), func() {
			v.paid(n, e.pay(v.own, v.collection, v.token, v.plan[n], v.mark()), next)
		})
	}
}

// mark is that of a payment.
func (v *victim) mark() Mark { return Mark{Stage: "payment", Entity: v.entity} }

// paid notes a payment. After the first, some get a little more than it paid
// back, which makes them pay on.
func (v *victim) paid(n int, tx int64, next func()) {
	w := v.w
	v.fact.Payments++
	v.fact.Paid += v.plan[n]
	w.public.payment(v.collection, tx, v.token, v.plan[n], w.now)
	if n == 0 {
		w.alert("victim", v.collection, v.token, v.plan[n], tx)
		if v.dice.Chance(w.sc.Victim.Induced) {
			v.fact.Induced = true
			back := scale(v.plan[0], v.dice.Between(101, 115), 100)
			w.after(v.dice.Between(day, 10*day), func() { v.team.payBack(v, back) })
		}
	}
	if v.bitcoin {
		v.team.gatherBitcoin(v.collection)
	} else {
		v.team.gather(v.collection)
	}
	next()
}

// payBack sends a victim a little money, out of what others paid.
func (t *team) payBack(v *victim, amount int64) {
	if v.bitcoin {
		t.payBackBitcoin(v, amount)
		return
	}
	from := t.consolidation[0]
	for _, c := range append([]Party{v.collection}, t.consolidation...) {
		if t.w.eth.balance(v.token, c) > amount {
			from = c
			break
		}
	}
	if t.w.eth.balance(v.token, from) <= amount {
		return
	}
	to := v.own
	pay := func() {
		have := t.w.eth.spendable(v.token, from)
		if have < amount || t.w.frozen(from, v.token) {
			return
		}
		v.fact.Refunded += amount
		if v.own != 0 {
			t.w.eth.pay(from, to, v.token, amount, t.mark("payback"))
			return
		}
		v.exchange.deposit(from, v.exchange.open(v.entity), v.token, amount, t.mark("payback"))
	}
	t.withGas(from, 1, pay)
}
