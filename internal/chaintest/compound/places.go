package compound

// places are the contracts and services that everybody knows.
type places struct {
	treasury string // issues USDT
	router   string // swaps
	pool     string // holds what is swapped
	provider string // gave the pool its first liquidity
	mixer    string
	relayer  string // pays the gas of the mixer's withdrawals
	bridge   string
	kiosk    string // a busy payment service that nobody labelled
}

func (w *world) openPlaces() {
	w.places = places{
		treasury: w.account("USDT treasury", Benign, "usdt-issuer", ""),
		router:   w.account("Lagoon router", SwapPool, "lagoon", ""),
		pool:     w.account("Lagoon pool", SwapPool, "lagoon", ""),
		provider: w.account("Lagoon provider", Benign, "lagoon-provider", ""),
		mixer:    w.account("Fogbank", Mixer, "fogbank", ""),
		relayer:  w.account("Fogbank relayer", Mixer, "fogbank", ""),
		bridge:   w.account("Ferry", Bridge, "ferry", ""),
		kiosk:    w.account("kiosk", Benign, "kiosk", ""),
	}
	w.who.add(Party{Chain: "ethereum", Address: Tether, Role: Benign, Controller: "usdt-issuer"})
	p := w.places
	w.at(Start, func() {
		w.eth.reward(p.treasury, milliEther(50_000))
		w.eth.reward(p.relayer, milliEther(50_000))
		w.eth.reward(p.kiosk, milliEther(5_000))
		w.eth.reward(p.provider, milliEther(4_000_000))
	})
	w.at(Start+5*minute, func() {
		supply := worth(tether, 200_000_000_00)
		w.eth.send(message{
			from: p.treasury, to: Tether, gas: gasToken, input: "0xcc872b66", // issue(uint256)
			moves: []move{{Tether, null, p.treasury, supply}},
		})
	})
	w.at(Start+hour, func() {
		w.eth.pay(p.treasury, p.provider, tether, worth(tether, 10_200_000_00))
		w.eth.pay(p.provider, p.pool, tether, worth(tether, 10_200_000_00))
		w.eth.send(message{from: p.provider, to: p.pool, value: milliEther(3_000_000), gas: gasContract})
	})
}
