package compound

// deployForwarder creates a contract that passes ether on in the transaction
// that brings it.
func (t *team) deployForwarder() {
	t.forwarder = t.w.account(t.id+" forwarder", Layer, t.id, "")
	t.w.at(Start+6*day+5*hour, func() {
		t.w.eth.send(message{from: t.station, gas: 412_000, input: "0x60806040", creates: t.forwarder})
	})
}

// forwarded sends ether through the contract in three parts. The second is
// refused further on: its internal call is undone and the contract gives the
// money back, so it has to be sent again. A team without a contract layers.
func (t *team) forwarded(from string, a asset) {
	if t.forwarder == "" {
		t.layered(from, a)
		return
	}
	to := t.layer()
	third := t.cents(from, a) / 3
	t.forward(from, to, worth(a, third), false)
	t.soon(10*minute, hour, func() { t.forward(from, to, worth(a, third), true) })
	t.soon(2*hour, 4*hour, func() {
		t.forward(from, to, minus(t.w.eth.balance(a, from), t.w.eth.fee(gasContract)), false)
		t.soon(hour, 4*hour, func() { t.layered(to, a) })
	})
}

// forward is one transaction to the contract. The contract runs the code of a
// library by delegatecall; that trace shows the value again and moves nothing.
func (t *team) forward(from, to string, v amount, refused bool) {
	if less(t.w.eth.balance(ether, from), plus(v, t.w.eth.fee(gasContract))) || v.IsZero() {
		return
	}
	library := t.w.account(t.id+" forwarder library", Layer, t.id, "")
	m := message{
		from: from, to: t.forwarder, value: v, gas: gasContract, input: "0x101e8952",
		calls: []call{
			{path: "0", kind: "delegatecall", from: t.forwarder, to: library, value: v},
			{path: "0,0", kind: "call", from: t.forwarder, to: to, value: v},
		},
	}
	if refused {
		broken := t.w.account(t.id+" broken relay", Layer, t.id, "")
		m.calls = []call{
			{path: "0", kind: "delegatecall", from: t.forwarder, to: library, value: v},
			{path: "0,0", kind: "call", from: t.forwarder, to: broken, value: v, err: "Reverted"},
			{path: "0,0,0", kind: "call", from: broken, to: to, value: v, undone: true},
			{path: "0,1", kind: "call", from: t.forwarder, to: from, value: v},
		}
	}
	t.w.eth.send(m)
}
