package compound

// bridged sends USDT to the bridge; on this chain it ends there.
func (t *team) bridged(from string, a asset) {
	t.hops(from, a, 1, func(last string) {
		t.withGas(last, a, func() { t.w.cross(last, t.w.eth.balance(tether, last)) })
	})
}

// cross locks USDT in the bridge.
func (w *world) cross(from string, v amount) {
	if v.IsZero() || less(w.eth.balance(ether, from), w.eth.fee(gasContract)) {
		return
	}
	w.eth.send(message{
		from: from, to: w.places.bridge, gas: gasContract, input: "0x9fbf10fc",
		calls: []call{{path: "0", kind: "call", from: w.places.bridge, to: Tether}},
		moves: []move{{Tether, from, w.places.bridge, v}},
	})
}
