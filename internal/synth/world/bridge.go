package world

// bridge locks a wallet's USDT; on this chain it ends there.
func (t *team) bridge(from Party) {
	t.withGas(from, 3, func() {
		amount := t.w.eth.balance(USDT, from)
		if n := t.w.cross(from, amount, t.mark("bridge")); n >= 0 {
			t.w.alert("bridge", from, USDT, amount, n)
			t.w.tell(t.w.sink.Link(LinkFact{
				Type: "bridge", From: from, To: t.w.places.bridge, AssetIn: USDT, AssetOut: USDT,
				AmountIn: amount, AmountOut: amount - amount/10_000, Tx: n, Controller: t.entity,
			}))
		}
	})
}

// cross pays USDT into the bridge; the transaction calls the bridge.
func (w *World) cross(from Party, amount int64, m Mark) int64 {
	if amount <= 0 || w.eth.balance(Ether, from) < w.eth.fee(gasContract) || w.frozen(from, USDT) {
		return -1
	}
	return w.eth.send(EthereumTx{
		From: from, To: w.places.bridge, Input: ContractCall, GasUsed: gasContract, Mark: m,
		Logs: []Log{{Token: USDT, From: from, To: w.places.bridge, Amount: amount}},
	})
}
