package table

import (
	"cmp"
	"reflect"
)

// Entry is a row of entries.
type Entry struct {
	Chain                string   `parquet:"chain,dict"`
	BlockNumber          int64    `parquet:"block_number,plain"`
	TransactionHash      string   `parquet:"transaction_hash,plain"`
	Side                 string   `parquet:"side,dict"`
	Index                int64    `parquet:"index,plain"`
	Address              string   `parquet:"address,plain,optional"`
	Value                *Decimal `parquet:"value,plain,decimal(0:38),optional"`
	ValueLossless        string   `parquet:"value_lossless,plain,optional"`
	SpentTransactionHash string   `parquet:"spent_transaction_hash,plain,optional"`
	SpentOutputIndex     *int64   `parquet:"spent_output_index,plain,optional"`
}

// The sides of an entry.
const (
	SideIn  = "in"
	SideOut = "out"
)

// Table describes entries.
func (Entry) Table() Table {
	t := Table{
		Name:  "entries",
		Doc:   "Inputs and outputs of Bitcoin transactions, as they are on the chain.",
		Since: 1,
		Columns: []Column{
			{"chain", Text, "", false, "Name of the chain."},
			{"block_number", Int, "", false, "Height of the block."},
			{"transaction_hash", Text, "", false, "Hash of the transaction."},
			{"side", Text, "", false, "in for an input, out for an output."},
			{"index", Int, "", false, "Place among the transaction's inputs or outputs."},
			{"address", Text, "", true, "Whose it is; null where the script names no address."},
		},
		Key:    []string{"chain", "transaction_hash", "side", "index"},
		Order:  "chain order, inputs before outputs, by index",
		Blooms: []string{"address"},
		row:    reflect.TypeFor[Entry](),
	}
	t.Columns = append(t.Columns, amountColumns("value", true, "Amount in satoshi.")...)
	t.Columns = append(t.Columns,
		Column{"spent_transaction_hash", Text, "", true, "Transaction whose output an input spends; null for an output."},
		Column{"spent_output_index", Int, "", true, "Index of the output that an input spends; null for an output."},
	)
	return t
}

func entries() Table { return Entry{}.Table() }

func (r Entry) compare(s Entry) int {
	return cmp.Or(cmp.Compare(r.Chain, s.Chain), cmp.Compare(r.BlockNumber, s.BlockNumber))
}
