package dataset

import (
	"errors"
	"fmt"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Columns of transactions of a UTXO chain.
const (
	outHash = iota
	outHeight
	outTime
	outIndex
	outBlock
	outCoinbase
	outFee
	outInCount
	outOutCount
	outInputs
	outOutputs
)

// Fields of an input; an output has the first four.
const (
	ioIndex = iota
	ioAddresses
	ioAddress
	ioValue
	ioSpentTx
	ioSpentIndex
	ioFields // how many there are
)

func outputsLayout() *layout {
	fields := []column{
		ioIndex:     {name: "index"},
		ioAddresses: {name: "addresses", key: true, list: true},
		ioAddress:   {name: "address", key: true},
		ioValue:     {name: "value", must: true},
	}
	spends := []column{
		{name: "spent_transaction_hash", must: true},
		{name: "spent_output_index", must: true},
	}
	return &layout{
		table: "transactions",
		columns: []column{
			outHash:     {name: "hash", must: true},
			outHeight:   {name: "block_number", must: true},
			outTime:     {name: "block_timestamp"},
			outIndex:    {name: "index"},
			outBlock:    {name: "block_hash"},
			outCoinbase: {name: "is_coinbase"},
			outFee:      {name: "fee"},
			outInCount:  {name: "input_count"},
			outOutCount: {name: "output_count"},
			outInputs:   {name: "inputs", must: true, list: true, fields: append(fields[:4:4], spends...)},
			outOutputs:  {name: "outputs", must: true, list: true, fields: fields},
		},
		height: outHeight, clock: outTime, block: outBlock,
		touch: touchOutputs,
		tell:  tellOutputs,
	}
}

// touchOutputs finds the addresses of all inputs and outputs.
func touchOutputs(r *row) {
	r.touched = r.touched[:0]
	for _, side := range [...]int{outInputs, outOutputs} {
		c := &r.cells[side]
		if c.kind != list {
			continue
		}
		for i := range c.items {
			if a, err := soleAddress(&c.items[i]); err == nil && a != nil {
				r.touched = append(r.touched, a)
			}
		}
	}
}

// soleAddress is the only address of an input or output. A script with none
// (OP_RETURN) or several (bare multisig) belongs to no one address.
func soleAddress(io *cell) ([]byte, error) {
	if io.kind != record {
		return nil, errors.New("is not a record")
	}
	var found []byte
	several := false
	note := func(c *cell) error {
		a, err := c.address()
		if a != nil {
			several = several || (found != nil && string(found) != string(a))
			found = a
		}
		return err
	}
	if err := note(&io.items[ioAddress]); err != nil {
		return nil, err
	}
	switch c := &io.items[ioAddresses]; c.kind {
	case null:
	case list:
		for i := range c.items {
			if err := note(&c.items[i]); err != nil {
				return nil, err
			}
		}
	default:
		return nil, errors.New("addresses is not a list")
	}
	if several {
		return nil, nil
	}
	return found, nil
}

// tellOutputs tells a whole transaction of a UTXO chain.
func tellOutputs(t *teller, r *row) error {
	if err := t.transaction(r, outHash, outHeight, outTime, outIndex); err != nil {
		return err
	}
	t.transfer.Tx.Status = chain.Succeeded
	inputs, outputs := &r.cells[outInputs], &r.cells[outOutputs]
	for _, side := range [...]struct {
		name string
		c    *cell
	}{{"inputs", inputs}, {"outputs", outputs}} {
		if side.c.kind == null {
			side.c.open()
		}
		if side.c.kind != list {
			return r.fault(side.name, errors.New("is not a list"))
		}
	}
	coinbase := len(inputs.items) == 0
	if c := &r.cells[outCoinbase]; c.kind != null {
		said, err := c.truth()
		if err != nil {
			return r.fault("is_coinbase", err)
		}
		if !said && coinbase {
			return r.fault("inputs", errors.New("are none, and the transaction is not a coinbase; the row is truncated"))
		}
		coinbase = said
	}
	if coinbase {
		inputs.open()
	} else if err := r.count(outInCount, "input_count", len(inputs.items)); err != nil {
		return err
	}
	if err := r.count(outOutCount, "output_count", len(outputs.items)); err != nil {
		return err
	}
	var in, out chain.Amount
	known := true
	t.in, t.out = t.in[:0], t.out[:0]
	t.texts = t.texts[:0]
	for i := range inputs.items {
		e, address, err := t.input(r, &inputs.items[i], i)
		if err != nil {
			return r.fault(fmt.Sprintf("inputs[%d]", i), err)
		}
		known = known && !e.AmountUnknown
		if _, over := in.AddOverflow(&in, &e.Amount); over {
			return r.fault("inputs", errTooBig)
		}
		t.in, t.texts = append(t.in, e), append(t.texts, address)
	}
	for i := range outputs.items {
		e, address, err := t.entry(&outputs.items[i], i)
		if err == nil && e.AmountUnknown {
			err = fmt.Errorf("value: %w", errMissing)
		}
		if err != nil {
			return r.fault(fmt.Sprintf("outputs[%d]", i), err)
		}
		if _, over := out.AddOverflow(&out, &e.Amount); over {
			return r.fault("outputs", errTooBig)
		}
		t.out, t.texts = append(t.out, e), append(t.texts, address)
	}
	if c := &r.cells[outFee]; c.kind != null && !coinbase {
		var fee, rest chain.Amount
		if err := c.satoshi(&fee); err != nil {
			return r.fault("fee", err)
		}
		if _, under := rest.SubOverflow(&in, &out); known && (under || rest != fee) {
			return r.fault("fee", fmt.Errorf("%w: inputs hold %s, outputs %s, and the fee is %s",
				chain.ErrContradiction, in.Dec(), out.Dec(), fee.Dec()))
		}
	}
	return t.whole()
}

// count compares a counter column with the list it counts.
func (r *row) count(at int, name string, have int) error {
	c := &r.cells[at]
	if c.kind == null {
		return nil
	}
	n, err := c.whole()
	if err == nil && n != uint64(have) {
		err = fmt.Errorf("is %d, but the list has %d; the row is truncated", n, have)
	}
	if err != nil {
		return r.fault(name, err)
	}
	return nil
}

func (t *teller) input(_ *row, c *cell, at int) (e chain.Entry, address []byte, err error) {
	if e, address, err = t.entry(c, at); err != nil {
		return e, nil, err
	}
	if e.Spends.Tx, err = c.items[ioSpentTx].hash(); err != nil {
		return e, nil, fmt.Errorf("spent_transaction_hash: %w", err)
	}
	if c.items[ioSpentIndex].kind == null {
		return e, nil, fmt.Errorf("spent_output_index: %w", errMissing)
	}
	if e.Spends.Index, err = c.items[ioSpentIndex].index(0); err != nil {
		return e, nil, fmt.Errorf("spent_output_index: %w", err)
	}
	return e, address, nil
}

// entry reads what inputs and outputs share. The address stays bytes until the
// transfer is known to be wanted.
func (t *teller) entry(c *cell, at int) (e chain.Entry, address []byte, err error) {
	if address, err = soleAddress(c); err != nil {
		return e, nil, err
	}
	if address != nil {
		if err = t.check(address); err != nil {
			return e, nil, fmt.Errorf("address: %w", err)
		}
	}
	if e.Index, err = c.items[ioIndex].index(uint32(at)); err != nil {
		return e, nil, fmt.Errorf("index: %w", err)
	}
	value := &c.items[ioValue]
	if value.kind == null {
		e.AmountUnknown = true
	} else if err = value.satoshi(&e.Amount); err != nil {
		return e, nil, fmt.Errorf("value: %w", err)
	}
	return e, address, nil
}
