package node

import (
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/core/types"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// header is what is needed of a block's header.
type header struct {
	height                          uint64
	hash, parent                    chain.Hash
	time                            int64
	txRoot, receiptRoot, withdrawal chain.Hash
	bloom                           types.Bloom
	miner                           [20]byte
	baseFee                         chain.Amount
	hasBaseFee                      bool
	// mined blocks have a difficulty: they create what no answer tells.
	mined bool
}

func (h *header) block() chain.Block {
	return chain.Block{Height: h.height, Hash: h.hash, Time: h.time}
}

// block is what a block says about movements, in a compact form.
type block struct {
	header
	txs         []transaction
	tokens      []token
	moves       []move
	withdrawals []withdrawal
	// authorities signed for code on their account, which counts as a nonce.
	authorities [][20]byte
	// tips are what the producer gets of the fees.
	tips chain.Amount
}

// transaction is one transaction of a block. What comes from the receipt is
// there after decodeReceipts.
type transaction struct {
	hash     chain.Hash
	from, to [20]byte
	value    chain.Amount
	price    chain.Amount // gas_price, or what the receipt says was paid
	fee      chain.Amount
	gas      uint64 // used
	status   chain.Status
	kind     uint64 // of EIP-2718
	creates  bool
	hasTo    bool
}

// token is an ERC-20 Transfer.
type token struct {
	asset, from, to [20]byte
	value           chain.Amount
	tx, index       uint32
}

// move is native value moved inside a transaction.
type move struct {
	tx       uint32
	path     []uint32
	from, to [20]byte
	value    chain.Amount
	hasTo    bool
	creates  bool
}

type withdrawal struct {
	to    [20]byte
	value chain.Amount
}

var errNull = errors.New("is null: the server does not have it")

// decodeBlock reads an answer to eth_getBlockByNumber with whole transactions.
func decodeBlock(v jsontext.Value) (*block, error) {
	b := new(block)
	if v.Kind() == 'n' {
		return nil, fmt.Errorf("the block %w", errNull)
	}
	w, has := walk(v), 0
	err := w.object(func(name []byte) error {
		if known, err := b.member(w, name, &has); known {
			return err
		}
		switch string(name) {
		case "transactions":
			return w.array(func(i int) error {
				if w.PeekKind() != '{' {
					return w.SkipValue() // only the hash was asked for
				}
				b.txs = append(b.txs, transaction{})
				if err := b.transaction(w, &b.txs[len(b.txs)-1], i); err != nil {
					return fmt.Errorf("transaction %d: %w", i, err)
				}
				return nil
			})
		case "withdrawals":
			if w.null() {
				return nil
			}
			return w.array(func(i int) error {
				b.withdrawals = append(b.withdrawals, withdrawal{})
				return member(fmt.Sprintf("withdrawal %d:", i), b.withdrawals[i].read(w))
			})
		}
		return w.SkipValue()
	})
	if err == nil && has != headerAll {
		err = errors.New("the header lacks a member")
	}
	if err != nil {
		return nil, fmt.Errorf("block: %w", err)
	}
	return b, nil
}

// What every header must have.
const (
	headerNumber = 1 << iota
	headerHash
	headerParent
	headerTime
	headerTxRoot
	headerReceiptRoot
	headerBloom
	headerAll = 1<<iota - 1
)

// member reads a member of a header; it is not known if it is none of these.
func (h *header) member(w walker, name []byte, has *int) (known bool, err error) {
	got := 0
	switch string(name) {
	case "number":
		got, err = headerNumber, w.number(&h.height)
	case "hash":
		got, err = headerHash, w.fixed(h.hash[:])
	case "parentHash":
		got, err = headerParent, w.fixed(h.parent[:])
	case "timestamp":
		var n uint64
		got, err = headerTime, w.number(&n)
		h.time = int64(n)
	case "transactionsRoot":
		got, err = headerTxRoot, w.fixed(h.txRoot[:])
	case "receiptsRoot":
		got, err = headerReceiptRoot, w.fixed(h.receiptRoot[:])
	case "logsBloom":
		got, err = headerBloom, w.fixed(h.bloom[:])
	case "withdrawalsRoot":
		_, err = w.maybe(func(v jsontext.Value) error { return fixed(h.withdrawal[:], v) })
	case "miner":
		_, err = w.maybe(func(v jsontext.Value) error { return fixed(h.miner[:], v) })
	case "baseFeePerGas":
		h.hasBaseFee, err = w.maybe(func(v jsontext.Value) error { return amount(&h.baseFee, v) })
	case "difficulty":
		var d chain.Amount
		_, err = w.maybe(func(v jsontext.Value) error { return amount(&d, v) })
		h.mined = !d.IsZero()
	default:
		return false, nil
	}
	*has |= got
	return true, member(string(name), err)
}

// What every transaction must have.
const (
	txHash = 1 << iota
	txFrom
	txValue
	txAll = 1<<iota - 1
)

func (b *block) transaction(w walker, t *transaction, i int) error {
	has, place := 0, uint32(i) // of a transaction alone i is negative
	var signed [][20]byte
	err := w.object(func(name []byte) error {
		var err error
		switch string(name) {
		case "hash":
			has |= txHash
			err = w.fixed(t.hash[:])
		case "from":
			has |= txFrom
			err = w.fixed(t.from[:])
		case "to":
			t.hasTo, err = w.maybe(func(v jsontext.Value) error { return fixed(t.to[:], v) })
		case "value":
			has |= txValue
			err = w.amount(&t.value)
		case "gasPrice":
			_, err = w.maybe(func(v jsontext.Value) error { return amount(&t.price, v) })
		case "type":
			_, err = w.maybe(func(v jsontext.Value) (err error) { t.kind, err = number(v); return err })
		case "transactionIndex":
			_, err = w.maybe(func(v jsontext.Value) (err error) { place, err = index(v); return err })
		case "authorizationList":
			var list jsontext.Value
			if list, err = w.ReadValue(); err == nil {
				signed, err = authorities(list)
			}
		default:
			return w.SkipValue()
		}
		return member(string(name), err)
	})
	if err == nil && has != txAll {
		err = errors.New("lacks a member")
	}
	if err == nil && i >= 0 && place != uint32(i) {
		err = errors.New("is not in its place")
	}
	b.authorities = append(b.authorities, signed...)
	return err
}

// authorities are the accounts that signed an authorization of EIP-7702.
func authorities(v jsontext.Value) ([][20]byte, error) {
	var list []types.SetCodeAuthorization
	if v.Kind() == 'n' {
		return nil, nil
	}
	if err := json.Unmarshal(v, &list); err != nil {
		return nil, errors.New("is no list of authorizations")
	}
	var out [][20]byte
	for i := range list {
		if a, err := list[i].Authority(); err == nil { // one with a bad signature does nothing
			out = append(out, a)
		}
	}
	return out, nil
}

func (x *withdrawal) read(w walker) error {
	has := 0
	err := w.object(func(name []byte) error {
		switch string(name) {
		case "address":
			has |= 1
			return w.fixed(x.to[:])
		case "amount": // in gwei
			has |= 2
			if err := w.amount(&x.value); err != nil {
				return err
			}
			var gwei chain.Amount
			gwei.SetUint64(1e9)
			if _, over := x.value.MulOverflow(&x.value, &gwei); over {
				return errTooBig
			}
			return nil
		}
		return w.SkipValue()
	})
	if err == nil && has != 3 {
		err = errors.New("lacks a member")
	}
	return err
}

// anyTransaction reads a transaction without its place.
func (b *block) anyTransaction(w walker, t *transaction) error {
	err := b.transaction(w, t, -1)
	return member("transaction", err)
}
