package bulk

// group is what accounts do. The groups of the scam network come first, in the
// order in which money passes them.
type group int

const (
	seeds group = iota
	layer1
	layer2
	layer3
	layer4
	layer5
	layer6
	deposits
	hots // the end of the scam network, labelled
	victims
	innocents
	innocentDeposits
	payouts // exchanges' wallets that pay customers, labelled
	null    // the null address, from which tokens are minted
	groups
)

const (
	seedCount = 1
	// seedFan is how many accounts of the first layer a seed pays.
	seedFan       = 1900
	exchangeCount = 8
)

// network is every account.
type network struct {
	seed    uint64
	size    [groups]uint64
	base    [groups]uint64 // number of the group's first account
	balance []uint64       // millionths of a dollar, by account number
	tainted []bool         // had money from a seed, by account number
}

// newNetwork sizes the groups for a number of rows. The first layers are small,
// because one seed has few counterparties. There is only one, because a trace
// keeps the taint of each seed apart: downstream, haircut and poison have a row
// for every seed.
func newNetwork(rows int64, seed uint64) *network {
	n := uint64(rows)
	pool := n / 20
	w := &network{seed: seed}
	w.size[seeds] = seedCount
	w.size[layer1] = min(pool/6, seedCount*seedFan)
	w.size[layer2] = min(pool/6, 160_000)
	for g := layer3; g <= layer6; g++ {
		w.size[g] = (pool - w.size[layer1] - w.size[layer2]) / 4
	}
	w.size[deposits] = n / 100
	w.size[hots] = exchangeCount
	w.size[victims] = min(n/50, seedCount*2_500)
	w.size[innocents] = n / 20
	w.size[innocentDeposits] = n / 100
	w.size[payouts] = exchangeCount
	w.size[null] = 1
	var total uint64
	for g := range groups {
		w.size[g] = max(1, w.size[g])
		w.base[g] = total
		total += w.size[g]
	}
	w.balance = make([]uint64, total)
	w.tainted = make([]bool, total)
	return w
}

// appendAddress writes an account's address.
func (w *network) appendAddress(b []byte, account uint64) []byte {
	if account == w.base[null] {
		return append(b, "0x0000000000000000000000000000000000000000"...)
	}
	x := mix(w.seed) ^ account
	b = append(b, "0x"...)
	b = appendHex(b, mix(x), 8)
	b = appendHex(b, mix(x^0x5bd1e9955bd1e995), 8)
	return appendHex(b, mix(x^0xc2b2ae3d27d4eb4f), 4)
}

func (w *network) address(g group, i uint64) string {
	return string(w.appendAddress(nil, w.base[g]+i))
}
