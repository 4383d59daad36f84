package dataset

import (
	"errors"
	"fmt"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Columns of transactions of an account chain.
const (
	txHash = iota
	txIndex
	txFrom
	txTo
	txValue
	txStatus
	txGasUsed
	txGasPaid
	txGasPrice
	txCreated
	txHeight
	txTime
	txBlock
	txL1Fee
	txBlobUsed
	txBlobPrice
)

func transactionsLayout() *layout {
	return &layout{
		table: "transactions",
		columns: []column{
			txHash:      {name: "hash", must: true},
			txIndex:     {name: "transaction_index"},
			txFrom:      {name: "from_address", must: true, key: true, given: true},
			txTo:        {name: "to_address", must: true, key: true},
			txValue:     {name: "value", must: true},
			txStatus:    {name: "receipt_status"},
			txGasUsed:   {name: "receipt_gas_used"},
			txGasPaid:   {name: "receipt_effective_gas_price"},
			txGasPrice:  {name: "gas_price"},
			txCreated:   {name: "receipt_contract_address", key: true},
			txHeight:    {name: "block_number", must: true},
			txTime:      {name: "block_timestamp"},
			txBlock:     {name: "block_hash"},
			txL1Fee:     {name: "receipt_l1_fee"},
			txBlobUsed:  {name: "receipt_blob_gas_used"},
			txBlobPrice: {name: "receipt_blob_gas_price"},
		},
		height: txHeight, clock: txTime, block: txBlock,
		touch: touchCells(txFrom, txTo, txCreated),
		tell:  tellTransaction,
		flat:  true,
	}
}

// tellTransaction tells a transaction's fee and its own value.
func tellTransaction(t *teller, r *row) error {
	if err := t.transaction(r, txHash, txHeight, txTime, txIndex); err != nil {
		return err
	}
	status, err := r.cells[txStatus].status()
	if err != nil {
		return r.fault("receipt_status", err)
	}
	t.transfer.Tx.Status = status
	from, err := t.addressGiven(r, txFrom, "from_address")
	if err != nil {
		return err
	}
	to, err := t.address(r, txTo, "to_address")
	if err != nil {
		return err
	}
	created, err := t.address(r, txCreated, "receipt_contract_address")
	if err != nil {
		return err
	}
	contract := false
	if to == nil {
		to, contract = created, created != nil
	}
	var value, fee chain.Amount
	inexact, err := r.cells[txValue].amount(&value)
	if err != nil {
		return r.fault("value", err)
	}
	known, feeInexact, err := transactionFee(r, &fee)
	if err != nil {
		return err
	}
	if known {
		if err := t.account(movement{kind: chain.Fee, from: from, noTo: true, amount: fee, inexact: feeInexact}); err != nil {
			return err
		}
	}
	if status == chain.Failed {
		if known {
			return nil
		}
		return t.outcome(from, to)
	}
	if value.IsZero() {
		return nil
	}
	return t.account(movement{
		kind: chain.NativeKind,
		from: from, to: to, toContract: contract,
		amount: value, inexact: inexact,
	})
}

// transactionFee is gas used times the price paid, and what rollups and blobs
// add to it where the file says. Before EIP-1559 the price paid is gas_price;
// since then ethereum-etl writes the effective price in both columns.
func transactionFee(r *row, fee *chain.Amount) (known, inexact bool, err error) {
	paid, name := &r.cells[txGasPaid], "receipt_effective_gas_price"
	if paid.kind == null {
		paid, name = &r.cells[txGasPrice], "gas_price"
	}
	used := &r.cells[txGasUsed]
	if used.kind == null || paid.kind == null {
		return false, false, nil
	}
	if inexact, err = product(r, fee, used, "receipt_gas_used", paid, name); err != nil {
		return false, false, err
	}
	var extra chain.Amount
	if c := &r.cells[txL1Fee]; c.kind != null {
		x, err := c.amount(&extra)
		if err != nil {
			return false, false, r.fault("receipt_l1_fee", err)
		}
		inexact = inexact || x
		if _, over := fee.AddOverflow(fee, &extra); over {
			return false, false, r.fault("receipt_l1_fee", errTooBig)
		}
	}
	if a, b := &r.cells[txBlobUsed], &r.cells[txBlobPrice]; a.kind != null && b.kind != null {
		x, err := product(r, &extra, a, "receipt_blob_gas_used", b, "receipt_blob_gas_price")
		if err != nil {
			return false, false, err
		}
		inexact = inexact || x
		if _, over := fee.AddOverflow(fee, &extra); over {
			return false, false, r.fault("receipt_blob_gas_used", errTooBig)
		}
	}
	return true, inexact, nil
}

func product(r *row, out *chain.Amount, a *cell, nameA string, b *cell, nameB string) (inexact bool, err error) {
	var x, y chain.Amount
	fa, err := a.amount(&x)
	if err != nil {
		return false, r.fault(nameA, err)
	}
	fb, err := b.amount(&y)
	if err != nil {
		return false, r.fault(nameB, err)
	}
	if _, over := out.MulOverflow(&x, &y); over {
		return false, r.fault(nameB, errTooBig)
	}
	return fa || fb, nil
}

// status reads 1, 0 or nothing. Receipts before Byzantium had no status.
func (c *cell) status() (chain.Status, error) {
	if c.kind == null {
		return chain.StatusUnknown, nil
	}
	ok, err := c.truth()
	switch {
	case err != nil:
		if c.kind == text {
			return 0, fmt.Errorf("%q is neither 0 nor 1", clip(c.b))
		}
		return 0, errors.New("is neither 0 nor 1")
	case ok:
		return chain.Succeeded, nil
	}
	return chain.Failed, nil
}
