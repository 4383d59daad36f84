package compound

import "fmt"

// denomination is what the mixer takes and gives, in thousandths of an ether.
const denomination = 2_000

// mix pays one denomination into the mixer. A day or more later somebody with
// the secret, who cannot be told from others, takes it out at a fresh address;
// a relayer sends that transaction and keeps a share for its gas.
func (w *world) mix(from, to string, later int64) {
	p := w.places
	w.eth.send(message{from: from, to: p.mixer, value: milliEther(denomination), gas: gasContract, input: "0xb214faa5"})
	w.after(later, func() {
		keeps := milliEther(10)
		w.eth.send(message{
			from: p.relayer, to: p.mixer, gas: gasContract, input: "0x21a0adb6",
			calls: []call{
				{path: "0", kind: "call", from: p.mixer, to: to, value: minus(milliEther(denomination), keeps)},
				{path: "1", kind: "call", from: p.mixer, to: p.relayer, value: keeps},
			},
		})
	})
}

// mixed pays whole denominations into the mixer, at most six, and keeps what it
// takes out; the rest is layered.
func (t *team) mixed(from string, a asset) {
	wallet := t.layer()
	t.move(from, wallet, a, all, func() { t.soon(10*minute, hour, func() { t.mixSome(wallet, 0) }) })
}

func (t *team) mixSome(wallet string, done int) {
	need := plus(milliEther(denomination+50), t.w.eth.fee(gasContract))
	if done == 6 || less(t.w.eth.balance(ether, wallet), need) {
		t.layered(wallet, ether)
		return
	}
	t.w.mix(wallet, t.layer(), t.dice.between(2*day, 6*day))
	t.soon(3*minute, 40*minute, func() { t.mixSome(wallet, done+1) })
}

// mixers are innocents who use the mixer, too.
func (w *world) openMixers() {
	d := w.dice("mixers")
	for n := range 14 {
		id := fmt.Sprintf("private-%02d", n+1)
		from, to := w.account(id+" before", Benign, id, ""), w.account(id+" after", Benign, id, "")
		x := w.exchanges[d.IntN(len(w.exchanges))]
		w.at(Start+4*day+d.between(0, 45*day), func() {
			x.withdraw(from, ether, milliEther(denomination+100))
			w.after(d.between(hour, day), func() { w.mix(from, to, d.between(2*day, 6*day)) })
		})
	}
}
