package compound

// swapEther sells ether for USDT at the router. The router forwards the ether
// to the pool by an internal call and gives back what it did not need.
func (w *world) swapEther(who string, v amount) {
	p := w.places
	back := times(v, 1, 500)
	used := minus(v, back)
	usd := times(times(used, dollarsPerEther, 1e12), 997, 1_000)
	w.eth.send(message{
		from: who, to: p.router, value: v, gas: gasContract, input: "0x7ff36ab5",
		calls: []call{
			{path: "0", kind: "staticcall", from: p.router, to: p.pool},
			{path: "1", kind: "call", from: p.router, to: p.pool, value: used},
			{path: "1,0", kind: "call", from: p.pool, to: Tether},
			{path: "2", kind: "call", from: p.router, to: who, value: back},
		},
		moves: []move{{Tether, p.pool, who, usd}},
	})
}

// swapTether sells USDT for ether: the pool pays the router, the router the
// trader, both by internal calls.
func (w *world) swapTether(who string, v amount) {
	p := w.places
	wei := times(times(v, 1e12, dollarsPerEther), 997, 1_000)
	w.eth.send(message{
		from: who, to: p.router, gas: gasContract, input: "0x18cbafe5",
		calls: []call{
			{path: "0", kind: "call", from: p.router, to: Tether},
			{path: "1", kind: "call", from: p.router, to: p.pool},
			{path: "1,0", kind: "call", from: p.pool, to: p.router, value: wei},
			{path: "2", kind: "call", from: p.router, to: who, value: wei},
		},
		moves: []move{{Tether, who, p.pool, v}},
	})
}

// approve lets the router take USDT. It moves nothing.
func (w *world) approve(who string) {
	w.eth.send(message{from: who, to: Tether, gas: 46_000, input: "0x095ea7b3" +
		"000000000000000000000000" + w.places.router[2:] +
		"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"})
}

// swapped turns ether into USDT in a fresh wallet, and goes on with that.
func (t *team) swapped(from string, a asset) {
	trader := t.layer()
	t.move(from, trader, a, all, func() {
		t.soon(10*minute, 2*hour, func() {
			have := t.w.eth.balance(ether, trader)
			t.w.swapEther(trader, minus(have, milliEther(60)))
			t.soon(10*minute, 5*hour, func() { t.layered(trader, tether) })
		})
	})
}

// thereAndBack swaps USDT to ether and back within a day.
func (t *team) thereAndBack(from string, a asset) {
	trader := t.layer()
	t.move(from, trader, a, all, func() {
		t.soon(10*minute, hour, func() {
			t.withGas(trader, tether, func() {
				t.w.approve(trader)
				t.withGas(trader, tether, func() {
					if less(t.w.eth.balance(ether, trader), t.w.eth.fee(gasContract)) {
						t.w.pay(t.station, trader, ether, milliEther(20))
					}
					t.w.swapTether(trader, t.w.eth.balance(tether, trader))
					t.soon(hour, 4*hour, func() { t.swapped(trader, ether) })
				})
			})
		})
	})
}
