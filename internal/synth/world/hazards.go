package world

import "fmt"

// ransom lets a family buy somebody out of the compound: round USDT into the
// wallet that gets the scam's money too.
func (w *World) ransom(t *team, n uint64) {
	d := w.dice("family", n)
	family := w.entity("family", fmt.Sprint("family-", n+1), 0)
	wallet := w.account(FamilyPayer, family, 0)
	amount := worth(USDT, d.Between(5, 40)*1_000_00)
	w.after(d.Between(day, 20*day), func() {
		x := w.anyExchange(d)
		x.withdraw(wallet, Ether, 3*w.eth.feeCeiling(gasToken), Mark{Entity: family})
		x.withdraw(wallet, USDT, amount, Mark{Entity: family})
		w.after(d.Between(hour, day), func() {
			w.eth.pay(wallet, t.consolidation[0], USDT, amount, Mark{Stage: "ransom", Entity: family})
			t.planBatch(0)
		})
	})
}

// freeze lets the issuer of USDT submit a wallet, which takes effect some
// minutes later. It reports whether the money escapes in between. Otherwise the
// wallet is lost, with what is in it: the issuer destroys that without a
// Transfer event, and the team opens another.
func (t *team) freeze(from Party, i int) (escapes bool) {
	w := t.w
	submit := func() int64 {
		return w.eth.send(EthereumTx{
			From: w.places.issuer, To: w.places.issuer, Input: ContractCall, GasUsed: gasToken, Mark: t.mark("freeze"),
		})
	}
	submit()
	if t.dice.Chance(w.sc.Hazards.Escape) {
		return true
	}
	w.freezeNow(from)
	t.consolidation[i] = w.account(Consolidation, t.entity, 0)
	w.after(t.dice.LogNormalAround(w.sc.Hazards.FreezeMinutes*minute, 500_000), func() {
		if n := submit(); w.eth.gas { // Transfer events do not show it
			w.alert("frozen", from, USDT, w.eth.balance(USDT, from), n)
		}
	})
	return false
}

func (w *World) freezeNow(p Party) {
	if w.ice == nil {
		w.ice = map[Party]bool{}
	}
	w.ice[p] = true
}

// frozen says that an address cannot send a token.
func (w *World) frozen(p Party, t Token) bool { return t == USDT && w.ice[p] }
