package compound

// Label is a public tag of an address. Deposit addresses have none, the gas
// wallets but one neither: attribution is never complete.
type Label struct {
	Chain, Address, Label, Category, Actor, Source, Confidence string
}

func (w *world) labels() []Label {
	const source = "https://labels.example/demo"
	var out []Label
	add := func(chain, address, label, category, actor, confidence string) {
		out = append(out, Label{chain, address, label, category, actor, source, confidence})
	}
	for _, x := range w.exchanges {
		add("ethereum", x.hot, x.name+" hot wallet", "exchange", x.id, "service_data")
		add("bitcoin", x.vault, x.name+" hot wallet", "exchange", x.id, "service_data")
	}
	add("ethereum", w.exchanges[0].gas, w.exchanges[0].name+" gas wallet", "exchange", w.exchanges[0].id, "web_crawl")
	add("ethereum", w.places.mixer, "Fogbank", "mixer", "fogbank", "forensic")
	add("ethereum", w.places.bridge, "Ferry bridge", "bridge", "ferry", "service_data")
	add("ethereum", w.places.router, "Lagoon router", "dex", "lagoon", "service_data")
	add("ethereum", w.places.pool, "Lagoon ETH/USDT pool", "dex", "lagoon", "service_data")
	add("ethereum", Tether, "Tether USD token contract", "token_contract", "tether", "service_data")
	add("ethereum", w.truth.tokens[1].Address, "fake USDT airdrop", "spam_token", "", "web_crawl")
	return out
}
