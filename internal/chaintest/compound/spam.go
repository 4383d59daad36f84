package compound

// openSpam airdrops a token that calls itself USDT, too, to dozens of addresses
// in one transaction: the compound's wallets among them.
func (w *world) openSpam() {
	d := w.dice("spammer")
	owner := w.account("spammer", Spammer, "spammer", "")
	token := w.account("spam USDT", Spammer, "spammer", "")
	w.at(Start+4*day, func() { w.exchanges[2].withdraw(owner, ether, milliEther(1_000)) })
	w.at(Start+4*day+hour, func() {
		w.eth.send(message{from: owner, gas: 900_000, input: "0x60806040", creates: token})
	})
	for n := range int64(4) {
		w.at(Start+(12+11*n)*day, func() {
			var to []string
			for _, t := range w.teams {
				to = append(append(to, t.collections...), t.consolidation...)
			}
			for _, i := range w.innocents {
				if d.chance(50) {
					to = append(to, i.wallet)
				}
			}
			each := worth(tether, 1_000_00)
			moves := []move{{token, null, owner, times(each, uint64(len(to)), 1)}}
			for _, a := range to {
				moves = append(moves, move{token, owner, a, each})
			}
			w.eth.send(message{from: owner, to: token, gas: 60_000 + 26_000*uint64(len(to)), input: "0x729ad39e", moves: moves})
		})
	}
	w.truth.tokens = []Token{
		{Tether, "USDT", "Tether USD", 6},
		{token, "USDT", "USDT claim at usdt-bonus.example", 6},
		{w.poison.counterfeit, "USDT", "Tether USD", 6},
	}
}
