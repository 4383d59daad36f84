package world

import (
	"fmt"
	"math/bits"

	"github.com/scamtrace/scamtrace/internal/synth/dice"
)

// crowd is everybody who has nothing to do with a compound: users of exchanges,
// merchants, traders. Degrees follow a power law. Users are numbers until they
// first act.
type crowd struct {
	w       *World
	dice    dice.Dice
	users   []user
	entity  Entity
	acts    int64
	next    int64 // when somebody acts next, in seconds
	millis  int64 // the same in thousandths
	gap     int64 // thousandths of a second between two acts
	brokers []*exchange
	broker  []Party // deposit addresses that many share
}

// user is one of the crowd.
type user struct{ wallet, deposit Party }

func (w *World) openCrowd() {
	c := &crowd{w: w, dice: w.dice("crowd", 0), entity: w.entity("crowd", "crowd", 0)}
	c.users = make([]user, max(40, w.rows/max(1, w.sc.Crowd.PerUser)))
	c.millis = (w.start + 3*hour) * 1000
	c.next = c.millis / 1000
	for _, b := range w.places.brokers {
		x := w.anyExchange(c.dice)
		c.brokers = append(c.brokers, x)
		c.broker = append(c.broker, x.open(w.parties.Controller(b)))
	}
	w.crowd = c
	c.pace()
}

// pace spreads the rows that the scam will not make over the time that is left.
func (c *crowd) pace() {
	w := c.w
	ours := w.rows - w.written
	if w.now < w.start+(w.end-w.start)*8/10 {
		ours -= max(0, w.rows-dice.Times(w.rows, w.sc.Crowd.Share)-w.scam)
	}
	left := max(day, w.end-w.now)
	// Not so long that the pace is not looked at again.
	c.gap = max(1, min(left*1000/max(1, ours), (w.end-w.start)*6))
}

// act lets somebody do something.
func (c *crowd) act() {
	if c.acts++; c.acts%16 == 0 {
		c.pace()
	}
	c.millis = max(c.millis, c.w.now*1000) + c.gap
	c.next = c.millis / 1000
	if c.w.sc.Bitcoin > 0 && c.dice.Chance(c.w.sc.Bitcoin) {
		c.w.btc.crowd()
		return
	}
	c.onEthereum()
}

// skewed draws a number below n, small ones far more often.
func skewed(x uint64, n int) int {
	u := x >> 32
	u = u * u >> 32 * u >> 32
	hi, _ := bits.Mul64(u<<32, uint64(n))
	return int(hi)
}

func (c *crowd) user(i int) *user {
	u := &c.users[i]
	if u.wallet == 0 {
		u.wallet = c.w.account(Benign, c.person(i), 0)
	}
	return u
}

// person is a controller of its own for each of a small crowd: the truth about
// clusters needs it. They are not introduced one by one.
func (c *crowd) person(i int) Entity { return CrowdEntity | Entity(i) }

// CrowdEntity marks the entities of the crowd: the number of a user and this
// bit. They are not introduced to the witness; their name is EntityName's.
const CrowdEntity Entity = 1 << 31

// EntityName is the name of one of the crowd.
func EntityName(e Entity) string { return fmt.Sprint("user-", uint32(e&^CrowdEntity)+1) }

// partner is one of a user's few counterparties, so that relations repeat.
func (c *crowd) partner(i int) int {
	fan := uint64(4) << min(bits.TrailingZeros64(dice.Mix(uint64(i)^c.w.seed)), 6)
	which := c.dice.Uint64() % fan
	return skewed(dice.Mix(uint64(i)*1_000_003+which+c.w.seed), len(c.users))
}

func (c *crowd) onEthereum() {
	w, e := c.w, c.w.eth
	i := skewed(c.dice.Uint64(), len(c.users))
	u := c.user(i)
	x := w.exchanges[i%len(w.exchanges)]
	m := Mark{Entity: c.person(i)}
	t := USDT
	if e.gas && c.dice.Chance(250_000) {
		t = Ether
	}
	amount := worth(t, c.dice.LogNormalAround(120_00, 1_200_000))
	room := 3 * e.feeCeiling(gasContract)
	if e.balance(Ether, u.wallet) < room+cond(t == Ether, amount) {
		x.withdraw(u.wallet, Ether, room*4+cond(t == Ether, 4*amount), m)
		return
	}
	if t != Ether && e.balance(t, u.wallet) < amount {
		x.withdraw(u.wallet, t, amount*c.dice.Between(2, 12), m)
		return
	}
	switch n := c.dice.IntN(1000); {
	case n < 420:
		if to := c.user(c.partner(i)).wallet; to != c.users[i].wallet {
			e.pay(c.users[i].wallet, to, t, amount, m)
		}
	case n < 640:
		e.pay(u.wallet, w.places.kiosk, t, amount, m)
	case n < 700:
		c.kioskPays(t)
	case n < 860:
		c.deposit(i, x, t, amount, m)
	case n < 900 && e.gas:
		out := Ether
		if t == Ether {
			out = USDT
		}
		w.swap(u.wallet, u.wallet, t, out, amount, c.dice.Chance(300_000), m)
	case n < 920 && t == USDT:
		w.cross(u.wallet, amount, m)
	case n < 945 && e.gas:
		if give := e.feeCeiling(gasToken) * 3; e.balance(Ether, w.places.market) > 2*give {
			e.pay(w.places.market, u.wallet, Ether, give, m)
		}
	case n < 955:
		e.fail(u.wallet, w.places.kiosk, t, amount, m)
	case n < 957 && t == Ether && e.balance(Ether, u.wallet) > note+room:
		w.mixNote(u.wallet, w.account(Benign, c.person(i), 0), c.dice.Between(2*day, 6*day), m)
	default:
		x.withdraw(u.wallet, t, amount*c.dice.Between(2, 12), m)
	}
}

// deposit pays into the user's own address, or that of a broker whom many use.
func (c *crowd) deposit(i int, x *exchange, t Token, amount int64, m Mark) {
	u := c.user(i)
	if len(c.broker) > 0 && c.dice.Chance(60_000) {
		b := c.dice.IntN(len(c.broker))
		c.brokers[b].deposit(u.wallet, c.broker[b], t, amount, m)
		return
	}
	if u.deposit == 0 {
		u.deposit = x.open(c.person(i))
	}
	x.deposit(u.wallet, u.deposit, t, amount, m)
}

// kioskPays lets the payment service pay a merchant.
func (c *crowd) kioskPays(t Token) {
	e := c.w.eth
	have := e.spendable(t, c.w.places.kiosk)
	amount := worth(t, c.dice.Between(500_00, 5_000_00))
	if have < 2*amount {
		return
	}
	i := c.dice.IntN(min(10, len(c.users)))
	e.pay(c.w.places.kiosk, c.user(i).wallet, t, amount, Mark{Entity: c.w.parties.Controller(c.w.places.kiosk)})
}
