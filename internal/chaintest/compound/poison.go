package compound

import "fmt"

// poison plants look-alike addresses in people's histories, hoping that the
// next payment is copied from there.
type poison struct {
	w           *world
	dice        dice
	owner       string
	contract    string
	counterfeit string // a token that calls itself USDT
	open        bool
	planted     int
}

const poisonings = 60

func (w *world) openPoison() {
	p := &poison{
		w: w, dice: w.dice("poisoner"),
		owner:       w.account("poisoner", Poisoner, "poisoner", ""),
		contract:    w.account("poisoner contract", Poisoner, "poisoner", ""),
		counterfeit: w.account("counterfeit USDT", Poisoner, "poisoner", ""),
	}
	w.poison = p
	w.at(Start+3*day, func() {
		x := w.exchanges[1]
		x.withdraw(p.owner, ether, milliEther(1_500))
		x.withdraw(p.owner, tether, worth(tether, 50_00))
	})
	w.at(Start+3*day+hour, func() {
		w.eth.send(message{from: p.owner, gas: 380_000, input: "0x60806040", creates: p.contract})
		w.eth.send(message{from: p.owner, gas: 820_000, input: "0x60806040", creates: p.counterfeit})
		p.open = true
	})
}

// notice sees a payment of USDT and, at times, poisons its sender within a few
// minutes.
func (p *poison) notice(from, to string) {
	if p == nil || !p.open || p.planted >= poisonings || !p.target(from) || !p.dice.chance(8) {
		return
	}
	p.planted++
	n := p.planted
	p.w.after(p.dice.between(minute, 20*minute), func() { p.plant(from, to, n) })
}

// target says who is worth poisoning: people, not exchanges.
func (p *poison) target(address string) bool {
	switch p.w.who[address].Role {
	case Victim, Collection, Consolidation, Layer, Benign:
		return true
	}
	return false
}

// plant takes one of the three ways: a transferFrom of zero real USDT out of
// the target's account, which needs no permission; a tenth of a cent of real
// USDT; or any sum of a counterfeit.
func (p *poison) plant(target, recipient string, n int) {
	fake := p.w.lookalike(recipient, "poisoner", n)
	m := message{from: p.owner, to: p.contract, gas: gasContract, input: fmt.Sprintf("0x%08x", 0xb1c1f1b0+n%3)}
	switch n % 3 {
	case 0:
		m.moves = []move{{Tether, target, fake, amount{}}}
	case 1:
		m.moves = []move{{Tether, p.owner, fake, units(1_000)}, {Tether, fake, target, units(1_000)}}
	case 2:
		sum := worth(tether, p.dice.between(500_00, 20_000_00))
		m.moves = []move{{p.counterfeit, null, fake, sum}, {p.counterfeit, fake, target, sum}}
	}
	p.w.eth.send(m)
}
