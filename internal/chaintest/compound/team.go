package compound

import "fmt"

// team is one crew of the compound, with keys of its own.
type team struct {
	w             *world
	dice          dice
	id            string // "team-1"
	collections   []string
	consolidation []string
	station       string                // pays the gas of every other wallet
	forwarder     string                // a contract that passes ether on; empty if it has none
	wallets       int                   // layer wallets opened
	batches       [2]int                // laundered so far, by asset
	slots         map[string][]*slotted // its deposit addresses, by exchange
	bitcoinTeam
}

// slotted is a deposit address and how often the team used it.
type slotted struct {
	address     string
	uses, limit int
}

func (w *world) openTeams() {
	for n := range 2 {
		id := fmt.Sprintf("team-%d", n+1)
		t := &team{w: w, id: id, dice: w.dice(id), slots: map[string][]*slotted{}}
		t.batches = [2]int{2 * n, 2 * n} // the teams have different habits
		for i := range 3 {
			t.collections = append(t.collections, w.account(fmt.Sprintf("%s collection %d", id, i+1), Collection, id, ""))
		}
		for i := range 2 {
			t.consolidation = append(t.consolidation, w.account(fmt.Sprintf("%s consolidation %d", id, i+1), Consolidation, id, ""))
		}
		t.station = w.account(id+" gas station", GasStation, id, "")
		t.openBitcoin()
		w.teams = append(w.teams, t)
		w.at(Start+2*day+t.dice.between(0, hour), t.refuel)
		t.scheduleCollection()
		for d := int64(8); d <= 52; d += 4 {
			w.at(inShift(Start+d*day+t.dice.between(0, 20*hour)), t.launder)
		}
	}
	w.teams[0].deployForwarder()
}

// ethereumCollection hands out collection wallets in turn: four or five victims
// share one.
func (w *world) ethereumCollection(n int) (*team, string) {
	t := w.teams[n%len(w.teams)]
	return t, t.collections[n/len(w.teams)%len(t.collections)]
}

// refuel buys ether for the gas station at an exchange, like anybody.
func (t *team) refuel() { t.w.exchanges[0].withdraw(t.station, ether, milliEther(2_500)) }

// all asks for everything that an account can spend.
const all = int64(0)

// move sends an asset between wallets of the team or out of it, all of it or a
// number of cents' worth. It fetches gas first where that is needed, and then
// goes on with what comes next.
func (t *team) move(from, to string, a asset, cents int64, then func()) {
	t.withGas(from, a, func() {
		if v := t.sum(from, a, cents); !v.IsZero() {
			t.w.pay(from, to, a, v)
		}
		if then != nil {
			then()
		}
	})
}

// sum is what can be sent of what is wanted.
func (t *team) sum(from string, a asset, cents int64) amount {
	v := t.w.eth.spendable(a, from)
	if want := worth(a, cents); cents != all && less(want, v) {
		return want
	}
	return v
}

// withGas makes sure that a wallet can pay for sending USDT.
func (t *team) withGas(wallet string, a asset, do func()) {
	need := times(t.w.eth.fee(gasToken), 2, 1)
	if a == ether || !less(t.w.eth.balance(ether, wallet), need) {
		do()
		return
	}
	if less(t.w.eth.balance(ether, t.station), milliEther(200)) {
		t.refuel()
	}
	t.w.pay(t.station, wallet, ether, milliEther(8))
	t.w.after(t.dice.between(minute, 5*minute), func() { t.withGas(wallet, a, do) })
}

// layer opens a wallet that only passes money on.
func (t *team) layer() string {
	t.wallets++
	return t.w.account(fmt.Sprintf("%s layer %d", t.id, t.wallets), Layer, t.id, "")
}

// soon plans something some seconds ahead, in working hours.
func (t *team) soon(from, to int64, do func()) { t.w.at(inShift(t.w.now+t.dice.between(from, to)), do) }
