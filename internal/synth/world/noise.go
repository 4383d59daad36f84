package world

import (
	"fmt"

	"github.com/scamtrace/scamtrace/internal/synth/dice"
)

// poison plants look-alike addresses in people's histories, hoping that the
// next payment is copied from there.
type poison struct {
	w        *World
	dice     dice.Dice
	entity   Entity
	owner    Party
	contract Party
	open     bool
	planted  int64
}

func (w *World) openNoise() {
	p := &poison{w: w, dice: w.dice("poisoner", 0), entity: w.entity("poisoner", "poisoner", 0)}
	p.owner = w.account(Poisoner, p.entity, 0)
	p.contract = w.contract(Poisoner, p.entity)
	w.at(w.start+day, func() {
		x := w.anyExchange(p.dice)
		m := Mark{Entity: p.entity}
		x.withdraw(p.owner, Ether, worth(Ether, 500_000_00+w.rows*10_00), m)
		x.withdraw(p.owner, USDT, worth(USDT, 1_000_00), m)
		w.eth.send(EthereumTx{From: p.owner, Creates: p.contract, Input: Creation, GasUsed: gasCreation, NoGas: !w.eth.gas, Mark: m})
		p.open = w.sc.Noise.Poisoning > 0
	})
	w.poison = p
	for n := range w.sc.Noise.Airdrops {
		w.openAirdrop(n)
	}
}

// notice sees a payment of USDT and, now and then, targets who sent it: some
// attempts over the following days.
func (p *poison) notice(from, to Party) {
	n := p.w.sc.Noise
	if !p.open || p.planted > dice.Times(p.w.written, n.Poisoning) || !p.target(from) || !p.dice.Chance(100_000) {
		return
	}
	attempts := max(1, n.Attempts/2+p.dice.Between(0, n.Attempts))
	p.planted += attempts
	at := int64(0)
	for range attempts {
		at += p.dice.Between(minute, 12*hour)
		p.w.after(at, func() { p.plant(from, to) })
	}
}

// target says who is worth the trouble: people, not exchanges.
func (p *poison) target(a Party) bool {
	switch p.w.parties.Role(a) {
	case Victim, Collection, Consolidation, Layer, Benign:
		return true
	default:
		return false
	}
}

// plant takes one of three ways: a transferFrom of zero real USDT out of the
// target's account, which needs no permission; a tenth of a cent of real USDT;
// or any sum of a counterfeit.
func (p *poison) plant(target, recipient Party) {
	w := p.w
	fake := w.account(Poisoner, p.entity, 0)
	if w.parties.like == nil {
		w.parties.like = map[Party]Party{}
	}
	w.parties.like[fake] = recipient
	tx := EthereumTx{From: p.owner, To: p.contract, Input: ContractCall, GasUsed: gasContract}
	tx.Mark = Mark{Entity: p.entity}
	switch p.dice.IntN(3) {
	case 0:
		tx.Mark.Noise = "zero"
		tx.Logs = []Log{{Token: USDT, From: target, To: fake}}
	case 1:
		tx.Mark.Noise = "tiny"
		tx.Logs = []Log{{Token: USDT, From: p.owner, To: fake, Amount: 1_000}, {Token: USDT, From: fake, To: target, Amount: 1_000}}
	case 2:
		tx.Mark.Noise = "counterfeit"
		sum := worth(USDT, p.dice.Between(500_00, 20_000_00))
		tx.Logs = []Log{{Token: Counterfeit, To: fake, Amount: sum}, {Token: Counterfeit, From: fake, To: target, Amount: sum}}
	}
	if w.eth.balance(Ether, p.owner) < w.eth.feeCeiling(gasContract) || w.eth.balance(USDT, p.owner) < 1_000 {
		return
	}
	w.eth.send(tx)
}

// openAirdrop gives a token that calls itself USDT to many who never asked.
func (w *World) openAirdrop(n int64) {
	d := w.dice("airdrop", uint64(n))
	spammer := w.entity("spammer", fmt.Sprint("spammer-", n+1), 0)
	owner := w.account(Spammer, spammer, 0)
	token := Counterfeit + 1 + Token(n)
	start := w.start + (w.end-w.start)*(n+1)/(w.sc.Noise.Airdrops+2)
	w.at(start, func() {
		recipients := min(w.sc.Noise.Airdrop, w.rows/100)
		gas := 30_000 * (recipients + 1)
		m := Mark{Noise: "spam", Entity: spammer}
		w.anyExchange(d).withdraw(owner, Ether, 2*w.eth.feeCeiling(gas), Mark{Entity: spammer})
		tx := EthereumTx{From: owner, To: owner, Input: ContractCall, GasUsed: gas, Mark: m}
		for range recipients {
			to := Party(d.IntN(w.parties.Len()))
			if w.poison.target(to) && !w.parties.Bitcoin(to) && !w.parties.Contract(to) {
				tx.Logs = append(tx.Logs, Log{Token: token, To: to, Amount: worth(USDT, d.Between(100_00, 9_999_00))})
			}
		}
		if len(tx.Logs) > 0 {
			w.eth.send(tx)
		}
	})
}
