package world

import "fmt"

// places are the contracts and services that everybody knows.
type places struct {
	issuer  Party // of USDT
	pool    Party // swaps anything for anything
	desk    Party // quotes prices; its relayer sends the transactions
	relayer Party
	bridge  Party
	mixer   Party
	market  Party // sells gas to anybody
	kiosk   Party // a busy payment service that nobody labelled
	brokers []Party
	otc     []Party // desks that buy what is hot
	escrow  Party   // of a guarantee market
}

// liquidity is what the pool and the desk begin with, in dollars of each token.
const liquidity = 2_000_000_000

func (w *World) openPlaces() {
	service := func(kind, name string, r Role, contract bool) Party {
		e := w.entity(kind, name, 0)
		if contract {
			return w.contract(r, e)
		}
		return w.account(r, e, 0)
	}
	p := &w.places
	p.issuer = service("issuer", "usdt-issuer", Issuer, false)
	p.pool = service("pool", "lagoon", SwapPool, true)
	p.desk = service("pool", "quotes", SwapPool, true)
	p.relayer = w.account(SwapPool, w.parties.Controller(p.desk), 0)
	p.bridge = service("bridge", "ferry", Bridge, true)
	p.mixer = service("mixer", "fogbank", Mixer, true)
	p.market = service("market", "gas-market", EnergyMarket, false)
	p.kiosk = service("market", "kiosk", Benign, false)
	p.escrow = service("guarantee", "trustee", GuaranteeEscrow, false)
	for _, name := range []string{"otc-1", "otc-2", "otc-3"} {
		p.otc = append(p.otc, service("otc", name, OTC, false))
	}
	if w.sc.Decoys.Enabled {
		for n := range w.sc.Decoys.Shared {
			p.brokers = append(p.brokers, service("market", fmt.Sprint("broker-", n+1), Benign, false))
		}
	}
	w.at(w.start, func() {
		for _, rich := range []Party{p.issuer, p.relayer, p.market, p.kiosk, p.escrow, p.otc[0], p.otc[1], p.otc[2]} {
			w.eth.reward(rich, 20_000*Ether.Unit())
		}
		w.eth.reward(p.pool, worth(Ether, liquidity*100))
		w.eth.reward(p.desk, worth(Ether, liquidity*100))
	})
	w.at(w.start+5*minute, func() {
		for _, t := range []Token{USDT, USDC, DAI, WBTC} {
			for _, to := range []Party{p.pool, p.desk} {
				w.mint(t, to, worth(t, liquidity*100))
			}
		}
	})
}

// mint makes new tokens.
func (w *World) mint(t Token, to Party, amount int64) {
	w.eth.send(EthereumTx{
		From: w.places.issuer, To: w.places.issuer, Input: ContractCall, GasUsed: gasToken, Token: t,
		Logs: []Log{{Token: t, To: to, Amount: amount}},
	})
}
