package node

import (
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// receipt is what is needed of a receipt. Amounts are in wei.
type receipt struct {
	tx, block     chain.Hash
	height        uint64
	index         uint32
	from, to      [20]byte
	hasTo         bool
	status        chain.Status
	gas           uint64
	price         chain.Amount
	hasPrice      bool
	created       [20]byte
	hasCreated    bool
	extra         chain.Amount // what rollups take for the layer below
	blobGas       uint64
	blobPrice     chain.Amount
	hasBlobs      bool
	hasBlobsPrice bool
}

// What every receipt must have.
const (
	receiptTx = 1 << iota
	receiptGas
	receiptIndex
	receiptHeight
	receiptBlock
	receiptAll = 1<<iota - 1
)

// read reads a receipt and gives its logs to log, in their order.
func (r *receipt) read(w walker, logs *logReader, log func(*entry)) error {
	*r = receipt{}
	has := 0
	err := w.object(func(name []byte) error {
		var err error
		switch string(name) {
		case "transactionHash":
			has |= receiptTx
			err = w.fixed(r.tx[:])
		case "blockHash":
			has |= receiptBlock
			err = w.fixed(r.block[:])
		case "blockNumber":
			has |= receiptHeight
			err = w.number(&r.height)
		case "transactionIndex":
			has |= receiptIndex
			err = w.index(&r.index)
		case "from":
			_, err = w.maybe(func(v jsontext.Value) error { return fixed(r.from[:], v) })
		case "to":
			r.hasTo, err = w.maybe(func(v jsontext.Value) error { return fixed(r.to[:], v) })
		case "status":
			_, err = w.maybe(func(v jsontext.Value) error {
				n, err := number(v)
				switch {
				case err != nil:
					return err
				case n == 1:
					r.status = chain.Succeeded
				case n == 0:
					r.status = chain.Failed
				default:
					return errors.New("is neither 0 nor 1")
				}
				return nil
			})
		case "gasUsed":
			has |= receiptGas
			err = w.number(&r.gas)
		case "effectiveGasPrice":
			r.hasPrice, err = w.maybe(func(v jsontext.Value) error { return amount(&r.price, v) })
		case "contractAddress":
			r.hasCreated, err = w.maybe(func(v jsontext.Value) error { return fixed(r.created[:], v) })
		case "l1Fee":
			_, err = w.maybe(func(v jsontext.Value) error { return amount(&r.extra, v) })
		case "blobGasUsed":
			r.hasBlobs, err = w.maybe(func(v jsontext.Value) (err error) { r.blobGas, err = number(v); return err })
		case "blobGasPrice":
			r.hasBlobsPrice, err = w.maybe(func(v jsontext.Value) error { return amount(&r.blobPrice, v) })
		case "logs":
			if w.null() {
				return nil
			}
			err = w.array(func(int) error {
				if err := logs.read(w); err != nil {
					return err
				}
				if log != nil {
					log(&logs.entry)
				}
				return nil
			})
		default:
			return w.SkipValue()
		}
		return member(string(name), err)
	})
	if err == nil && has != receiptAll {
		err = errors.New("lacks a member")
	}
	return err
}

// fee is what the sender paid, at the price that the receipt names or else the
// transaction.
func (r *receipt) fee(price *chain.Amount) (fee chain.Amount, err error) {
	if r.hasPrice {
		price = &r.price
	}
	var gas, blobs chain.Amount
	gas.SetUint64(r.gas)
	_, over := fee.MulOverflow(&gas, price)
	if r.hasBlobs && r.hasBlobsPrice {
		gas.SetUint64(r.blobGas)
		_, more := blobs.MulOverflow(&gas, &r.blobPrice)
		over = over || more
	}
	for _, x := range []*chain.Amount{&r.extra, &blobs} {
		_, more := fee.AddOverflow(&fee, x)
		over = over || more
	}
	if over {
		return fee, fmt.Errorf("the fee %w", errTooBig)
	}
	return fee, nil
}

// decodeReceipt reads an answer to eth_getTransactionReceipt.
func decodeReceipt(v jsontext.Value) (*receipt, error) {
	if v.Kind() == 'n' {
		return nil, fmt.Errorf("the receipt %w", errNull)
	}
	r := new(receipt)
	if err := r.read(walk(v), new(logReader), nil); err != nil {
		return nil, fmt.Errorf("receipt: %w", err)
	}
	return r, nil
}

// receipts fills in what an answer to eth_getBlockReceipts tells.
func (b *block) receipts(v jsontext.Value) error {
	if v.Kind() == 'n' {
		return fmt.Errorf("the list of receipts %w", errNull)
	}
	w, n := walk(v), 0
	var r receipt
	var logs logReader
	b.tokens, b.tips = nil, chain.Amount{}
	nextLog := uint32(0)
	err := w.array(func(i int) error {
		if i >= len(b.txs) {
			return errors.New("there are more receipts than transactions")
		}
		n++
		var wrong error
		err := r.read(w, &logs, func(e *entry) {
			if e.tx != b.txs[i].hash || e.block != b.hash || e.height != b.height || e.txIndex != uint32(i) || e.index < nextLog {
				wrong = errors.New("a log is of another transaction")
			}
			nextLog = e.index + 1
			if e.transfer {
				b.tokens = append(b.tokens, token{e.token, e.from, e.to, e.value, uint32(i), e.index})
			}
		})
		if err == nil {
			err = wrong
		}
		if err == nil && (r.tx != b.txs[i].hash || r.block != b.hash || r.height != b.height || r.index != uint32(i)) {
			err = errors.New("is of another transaction")
		}
		if err == nil {
			err = b.txs[i].settle(b, &r)
		}
		return member(fmt.Sprintf("receipt %d:", i), err)
	})
	if err == nil && n != len(b.txs) {
		err = errors.New("there are fewer receipts than transactions")
	}
	return err
}

// settle takes over what a receipt tells of a transaction.
func (t *transaction) settle(b *block, r *receipt) (err error) {
	if t.fee, err = r.fee(&t.price); err != nil {
		return err
	}
	if r.hasPrice {
		t.price = r.price
	}
	t.gas, t.status = r.gas, r.status
	if !t.hasTo && r.hasCreated {
		t.to, t.hasTo, t.creates = r.created, true, true
	}
	var tip, gas chain.Amount
	if _, under := tip.SubOverflow(&t.price, &b.baseFee); under {
		return nil // a transaction of the protocol itself, on some chains
	}
	gas.SetUint64(t.gas)
	if _, over := tip.MulOverflow(&tip, &gas); over {
		return errTooBig
	}
	if _, over := b.tips.AddOverflow(&b.tips, &tip); over {
		return errTooBig
	}
	return nil
}
