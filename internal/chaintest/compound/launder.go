package compound

// launder takes what the consolidation wallets hold and sends it through the
// next scheme of each asset.
func (t *team) launder() {
	for _, from := range t.consolidation {
		if !less(t.w.eth.balance(tether, from), worth(tether, 15_000_00)) {
			t.withGas(from, tether, func() { t.next(from, tether, t.tetherSchemes()) })
		}
		if !less(t.w.eth.balance(ether, from), worth(ether, 15_000_00)) {
			t.next(from, ether, t.etherSchemes())
		}
	}
}

func (t *team) next(from string, a asset, schemes []func(from string, a asset)) {
	if zero(t.w.eth.spendable(a, from)) {
		return
	}
	scheme := schemes[t.batches[a]%len(schemes)]
	t.batches[a]++
	scheme(from, a)
}

func (t *team) tetherSchemes() []func(string, asset) {
	return []func(string, asset){t.layered, t.sprayed, t.thereAndBack, t.bridged, t.layered, t.sprayed, t.kept}
}

func (t *team) etherSchemes() []func(string, asset) {
	return []func(string, asset){t.swapped, t.forwarded, t.mixed, t.layered, t.swapped}
}

// layered passes everything through two to four wallets and cashes it out. One
// in three batches pays the kiosk on the way, as it pays for hosting.
func (t *team) layered(from string, a asset) {
	pays := t.dice.chance(33)
	t.hops(from, a, t.dice.IntN(3)+2, func(last string) {
		if pays {
			t.move(last, t.w.places.kiosk, a, 180_00, nil)
		}
		t.cashOut(last, a)
	})
}

// kept passes everything through two wallets and lets it rest there.
func (t *team) kept(from string, a asset) { t.hops(from, a, 2, func(string) {}) }

// hops passes everything through n fresh wallets; now and then one splits.
func (t *team) hops(from string, a asset, n int, end func(last string)) {
	if n == 0 {
		end(from)
		return
	}
	to := t.layer()
	split := n > 1 && t.dice.chance(30)
	pass := func(cents int64, to string) {
		t.move(from, to, a, cents, func() {
			t.soon(10*minute, 10*hour, func() { t.hops(to, a, n-1, end) })
		})
	}
	if split {
		pass(t.dice.between(6_000_00, 9_000_00), t.layer())
		t.soon(5*minute, hour, func() { pass(all, to) })
		return
	}
	pass(all, to)
}
