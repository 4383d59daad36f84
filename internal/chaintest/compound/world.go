package compound

// world is one run of the simulation.
type world struct {
	seed    uint64
	now     int64
	planned int
	queue   queue

	eth *ethereum
	btc *bitcoin
	who directory

	exchanges []*exchange
	teams     []*team
	victims   []*victim
	innocents []*innocent
	places    places
	poison    *poison
	truth     Truth
}

func newWorld(seed uint64) *world {
	w := &world{seed: seed, now: Start, who: directory{}}
	w.eth, w.btc = newEthereum(w), newBitcoin(w)
	return w
}

func (w *world) dice(entity string) dice { return newDice(w.seed, entity) }

// play brings every actor on stage and lets time pass.
func (w *world) play() {
	w.openPlaces()
	w.openExchanges()
	w.openTeams()
	w.meetVictims()
	w.openInnocents()
	w.openBitcoiners()
	w.mixCoins()
	w.openPoison()
	w.openSpam()
	w.run()
}

// pay sends ether or USDT on Ethereum and lets poisoners see it.
func (w *world) pay(from, to string, a asset, v amount) string {
	hash := w.eth.pay(from, to, a, v)
	if a == tether {
		w.poison.notice(from, to)
	}
	return hash
}
