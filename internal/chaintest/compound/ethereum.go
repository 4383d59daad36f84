package compound

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
)

const null = "0x0000000000000000000000000000000000000000"

const (
	gasTransfer = uint64(21_000)
	gasToken    = uint64(63_209)
	gasContract = uint64(142_000)
)

// message is one Ethereum transaction to execute.
type message struct {
	from, to string // to is empty for a creation
	value    amount
	gas      uint64 // used
	input    string
	fails    bool
	creates  string
	calls    []call
	moves    []move
}

// call is an internal call. Only calls of kind "call" that did not fail move
// value; the others are there because a careless reader counts them.
type call struct {
	path     string
	kind     string
	from, to string
	value    amount
	err      string
	undone   bool // inside a call that failed
}

// move is one Transfer event of a token.
type move struct {
	token, from, to string
	amount          amount
}

// holding is the key of a balance; an empty token is ether.
type holding struct{ token, owner string }

// ethereum executes messages and keeps what they did.
type ethereum struct {
	w        *world
	balances map[holding]amount
	nonces   map[string]uint64
	height   int64
	index    int
	log      int
	blocks   []EthereumBlock
	txs      []EthereumTransaction
	tokens   []TokenTransfer
	traces   []Trace
}

func newEthereum(w *world) *ethereum {
	return &ethereum{w: w, balances: map[holding]amount{}, nonces: map[string]uint64{}}
}

// price is what a unit of gas costs now, in wei: every message pays the base
// fee and a tip of one gwei.
func (e *ethereum) price() uint64 { return e.baseFee(ethereumHeight(e.w.now)) + 1e9 }

func (e *ethereum) baseFee(height int64) uint64 {
	h := digest(e.w.seed, "base fee", fmt.Sprint(height/40))
	return 9e9 + uint64(binary.BigEndian.Uint16(h[:])%2000)*1e7 + uint64(height%40)*1e6
}

func (e *ethereum) fee(gas uint64) amount { return times(units(gas), e.price(), 1) }

// feeCeiling is a fee that no later price exceeds, in wei.
func feeCeiling(gas uint64) amount { return times(units(gas), 31e9, 1) }

func (e *ethereum) balance(a asset, owner string) amount {
	if a == tether {
		return e.balances[holding{Tether, owner}]
	}
	return e.balances[holding{"", owner}]
}

// spendable is what an account can pay now, after the fee of paying it.
func (e *ethereum) spendable(a asset, owner string) amount {
	if a == tether {
		if have := e.balance(ether, owner); less(have, e.fee(gasToken)) {
			return amount{}
		}
		return e.balance(tether, owner)
	}
	return minus(e.balance(ether, owner), e.fee(gasTransfer))
}

// block opens the block of now and returns it.
func (e *ethereum) block() *EthereumBlock {
	if height := ethereumHeight(e.w.now); height != e.height || len(e.blocks) == 0 {
		e.height, e.index, e.log = height, 0, 0
		e.blocks = append(e.blocks, EthereumBlock{
			Number: height, Hash: e.blockHash(height), ParentHash: e.blockHash(height - 1),
			Timestamp: ethereumTime(height), BaseFeePerGas: e.baseFee(height),
		})
	}
	return &e.blocks[len(e.blocks)-1]
}

func (e *ethereum) blockHash(height int64) string {
	h := digest(e.w.seed, "ethereum block", fmt.Sprint(height))
	return "0x" + hex.EncodeToString(h[:])
}

// reward creates ether, as genesis and old mining did.
func (e *ethereum) reward(to string, value amount) {
	b := e.block()
	e.credit("", to, value)
	e.traces = append(e.traces, Trace{
		TransactionIndex: -1, TraceType: "reward", ToAddress: to, Value: value, Status: 1,
		BlockNumber: b.Number, BlockTimestamp: b.Timestamp,
	})
}

