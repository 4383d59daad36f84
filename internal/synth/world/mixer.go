package world

// note is what the mixer takes and gives, in gwei: ten ether.
const note = int64(10e9)

// mix pays whole notes into the mixer, at most six, and layers the rest. What
// comes out rests in fresh wallets.
func (t *team) mix(from Party) { t.mixSome(from, 0) }

func (t *team) mixSome(from Party, done int) {
	w := t.w
	if done == 6 || w.eth.balance(Ether, from) < note+8*w.eth.feeCeiling(gasContract) {
		t.layered(from, Ether)
		return
	}
	w.mixNote(from, t.layer(), t.dice.Between(2*day, 6*day), t.mark("mixer"))
	t.soon(3*minute, 40*minute, func() { t.mixSome(from, done+1) })
}

// mixNote pays one note in. Later somebody with the secret, who cannot be told
// from others, takes it out at another address.
func (w *World) mixNote(from, to Party, later int64, m Mark) {
	mixer := w.places.mixer
	w.eth.send(EthereumTx{From: from, To: mixer, Value: note, Input: ContractCall, GasUsed: gasContract, Mark: m})
	w.after(later, func() {
		keeps := w.eth.feeCeiling(gasContract)
		w.eth.send(EthereumTx{
			From: w.places.relayer, To: mixer, Input: ContractCall, GasUsed: gasContract, Mark: m,
			Calls: []Call{
				{Path: "0", Kind: "call", From: mixer, To: to, Value: note - keeps},
				{Path: "1", Kind: "call", From: mixer, To: w.places.relayer, Value: keeps},
			},
		})
	})
}
