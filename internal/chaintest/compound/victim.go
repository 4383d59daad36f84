package compound

import "fmt"

// victim pays one team again and again, more each time.
type victim struct {
	w          *world
	dice       dice
	id         string
	number     int
	asset      asset
	exchange   *exchange
	team       *team
	collection string
	own        string // a wallet of its own; empty if it pays from the exchange
	refund     string // where a payback would go
	plan       []amount
	truth      *VictimTruth
}

// losses are deciles of what victims lose, in dollars: the log-normal that fits
// 550 reported cases (median 52,000), cut at 340,000.
func losses() []int64 {
	return []int64{6_000, 15_000, 24_000, 35_000, 44_000, 52_000, 66_000, 90_000, 130_000, 200_000, 340_000}
}

// assetOf spreads the victims over the assets: 16 pay USDT, 12 ether, 12 bitcoin.
func assetOf(n int) asset {
	switch {
	case n%10 < 4:
		return tether
	case n%10 < 7:
		return ether
	}
	return bitcoins
}

// Victims is how many there are.
const Victims = 40

func (w *world) meetVictims() {
	var accounts, coins int
	for n := range Victims {
		v := &victim{w: w, id: fmt.Sprintf("victim-%02d", n+1), number: n, asset: assetOf(n)}
		v.dice = w.dice(v.id)
		v.exchange = w.exchanges[v.dice.IntN(len(w.exchanges))]
		if v.asset == bitcoins {
			v.team, v.collection = w.bitcoinCollection(coins)
			coins++
		} else {
			v.team, v.collection = w.ethereumCollection(accounts)
			accounts++
		}
		v.truth = &VictimTruth{
			Victim: v.id, Chain: v.asset.chain(), Asset: v.asset.id(), Exchange: v.exchange.id,
			Team: v.team.id, Collection: v.collection,
		}
		v.settle(v.dice.chance(50) || n < 3 || n == 4)
		w.victims = append(w.victims, v)
		w.truth.Victims = append(w.truth.Victims, v.truth)
		v.schedule()
	}
}

// settle opens the victim's own wallet, or a deposit address for a payback.
func (v *victim) settle(own bool) {
	switch {
	case own && v.asset == bitcoins:
		v.own = v.w.bitcoinAddress(v.id+" wallet", v.dice.chance(30), Victim, v.id, "")
		v.refund = v.own
	case own:
		v.own = v.w.account(v.id+" wallet", Victim, v.id, "")
		v.refund = v.own
	case v.asset == bitcoins:
		v.refund = v.exchange.openBitcoin(v.id, 0)
	default:
		v.refund = v.exchange.open(v.id, 0)
	}
	v.truth.Address = v.own
}

// schedule splits the loss into three to six payments, each about half as large
// again as the one before, and plans them days apart.
func (v *victim) schedule() {
	deciles := losses()
	step := v.dice.IntN(len(deciles) - 1)
	loss := 100 * v.dice.between(deciles[step], deciles[step+1])
	n := v.dice.IntN(4) + 3
	var weights []int64
	var sum int64
	for i, share := 0, int64(100); i < n; i, share = i+1, share*3/2 {
		weights = append(weights, share*v.dice.between(85, 115))
		sum += weights[i]
	}
	at := Start + 3*day + v.dice.between(0, 28*day)
	for i, share := range weights {
		cents := loss * share / sum
		if cents > 1_000_00 {
			cents -= cents % 10_00 // people pay round sums
		}
		v.plan = append(v.plan, worth(v.asset, max(cents, 200_00)))
		v.w.at(at, func() { v.begin(i) })
		at += 2*day + v.dice.between(0, 4*day)
	}
}

// begin starts a payment: it buys at the exchange and pays from there or, an
// hour or more later, from its own wallet.
func (v *victim) begin(n int) {
	switch {
	case v.asset == bitcoins:
		v.beginBitcoin(n)
	case v.own == "":
		v.paid(n, v.exchange.withdraw(v.collection, v.asset, v.plan[n]))
	default:
		if less(v.w.eth.balance(ether, v.own), milliEther(15)) {
			v.exchange.withdraw(v.own, ether, milliEther(30))
		}
		v.exchange.withdraw(v.own, v.asset, v.plan[n])
		v.w.after(v.dice.between(hour, 9*hour), func() { v.pay(n) })
	}
}

// pay sends from the own wallet; now and then a first try runs out of gas.
func (v *victim) pay(n int) {
	if n == 1 && v.dice.chance(40) {
		v.w.eth.fail(v.own, v.collection, v.asset, v.plan[n])
		v.w.after(v.dice.between(2*minute, 20*minute), func() { v.paid(n, v.w.pay(v.own, v.collection, v.asset, v.plan[n])) })
		return
	}
	v.paid(n, v.w.pay(v.own, v.collection, v.asset, v.plan[n]))
}

func (v *victim) beginBitcoin(n int) {
	satoshi := v.plan[n].Uint64()
	if v.own == "" {
		v.exchange.withdrawBitcoin(v.collection, satoshi, func(hash string) { v.paid(n, hash) })
		return
	}
	v.exchange.withdrawBitcoin(v.own, satoshi+50_000, func(string) {
		v.w.after(v.dice.between(hour, 9*hour), func() {
			change := v.w.bitcoinAddress(fmt.Sprint(v.id, " change ", n), false, Victim, v.id, "")
			if hash, ok := v.w.btc.pay(v.dice, v.w.btc.of(v.own), []payee{{v.collection, satoshi}}, change); ok {
				v.paid(n, hash)
			}
		})
	})
}

// paid notes a payment in the truth. After the first, every third victim gets a
// little more than it paid back, which makes it pay on.
func (v *victim) paid(n int, hash string) {
	v.w.truth.pay(v, n, hash, v.plan[n])
	if n == 0 && v.number%3 == 0 {
		back := times(v.plan[0], uint64(v.dice.between(101, 115)), 100)
		v.w.after(v.dice.between(day, 2*day+12*hour), func() { v.team.payBack(v, back, 12) })
	}
}
