package dataset

import "github.com/scamtrace/scamtrace/internal/chain"

// Columns of token_transfers.
const (
	tokAsset = iota
	tokFrom
	tokTo
	tokValue
	tokHash
	tokLog
	tokHeight
	tokTime
	tokIndex
	tokBlock
)

func tokensLayout() *layout {
	return &layout{
		table: "token_transfers",
		columns: []column{
			tokAsset:  {name: "token_address", must: true},
			tokFrom:   {name: "from_address", must: true, key: true, given: true},
			tokTo:     {name: "to_address", must: true, key: true, given: true},
			tokValue:  {name: "value", must: true},
			tokHash:   {name: "transaction_hash", must: true},
			tokLog:    {name: "log_index", must: true},
			tokHeight: {name: "block_number", must: true},
			tokTime:   {name: "block_timestamp"},
			tokIndex:  {name: "transaction_index"},
			tokBlock:  {name: "block_hash"},
		},
		height: tokHeight, clock: tokTime, block: tokBlock,
		touch: touchCells(tokFrom, tokTo),
		tell:  tellToken,
		flat:  true,
	}
}

// tellToken tells one ERC-20 Transfer, also of value zero: such rows are the
// evidence of address poisoning.
func tellToken(t *teller, r *row) error {
	if err := t.transaction(r, tokHash, tokHeight, tokTime, tokIndex); err != nil {
		return err
	}
	asset, err := t.addressGiven(r, tokAsset, "token_address")
	if err != nil {
		return err
	}
	from, err := t.addressGiven(r, tokFrom, "from_address")
	if err != nil {
		return err
	}
	to, err := t.addressGiven(r, tokTo, "to_address")
	if err != nil {
		return err
	}
	ordinal, err := ordinal(r, tokLog, "log_index")
	if err != nil {
		return err
	}
	var value chain.Amount
	inexact, err := r.cells[tokValue].amount(&value)
	if err != nil {
		return r.fault("value", err)
	}
	// A log exists only in a transaction that succeeded.
	t.transfer.Tx.Status = chain.StatusUnknown // only a receipt tells
	return t.account(movement{
		kind: chain.Token, ordinal: ordinal, asset: asset,
		from: from, to: to, amount: value, inexact: inexact,
	})
}

// ordinal reads a column that must hold an index.
func ordinal(r *row, at int, name string) (uint32, error) {
	c := &r.cells[at]
	if c.kind == null {
		return 0, r.fault(name, errMissing)
	}
	v, err := c.index(0)
	if err != nil {
		return 0, r.fault(name, err)
	}
	return v, nil
}
