package btcnode

import (
	"fmt"
	"slices"

	"github.com/btcsuite/btcd/txscript/v2"
	"github.com/btcsuite/btcd/wire/v2"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// maturity is how many blocks a coinbase waits before it is spent.
const maturity = 100

// fee is what every transaction of a story pays, in satoshi.
const fee = 1_000

// Story is a chain from the genesis block on. It is a function of nothing but
// the calls that made it.
type Story struct {
	// Blocks are the blocks by height; the first is the genesis block.
	Blocks  []*wire.MsgBlock
	parties map[string]*Party
	order   []*Party
	pending []*wire.MsgTx
	extra   int64 // in every coinbase: another one makes another branch
}

// NewStory tells the demo: about 140 blocks with 400 transactions, of which
// more than 300 touch the hub.
func NewStory() *Story {
	s := newStory()
	s.tell()
	return s
}

func newStory() *Story {
	return &Story{Blocks: []*wire.MsgBlock{params().GenesisBlock}, parties: map[string]*Party{}}
}

// Height is the newest block's.
func (s *Story) Height() int { return len(s.Blocks) - 1 }

// Block is a block as drivers tell it.
func (s *Story) Block(height int) chain.Block {
	b := s.Blocks[height]
	hash, err := chain.ParseHash(b.BlockHash().String())
	if err != nil {
		panic(err)
	}
	return chain.Block{Height: uint64(height), Hash: hash, Time: b.Header.Timestamp.Unix()}
}

// Address is a party's. It panics if there is no such party, or if it has none.
func (s *Story) Address(name string) chain.Address {
	p := s.parties[name]
	if p == nil || p.Address == "" {
		panic("no address of " + name)
	}
	return p.Address
}

// Addresses are those of all parties, sorted.
func (s *Story) Addresses() []chain.Address {
	var out []chain.Address
	for _, p := range s.order {
		if p.Address != "" {
			out = append(out, p.Address)
		}
	}
	slices.Sort(out)
	return out
}

// party finds or makes someone; the form counts only when it is made.
func (s *Story) party(name string, f form) *Party {
	p := s.parties[name]
	if p == nil {
		p = newParty(name, f)
		s.parties[name] = p
		s.order = append(s.order, p)
	}
	return p
}

// mine puts the pending transactions into a block.
func (s *Story) mine(miner *Party) { s.mineAt(miner, beginning+int64(len(s.Blocks)-1)*spacing) }

func (s *Story) mineAt(miner *Party, at int64) {
	height := len(s.Blocks)
	block := assemble(s.Blocks[height-1], height, miner, at, s.extra, s.pending)
	s.Blocks = append(s.Blocks, block)
	coinbase := block.Transactions[0]
	miner.coins = append(miner.coins, Coin{
		at: wire.OutPoint{Hash: coinbase.TxHash()}, out: coinbase.TxOut[0], owner: miner, height: height, mined: true,
	})
	s.pending = nil
}

// pay is one output to be made. Without a party it is data of the text.
type pay struct {
	to    *Party
	value int64
	text  string
}

// take is what p has unspent, the n oldest that may be spent in the next block.
func (s *Story) take(p *Party, n int) []Coin {
	var out []Coin
	var left []Coin
	for _, c := range p.coins {
		if len(out) < n && (!c.mined || c.height+maturity <= len(s.Blocks)) {
			out = append(out, c)
		} else {
			left = append(left, c)
		}
	}
	if len(out) < n {
		panic(fmt.Sprintf("%s has %d coins, not %d", p.Name, len(out), n))
	}
	p.coins = left
	return out
}

// send spends coins for payments; what is left goes to change, or to the miner
// if that is nil. The transaction is in the next block.
func (s *Story) send(from []Coin, change *Party, to ...pay) *wire.MsgTx {
	tx := build(from, change, to...)
	s.pending = append(s.pending, tx)
	s.own(tx, change, to)
	return tx
}

// own gives the outputs of a transaction to those they are for.
func (s *Story) own(tx *wire.MsgTx, change *Party, to []pay) {
	for _, c := range s.made(tx, change, to) {
		if p := c.owner; p != nil {
			p.coins = append(p.coins, c)
		}
	}
}

// made are the outputs of a transaction, in order.
func (s *Story) made(tx *wire.MsgTx, change *Party, to []pay) []Coin {
	hash := tx.TxHash()
	var out []Coin
	for i, o := range tx.TxOut {
		p := change
		if i < len(to) {
			p = to[i].to
		}
		out = append(out, Coin{at: wire.OutPoint{Hash: hash, Index: uint32(i)}, out: o, owner: p, height: len(s.Blocks)})
	}
	return out
}

// build makes and signs a transaction with the usual fee. What is left goes to
// change.
func build(from []Coin, change *Party, to ...pay) *wire.MsgTx { return assign(fee, from, change, to) }

// assign makes and signs a transaction that leaves at least a fee.
func assign(fee int64, from []Coin, change *Party, to []pay) *wire.MsgTx {
	tx := wire.NewMsgTx(2)
	spent := map[wire.OutPoint]*wire.TxOut{}
	left := -fee
	for _, c := range from {
		tx.AddTxIn(wire.NewTxIn(&c.at, nil, nil))
		spent[c.at] = c.out
		left += c.out.Value
	}
	for _, p := range to {
		script := must(txscript.NewScriptBuilder().AddOp(txscript.OP_RETURN).AddData([]byte(p.text)).Script())
		if p.to != nil {
			script = p.to.script
		}
		tx.AddTxOut(wire.NewTxOut(p.value, script))
		left -= p.value
	}
	if left < 0 {
		panic(fmt.Sprintf("a payment is short of %d", -left))
	}
	if change != nil && left > 0 {
		tx.AddTxOut(wire.NewTxOut(left, change.script))
	}
	hashes := txscript.NewTxSigHashes(tx, txscript.NewMultiPrevOutFetcher(spent))
	for i, c := range from {
		c.owner.sign(tx, i, c, hashes)
	}
	return tx
}
