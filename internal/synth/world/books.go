package world

import "fmt"

const (
	slot        = int64(12)
	gasTransfer = int64(21_000)
	gasToken    = int64(63_209)
	gasContract = int64(142_000)
	gasCreation = int64(820_000)

	// FirstHeight is the Ethereum block before the first of a play.
	FirstHeight = int64(19_336_600)
)

// holding is who holds what.
type holding struct {
	token Token
	owner Party
}

// books are a Ledger that counts: ether and USDT in a slice, the rest in a map.
type books struct {
	w      *World
	ether  []int64
	usdt   []int64
	rest   map[holding]int64
	nonces []uint32
	height int64
	index  int
	log    int
}

func newBooks(w *World) *books { return &books{w: w, rest: map[holding]int64{}} }

func (b *books) grow(p Party) {
	if n := int(p) + 1; n > len(b.ether) {
		n = max(n, b.w.parties.Len())
		b.ether = append(b.ether, make([]int64, n-len(b.ether))...)
		b.usdt = append(b.usdt, make([]int64, n-len(b.usdt))...)
		b.nonces = append(b.nonces, make([]uint32, n-len(b.nonces))...)
	}
}

// Balance implements Ledger.
func (b *books) Balance(t Token, p Party) int64 {
	if int(p) >= len(b.ether) {
		return 0
	}
	switch t {
	case Ether:
		return b.ether[p]
	case USDT:
		return b.usdt[p]
	default:
		return b.rest[holding{t, p}]
	}
}

// Price implements Ledger: a base fee of 9 to 28 gwei that changes every 40
// blocks, and a tip of one.
func (b *books) Price(t int64) int64 { return b.baseFee(t) + 1 }

func (b *books) baseFee(t int64) int64 {
	return 9 + b.w.dice("base fee", uint64(b.heightAt(t)/40)).Int64N(20)
}

// heightAt is the block of a time: the first whose slot is not before it.
func (b *books) heightAt(t int64) int64 { return FirstHeight + (t-b.w.start+slot)/slot }

// Execute implements Ledger.
func (b *books) Execute(tx *EthereumTx) error {
	height := b.heightAt(tx.Time)
	tx.NewBlock = height != b.height
	if tx.NewBlock {
		b.height, b.index, b.log = height, 0, 0
	}
	tx.Height, tx.Index, tx.FirstLog = height, b.index, b.log
	tx.Time = b.w.start + (height-FirstHeight)*slot
	if tx.Reward {
		b.grow(tx.To)
		b.ether[tx.To] += tx.Value
		return nil
	}
	b.index++
	b.grow(tx.From)
	b.grow(tx.To)
	tx.Nonce = int64(b.nonces[tx.From])
	b.nonces[tx.From]++
	if !tx.NoGas {
		tx.BaseFee = b.baseFee(tx.Time)
		tx.GasPrice = tx.BaseFee + 1
		if err := b.move(Ether, tx.From, 0, tx.GasUsed*tx.GasPrice); err != nil {
			return fmt.Errorf("gas: %w", err)
		}
	}
	if tx.Failed {
		return nil
	}
	if err := b.move(Ether, tx.From, tx.To, tx.Value); err != nil {
		return err
	}
	for _, c := range tx.Calls {
		if !c.Failed && c.Kind == "call" {
			if err := b.move(Ether, c.From, c.To, c.Value); err != nil {
				return err
			}
		}
	}
	for _, l := range tx.Logs {
		if err := b.move(l.Token, l.From, l.To, l.Amount); err != nil {
			return err
		}
	}
	b.log += len(tx.Logs)
	return nil
}

// move books an amount. The null address has all that there will ever be, and
// keeps nothing; fees go to it.
func (b *books) move(t Token, from, to Party, amount int64) error {
	if amount == 0 {
		return nil
	}
	if from != 0 && b.Balance(t, from) < amount {
		return fmt.Errorf("party %d (%s) has %d of token %d and owes %d", from, b.w.parties.Role(from), b.Balance(t, from), t, amount)
	}
	b.add(t, from, -amount)
	b.add(t, to, amount)
	return nil
}

func (b *books) add(t Token, p Party, amount int64) {
	if p == 0 {
		return
	}
	b.grow(p)
	switch t {
	case Ether:
		b.ether[p] += amount
	case USDT:
		b.usdt[p] += amount
	default:
		k := holding{t, p}
		if b.rest[k] += amount; b.rest[k] == 0 {
			delete(b.rest, k)
		}
	}
}