// send executes a message in the block of now and returns its hash. A message
// that is not covered is a bug of the scenario.
func (e *ethereum) send(m message) string {
	b := e.block()
	nonce := e.nonces[m.from]
	e.nonces[m.from]++
	h := digest(e.w.seed, "ethereum transaction", fmt.Sprint(m.from, nonce))
	tx := EthereumTransaction{
		Hash: "0x" + hex.EncodeToString(h[:]), Nonce: nonce, BlockHash: b.Hash, BlockNumber: b.Number,
		TransactionIndex: e.index, FromAddress: m.from, ToAddress: m.to, Value: m.value,
		Gas: m.gas, GasPrice: e.price(), Input: m.input, BlockTimestamp: b.Timestamp,
		ReceiptStatus: 1, ReceiptGasUsed: m.gas, EffectiveGasPrice: e.price(), ContractAddress: m.creates,
	}
	if tx.Input == "" {
		tx.Input = "0x"
	}
	if m.gas > gasTransfer && !m.fails {
		tx.Gas = m.gas * 5 / 4
	}
	if m.fails {
		tx.ReceiptStatus = 0
	}
	e.index++
	b.TransactionCount++
	b.GasUsed += m.gas
	e.txs = append(e.txs, tx)
	e.debit("", m.from, e.fee(m.gas))
	e.execute(m, &tx)
	return tx.Hash
}

// execute moves what the message moves and writes its traces.
func (e *ethereum) execute(m message, tx *EthereumTransaction) {
	top := call{kind: "call", from: m.from, to: m.to, value: m.value}
	if m.fails {
		top.err = "Out of gas"
	}
	if m.creates != "" {
		top.kind, top.to = "create", m.creates
	}
	for _, c := range append([]call{top}, m.calls...) {
		t := Trace{
			TransactionHash: tx.Hash, TransactionIndex: tx.TransactionIndex, TraceAddress: c.path,
			TraceType: "call", CallType: c.kind, FromAddress: c.from, ToAddress: c.to, Value: c.value,
			Error: c.err, Status: 1, BlockNumber: tx.BlockNumber, BlockTimestamp: tx.BlockTimestamp,
		}
		if c.kind == "create" {
			t.TraceType, t.CallType = "create", ""
		}
		if c.err != "" || c.undone || m.fails {
			t.Status = 0
		}
		e.traces = append(e.traces, t)
		if t.Status == 1 && (c.kind == "call" || c.kind == "create") {
			e.debit("", c.from, c.value)
			e.credit("", c.to, c.value)
		}
	}
	if m.fails {
		return
	}
	for _, v := range m.moves {
		if v.from != null {
			e.debit(v.token, v.from, v.amount)
		}
		e.credit(v.token, v.to, v.amount)
		e.tokens = append(e.tokens, TokenTransfer{
			TokenAddress: v.token, FromAddress: v.from, ToAddress: v.to, Value: v.amount,
			TransactionHash: tx.Hash, LogIndex: e.log, BlockNumber: tx.BlockNumber, BlockTimestamp: tx.BlockTimestamp,
		})
		e.log++
	}
}

func (e *ethereum) credit(token, owner string, v amount) {
	k := holding{token, owner}
	e.balances[k] = plus(e.balances[k], v)
}

func (e *ethereum) debit(token, owner string, v amount) {
	k := holding{token, owner}
	have := e.balances[k]
	if less(have, v) {
		panic(fmt.Sprintf("compound: %s has %s of %q and owes %s", e.w.who.text(owner), have.Dec(), token, v.Dec()))
	}
	e.balances[k] = minus(have, v)
}

// pay sends ether or USDT.
func (e *ethereum) pay(from, to string, a asset, v amount) string {
	return e.send(payment(from, to, a, v))
}

// fail is a payment that ran out of gas: its value stays where it was.
func (e *ethereum) fail(from, to string, a asset, v amount) string {
	m := payment(from, to, a, v)
	m.fails, m.moves = true, nil
	return e.send(m)
}

func payment(from, to string, a asset, v amount) message {
	if a == ether {
		return message{from: from, to: to, value: v, gas: gasTransfer}
	}
	word := v.Bytes32()
	return message{
		from: from, to: Tether, gas: gasToken,
		input: "0xa9059cbb" + "000000000000000000000000" + to[2:] + hex.EncodeToString(word[:]),
		moves: []move{{Tether, from, to, v}},
	}
}
