package compound

import (
	"encoding/hex"
	"fmt"
)

// coin is an unspent output.
type coin struct {
	tx      string
	index   int
	address string
	value   uint64 // satoshi
	matures int64  // the first height that may spend it
}

// payee is an output to make. One without address carries data.
type payee struct {
	address string
	value   uint64
}

// dust is the smallest output that nodes relay, in satoshi.
const dust = uint64(546)

// bitcoin executes transactions and keeps what they did.
type bitcoin struct {
	w       *world
	scripts map[string]script
	coins   map[string][]coin // by address, in chain order
	height  int64
	index   int
	txs     []BitcoinTransaction
}

func newBitcoin(w *world) *bitcoin {
	return &bitcoin{w: w, scripts: map[string]script{}, coins: map[string][]coin{}}
}

func (b *bitcoin) balance(addresses ...string) uint64 {
	var sum uint64
	for _, a := range addresses {
		for _, c := range b.coins[a] {
			sum += c.value
		}
	}
	return sum
}

// of lists the coins of addresses that can be spent now.
func (b *bitcoin) of(addresses ...string) []coin {
	height := b.w.bitcoinHeight(b.w.now)
	var out []coin
	for _, a := range addresses {
		for _, c := range b.coins[a] {
			if c.matures <= height {
				out = append(out, c)
			}
		}
	}
	return out
}

// size is a transaction's virtual size in bytes: what its fee is paid for.
func (b *bitcoin) size(in []coin, out []payee) int {
	n := 11
	for _, c := range in {
		if b.scripts[c.address].kind == keyHash {
			n += 148
		} else {
			n += 68
		}
	}
	for _, p := range out {
		if b.scripts[p.address].kind == keyHash {
			n += 34
		} else {
			n += 31
		}
	}
	return n
}

// rate is what a virtual byte costs now, in satoshi.
func (b *bitcoin) rate() uint64 {
	h := digest(b.w.seed, "fee rate", fmt.Sprint(b.w.now/(6*hour)))
	return 8 + uint64(h[0])%40
}

// pay spends coins, oldest first, until the payees and the fee are covered; the
// rest goes to change. It reports whether the coins sufficed.
func (b *bitcoin) pay(d dice, from []coin, to []payee, change string) (string, bool) {
	var need, have uint64
	for _, p := range to {
		need += p.value
	}
	for n, c := range from {
		have += c.value
		fee := uint64(b.size(from[:n+1], append(to, payee{change, 0}))) * b.rate()
		if have < need+fee {
			continue
		}
		out := append([]payee(nil), to...)
		if rest := have - need - fee; rest > dust {
			out = append(out, payee{change, rest})
		}
		d.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
		return b.send(from[:n+1], out), true
	}
	return "", false
}

// sweep sends all coins to one address and returns the hash and what arrived.
func (b *bitcoin) sweep(from []coin, to string) (string, uint64) {
	var have uint64
	for _, c := range from {
		have += c.value
	}
	fee := uint64(b.size(from, []payee{{to, 0}})) * b.rate()
	if have <= fee+dust {
		return "", 0
	}
	return b.send(from, []payee{{to, have - fee}}), have - fee
}

// coinbase pays a block's reward.
func (b *bitcoin) coinbase(to string, fees uint64) {
	height := b.w.bitcoinHeight(b.w.now)
	b.write(nil, []payee{{to, subsidy(height) + fees}}, height+coinbaseMatures)
}

// send makes a transaction of exactly these inputs and outputs.
func (b *bitcoin) send(in []coin, out []payee) string { return b.write(in, out, 0) }

func (b *bitcoin) write(in []coin, out []payee, matures int64) string {
	height := b.w.bitcoinHeight(b.w.now)
	if height != b.height {
		b.height, b.index = height, 0
	}
	coinbase := len(in) == 0
	if !coinbase && b.index == 0 {
		b.index = 1 // the first place is the coinbase's, in the set or not
	}
	h := digest(b.w.seed, "bitcoin transaction", fmt.Sprint(len(b.txs)))
	block := digest(b.w.seed, "bitcoin block", fmt.Sprint(height))
	copy(block[:8], make([]byte, 8)) // the work
	tx := BitcoinTransaction{
		Hash: hex.EncodeToString(h[:]), Version: 2, VirtualSize: b.size(in, out), BlockNumber: height,
		BlockHash: hex.EncodeToString(block[:]), BlockTimestamp: b.w.bitcoinTime(height),
		IsCoinbase: coinbase, Index: b.index, InputCount: len(in), OutputCount: len(out),
		Inputs: []BitcoinInput{}, Outputs: []BitcoinOutput{},
	}
	b.index++
	for i, c := range in {
		b.remove(c)
		tx.InputValue += c.value
		tx.Inputs = append(tx.Inputs, BitcoinInput{
			Index: i, SpentTransactionHash: c.tx, SpentOutputIndex: c.index, Sequence: 0xfffffffd,
			Type: b.scripts[c.address].kind, Addresses: []string{c.address}, Value: c.value,
		})
	}
	for i, p := range out {
		tx.OutputValue += p.value
		o := BitcoinOutput{Index: i, Type: nullData, ScriptHex: "6a0b" + hex.EncodeToString([]byte("hello world")), Addresses: []string{}, Value: p.value}
		if p.address != "" {
			s := b.scripts[p.address]
			o.Type, o.ScriptHex, o.Addresses = s.kind, s.hex, []string{p.address}
			b.coins[p.address] = append(b.coins[p.address], coin{tx.Hash, i, p.address, p.value, max(matures, height)})
		}
		tx.Outputs = append(tx.Outputs, o)
	}
	if !coinbase {
		if tx.InputValue <= tx.OutputValue {
			panic(fmt.Sprintf("compound: a Bitcoin transaction of %s pays no fee", b.w.who.text(in[0].address)))
		}
		tx.Fee = tx.InputValue - tx.OutputValue
	}
	b.txs = append(b.txs, tx)
	return tx.Hash
}

func (b *bitcoin) remove(c coin) {
	list := b.coins[c.address]
	for i, have := range list {
		if have == c {
			b.coins[c.address] = append(list[:i:i], list[i+1:]...)
			return
		}
	}
	panic(fmt.Sprintf("compound: %s spends an output twice", b.w.who.text(c.address)))
}
