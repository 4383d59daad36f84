package world

import "slices"

// bitcoinTeam is the Bitcoin side of a team.
type bitcoinTeam struct {
	bitcoinSite  site
	collected    pots // collection addresses that victims paid
	consolidated pots
	accounts     map[Entity]*depositor
}

// pots are addresses with money, and whether it is planned to empty them.
type pots struct {
	addresses []Party
	planned   bool
}

func (p *pots) add(a Party) {
	if !slices.Contains(p.addresses, a) {
		p.addresses = append(p.addresses, a)
	}
}

// take hands out the addresses, and holds none then.
func (p *pots) take() []Party {
	all := p.addresses
	*p = pots{}
	return all
}

func (t *team) openBitcoin() { t.accounts = map[Entity]*depositor{} }

func (t *team) bitcoinWallet(r Role) Party { return t.w.bitcoinAccount(r, t.entity, 0) }

func (t *team) fresh(r Role) address { return t.w.fresh(r, t.entity) }

// pots are all addresses with victims' money that has not moved on.
func (t *team) pots() []Party { return slices.Concat(t.collected.addresses, t.consolidated.addresses) }

// bitcoinCollection is where the next victim pays in bitcoin.
func (t *team) bitcoinCollection() Party {
	s := &t.bitcoinSite
	if t.w.now >= s.ends {
		*s = site{ends: t.w.now + max(day, t.lifetime()), own: t.dice.Chance(t.w.sc.Site.AddressPerVictim)}
	}
	if s.left == 0 {
		s.collection = t.bitcoinWallet(Collection)
		if s.left = 1; !s.own {
			s.left += t.dice.Poisson(t.w.sc.Site.VictimsPerCollection)
		}
		t.w.public.collection(s.collection, t)
	}
	s.left--
	return s.collection
}

// gatherBitcoin plans that the collection addresses are emptied together: some
// hours after a payment, or with the next round.
func (t *team) gatherBitcoin(from Party) {
	t.collected.add(from)
	if t.collected.planned {
		return
	}
	t.collected.planned = true
	wait := t.dice.LogNormalAround(int64(t.w.sc.Team.ConsolidationHours)*hour/1_000_000, 1_200_000)
	at := t.w.inShift(t.w.now + min(wait, 20*day))
	if t.every > 0 {
		at = (t.w.now/t.every+1)*t.every + t.dice.Between(0, 10*minute)
	}
	t.w.at(at, func() {
		from := t.collected.take()
		if r := t.w.btc.sweep(from, t.fresh(Consolidation), t.mark("consolidation")); r.tx >= 0 {
			t.consolidated.add(r.rest)
			t.planBitcoinBatch()
		}
		for _, a := range from {
			if len(t.w.btc.coins[a]) > 0 { // too many for one transaction
				t.gatherBitcoin(a)
			}
		}
	})
}

// planBitcoinBatch lets the consolidation addresses be emptied together within
// some days.
func (t *team) planBitcoinBatch() {
	if t.consolidated.planned {
		return
	}
	t.consolidated.planned = true
	t.soon(6*hour, 4*day, func() {
		from := t.consolidated.take()
		if have, _ := t.w.btc.balance(from...); have < satoshi(2_000_00) {
			t.consolidated.addresses = from // with the next batch
			return
		}
		t.pass(from, "layer", t.bitcoinBatch)
	})
}

// bitcoinBatch decides how money in a fresh wallet goes on.
func (t *team) bitcoinBatch(from Party) {
	l := t.w.sc.Layering
	switch {
	case t.w.sc.Decoys.Enabled && t.dice.Chance(l.CoinJoin):
		t.join(from)
	case t.dice.Chance(500_000):
		t.peel(from)
	default:
		t.bitcoinLayered(from)
	}
}

// pass moves everything to a fresh wallet, and goes on hours later.
func (t *team) pass(from []Party, stage string, then func(to Party)) {
	if r := t.w.btc.sweep(from, t.fresh(Layer), t.mark(stage)); r.tx >= 0 {
		t.soon(10*minute, 10*hour, func() { then(r.rest) })
	}
}

// bitcoinLayered passes money through wallets and out, at times in parts that
// are merged again.
func (t *team) bitcoinLayered(from Party) {
	l := t.w.sc.Layering
	end := t.cashOutBitcoin
	if t.dice.Chance(l.Spray) {
		end = t.sprayBitcoin
	}
	t.bitcoinHops(from, min(l.HopsMax, 2+t.dice.Poisson(l.Hops)), end)
}

func (t *team) bitcoinHops(from Party, n int64, end func(last Party)) {
	if n <= 0 {
		end(from)
		return
	}
	t.pass([]Party{from}, "layer", func(to Party) { t.bitcoinHops(to, n-1, end) })
}

// sprayBitcoin splits everything into nearly equal parts in one transaction,
// and merges them in another within three days.
func (t *team) sprayBitcoin(from Party) {
	b, l := t.w.btc, t.w.sc.Layering
	parts := min(t.dice.Between(l.SprayMin, l.SprayMax), mostInputs-1)
	have, coins := b.balance(from)
	have -= b.fee(coins, int(parts)+1)
	if have < satoshi(200_00)*parts {
		t.cashOutBitcoin(from)
		return
	}
	out := make([]Output, parts)
	owners := make([]Party, parts)
	for i := range out {
		owners[i] = t.bitcoinWallet(Layer)
		out[i] = Output{owners[i], scale(have/parts, t.dice.Between(960, 1000), 1000)}
	}
	r := b.pay(t.dice, []Party{from}, out, t.fresh(Layer), t.mark("spray"))
	if r.rest != 0 {
		owners = append(owners, r.rest)
	}
	t.soon(2*hour, 60*hour, func() { t.pass(owners, "funnel", t.cashOutBitcoin) })
}
