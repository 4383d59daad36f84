package compound

// sprayed splits everything into about thirty nearly equal parts, and merges
// them again in another wallet within three days.
func (t *team) sprayed(from string, a asset) {
	const parts = 30
	cents := t.cents(from, a) / parts
	funnel := t.layer()
	var at int64
	for i := range parts {
		at += t.dice.between(minute, 4*minute)
		part := t.layer()
		share := cents * t.dice.between(96, 100) / 100
		if i == parts-1 {
			share = all
		}
		t.w.after(at, func() {
			t.move(from, part, a, share, func() {
				t.soon(2*hour, 40*hour, func() { t.move(part, funnel, a, all, nil) })
			})
		})
	}
	t.soon(66*hour, 72*hour, func() { t.cashOut(funnel, a) })
}

// cents is about what a wallet's holding is worth.
func (t *team) cents(owner string, a asset) int64 {
	have := t.w.eth.spendable(a, owner)
	one := worth(a, 1_00)
	n := times(have, 100, one.Uint64())
	return int64(n.Uint64())
}
