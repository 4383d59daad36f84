package compound

import "fmt"

// bitcoinTeam is the Bitcoin side of a team.
type bitcoinTeam struct {
	bitcoinCollections []string
	bitcoinSlots       map[string][]string // deposit addresses, by exchange
	owed               []bitcoinDeposit    // deposit addresses used once so far
	bitcoinBatches     int
	bitcoinWallets     int
}

type bitcoinDeposit struct {
	exchange *exchange
	address  string
}

func (t *team) openBitcoin() {
	t.bitcoinSlots = map[string][]string{}
	for i := range 2 {
		if t.id == "team-2" && i == 1 {
			break
		}
		t.bitcoinCollections = append(t.bitcoinCollections,
			t.w.bitcoinAddress(fmt.Sprintf("%s bitcoin collection %d", t.id, i+1), i == 1, Collection, t.id, ""))
	}
	for d := int64(12); d <= 48; d += 9 {
		t.w.at(inShift(Start+d*day+t.dice.between(0, day)), t.launderBitcoin)
	}
}

// bitcoinCollection hands out the three Bitcoin collection addresses in turn.
func (w *world) bitcoinCollection(n int) (*team, string) {
	switch n % 3 {
	case 0:
		return w.teams[0], w.teams[0].bitcoinCollections[0]
	case 1:
		return w.teams[0], w.teams[0].bitcoinCollections[1]
	}
	return w.teams[1], w.teams[1].bitcoinCollections[0]
}

func (t *team) bitcoinWallet(r Role) string {
	t.bitcoinWallets++
	return t.w.bitcoinAddress(fmt.Sprintf("%s bitcoin %d", t.id, t.bitcoinWallets), false, r, t.id, "")
}

// launderBitcoin spends the coins of all collection addresses together and
// sends them through the team's next scheme.
func (t *team) launderBitcoin() {
	coins := t.w.btc.of(t.bitcoinCollections...)
	var sum uint64
	for _, c := range coins {
		sum += c.value
	}
	if sum < 20_000_000 {
		return
	}
	to := t.bitcoinWallet(Consolidation)
	if hash, _ := t.w.btc.sweep(coins, to); hash == "" {
		return
	}
	scheme := t.bitcoinBatches
	t.bitcoinBatches++
	t.soon(2*hour, 20*hour, func() {
		switch {
		case t.id == "team-1" && scheme == 2:
			t.restBitcoin(to)
		case t.id == "team-1":
			t.peel(to, peels)
		case t.w.truth.Join == "":
			t.mixBitcoin(to)
		default:
			t.layerBitcoin(to, 2)
		}
	})
}

// restBitcoin moves once more and stays.
func (t *team) restBitcoin(from string) { t.w.btc.sweep(t.w.btc.of(from), t.bitcoinWallet(Layer)) }

// layerBitcoin passes everything through n addresses, then deposits it in parts.
func (t *team) layerBitcoin(from string, n int) {
	if n == 0 {
		t.cashOutBitcoin(from)
		return
	}
	to := t.bitcoinWallet(Layer)
	if hash, _ := t.w.btc.sweep(t.w.btc.of(from), to); hash != "" {
		t.soon(hour, 20*hour, func() { t.layerBitcoin(to, n-1) })
	}
}

// payBackBitcoin pays a victim from a collection address.
func (t *team) payBackBitcoin(v *victim, satoshi uint64, tries int) {
	change := t.bitcoinWallet(Collection)
	hash, ok := t.w.btc.pay(t.dice, t.w.btc.of(t.bitcoinCollections...), []payee{{v.refund, satoshi}}, change)
	if ok {
		t.bitcoinCollections = append(t.bitcoinCollections, change)
		t.w.truth.payBack(v, hash, units(satoshi))
		if v.own == "" {
			v.exchange.depositedBitcoin(t.bitcoinCollections[0], v.refund, satoshi, hash)
		}
		return
	}
	if tries > 0 {
		t.soon(4*hour, 12*hour, func() { t.payBackBitcoin(v, satoshi, tries-1) })
	}
}
