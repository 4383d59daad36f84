package world

import (
	"fmt"

	"github.com/scamtrace/scamtrace/internal/synth/dice"
)

// team is one crew of a compound, with keys of its own.
type team struct {
	w             *World
	dice          dice.Dice
	entity        Entity
	compound      Entity
	consolidation []Party
	batching      []bool // by consolidation wallet: whether a batch is planned
	station       Party  // pays the gas of the other wallets
	every         int64  // forwards every so many seconds; 0 for after a delay
	site          site
	gathering     map[Party]bool        // collection addresses whose forwarding is planned
	depositors    map[Entity]*depositor // its accounts, by exchange
	bitcoinTeam
}

// site is the scam site that a team runs now.
type site struct {
	ends       int64
	own        bool // an address for each victim
	collection Party
	left       int64 // victims that it still takes
}

func (w *World) openTeams() {
	for c := range w.sc.Compounds {
		d := w.dice("compound", uint64(c))
		compound := w.entity("compound", fmt.Sprint("compound-", c+1), 0)
		n := int64(1)
		if w.rows >= 5_000 {
			n += d.Poisson(w.sc.Teams)
		}
		for range n {
			w.openTeam(compound)
		}
	}
}

func (w *World) openTeam(compound Entity) {
	n := len(w.teams)
	t := &team{
		w: w, dice: w.dice("team", uint64(n)), compound: compound,
		entity:    w.entity("team", fmt.Sprint("team-", n+1), compound),
		gathering: map[Party]bool{}, depositors: map[Entity]*depositor{},
	}
	for range t.dice.Between(1, w.sc.Team.ConsolidationMax) {
		t.consolidation = append(t.consolidation, w.account(Consolidation, t.entity, 0))
	}
	t.batching = make([]bool, len(t.consolidation))
	t.station = w.account(GasStation, t.entity, 0)
	if t.dice.Chance(500_000) {
		t.every = []int64{6 * hour, 24 * hour}[t.dice.IntN(2)]
	}
	w.teams = append(w.teams, t)
	w.at(w.start+hour+t.dice.Between(0, hour), t.refuel)
	t.openBitcoin()
}

// isTeam says that a team controls what the entity controls.
func (w *World) isTeam(e Entity) bool {
	i, n := 0, len(w.teams) // by rising entity
	for i < n {
		if m := (i + n) / 2; w.teams[m].entity < e {
			i = m + 1
		} else {
			n = m
		}
	}
	return i < len(w.teams) && w.teams[i].entity == e
}

func (t *team) mark(stage string) Mark { return Mark{Stage: stage, Entity: t.entity} }

// collection is where the next victim pays.
func (t *team) collection(bitcoin bool) Party {
	if bitcoin {
		return t.bitcoinCollection()
	}
	s := &t.site
	if t.w.now >= s.ends {
		*s = site{ends: t.w.now + max(day, t.lifetime()), own: t.dice.Chance(t.w.sc.Site.AddressPerVictim)}
	}
	if s.left == 0 {
		s.collection = t.w.account(Collection, t.entity, 0)
		if s.left = 1; !s.own {
			s.left += t.dice.Poisson(t.w.sc.Site.VictimsPerCollection)
		}
		t.w.public.collection(s.collection, t)
	}
	s.left--
	return s.collection
}

func (t *team) lifetime() int64 {
	return t.dice.Exponential(int64(t.w.sc.Site.LifeDays) * day / 1_000_000)
}

// refuel buys ether for the gas station at an exchange, like anybody.
func (t *team) refuel() {
	x := t.w.exchanges[0]
	x.withdraw(t.station, Ether, worth(Ether, 20_000_00), t.mark("gas"))
}

// withGas makes sure that a wallet can pay for so many token transfers, and
// goes on. The station gives gas, or a public market.
func (t *team) withGas(wallet Party, transfers int64, do func()) {
	e := t.w.eth
	need := e.feeCeiling(gasToken) * transfers
	if !e.gas || e.balance(Ether, wallet) >= need {
		do()
		return
	}
	give := need + e.feeCeiling(gasContract)
	from, m := t.station, t.mark("gas")
	switch {
	case t.w.sc.Decoys.Enabled && t.dice.Chance(t.w.sc.Team.Market) && e.balance(Ether, t.w.places.market) > 2*give:
		from = t.w.places.market
	case e.balance(Ether, t.station) < give+e.feeCeiling(gasTransfer):
		t.refuel()
	}
	n := e.pay(from, wallet, Ether, give, m)
	t.w.tell(t.w.sink.Link(LinkFact{Type: "gas", From: from, To: wallet, AmountIn: give, AmountOut: give, Tx: n, Controller: t.entity}))
	t.w.after(t.dice.Between(minute, 5*minute), do)
}

// all asks for everything that an account can spend.
const all = int64(-1)

// move sends a token between wallets, fetching gas first where that is needed,
// and goes on. A frozen wallet cannot send USDT.
func (t *team) move(from, to Party, tok Token, amount int64, stage string, then func()) {
	transfers := int64(1)
	if tok == Ether {
		transfers = 0
	}
	t.withGas(from, transfers, func() {
		have := t.w.eth.spendable(tok, from)
		if amount != all {
			have = min(have, amount)
		}
		if have > 0 && !t.w.frozen(from, tok) {
			t.w.eth.pay(from, to, tok, have, t.mark(stage))
		}
		if then != nil {
			then()
		}
	})
}

// layer opens a wallet that only passes money on.
func (t *team) layer() Party { return t.w.account(Layer, t.entity, 0) }

// soon plans something some seconds ahead, in working hours.
func (t *team) soon(from, to int64, do func()) {
	t.w.at(t.w.inShift(t.w.now+t.dice.Between(from, to)), do)
}
