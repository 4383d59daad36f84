package compound

import "fmt"

// innocent is somebody who has nothing to do with the compound.
type innocent struct {
	w        *world
	dice     dice
	id       string
	wallet   string
	exchange *exchange
	deposit  string
	acts     int
}

const (
	innocents = 110
	merchants = 10 // the first innocents; they sell things
)

// openInnocents brings users and merchants, whose traffic a tracer has to cross
// without naming them.
func (w *world) openInnocents() {
	for n := range innocents {
		id := fmt.Sprintf("user-%03d", n+1)
		i := &innocent{w: w, dice: w.dice(id), id: id, wallet: w.account(id, Benign, id, "")}
		i.exchange = w.exchanges[i.dice.IntN(len(w.exchanges))]
		i.deposit = i.exchange.open(id, 0)
		w.innocents = append(w.innocents, i)
		begin := Start + 3*day + i.dice.between(0, 20*day)
		if n < merchants {
			begin = Start + 2*day
		}
		w.at(begin, i.fill)
		w.at(begin+i.dice.between(hour, 2*day), i.act)
	}
	w.openKiosk()
	w.openMixers()
}

// fill withdraws some money from the exchange.
func (i *innocent) fill() {
	i.exchange.withdraw(i.wallet, ether, milliEther(i.dice.between(150, 2_500)))
	if i.dice.chance(75) {
		i.exchange.withdraw(i.wallet, tether, worth(tether, i.dice.between(300_00, 6_000_00)))
	}
}

// act does something now and then, until the end.
func (i *innocent) act() {
	if i.w.now > Start+(Days-4)*day || i.acts > 14 {
		return
	}
	i.acts++
	a := tether
	if i.dice.chance(35) || less(i.w.eth.balance(tether, i.wallet), worth(tether, 60_00)) {
		a = ether
	}
	cents := i.dice.between(15_00, 400_00)
	if v := worth(a, cents); i.has(a, v) {
		i.spend(a, v)
	} else {
		i.fill()
	}
	i.w.after(i.dice.between(12*hour, 8*day), i.act)
}

func (i *innocent) spend(a asset, v amount) {
	w := i.w
	switch n := i.dice.IntN(100); {
	case n < 40:
		w.pay(i.wallet, w.places.kiosk, a, v)
	case n < 60:
		w.pay(i.wallet, w.innocents[i.dice.IntN(merchants)].wallet, a, v)
	case n < 72:
		w.pay(i.wallet, w.innocents[i.dice.IntN(innocents)].wallet, a, v)
	case n < 87:
		i.exchange.deposit(i.wallet, i.deposit, a, v)
	case n < 92 && a == tether:
		w.approve(i.wallet)
		w.swapTether(i.wallet, v)
	case n < 97 && a == ether:
		w.swapEther(i.wallet, v)
	case a == tether:
		w.cross(i.wallet, v)
	default:
		w.eth.fail(i.wallet, w.places.kiosk, a, v)
	}
}

// has leaves room for the fees of anything that spend does.
func (i *innocent) has(a asset, v amount) bool {
	room := times(i.w.eth.fee(gasContract), 3, 1)
	if a == ether {
		return !less(i.w.eth.balance(ether, i.wallet), plus(v, room))
	}
	return !less(i.w.eth.balance(ether, i.wallet), room) && !less(i.w.eth.balance(tether, i.wallet), v)
}

// openKiosk lets the kiosk pay its merchants every day, and the merchants
// deposit every week. It has hundreds of counterparties and no label.
func (w *world) openKiosk() {
	d := w.dice("kiosk")
	for n := int64(4); n < Days; n++ {
		w.at(Start+n*day+d.between(0, day), func() {
			for _, i := range w.innocents[:merchants] {
				if v := worth(tether, d.between(50_00, 300_00)); !less(w.eth.balance(tether, w.places.kiosk), v) && d.chance(40) {
					w.pay(w.places.kiosk, i.wallet, tether, v)
				}
			}
		})
		if n%7 == 0 {
			w.at(Start+n*day+d.between(0, day), func() {
				for _, i := range w.innocents[:merchants] {
					if v := times(w.eth.balance(tether, i.wallet), 4, 5); i.has(tether, v) && !v.IsZero() {
						i.exchange.deposit(i.wallet, i.deposit, tether, v)
					}
				}
			})
		}
	}
}
