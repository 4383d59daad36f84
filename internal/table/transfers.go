package table

import (
	"cmp"
	"reflect"
)

// Transfer is a row of transfers. On account chains it is one movement of one
// asset between two addresses; on Bitcoin it is one whole transaction, whose
// inputs and outputs are in entries.
type Transfer struct {
	Chain            string   `parquet:"chain,dict"`
	BlockNumber      int64    `parquet:"block_number,plain"`
	BlockTimestamp   int64    `parquet:"block_timestamp,plain,timestamp(microsecond:utc)"`
	TransactionHash  string   `parquet:"transaction_hash,plain"`
	TransactionIndex *int64   `parquet:"transaction_index,plain,optional"`
	Kind             string   `parquet:"kind,dict"`
	LogIndex         *int64   `parquet:"log_index,plain,optional"`
	TraceAddress     *string  `parquet:"trace_address,plain,optional"`
	Asset            string   `parquet:"asset,plain"`
	FromAddress      string   `parquet:"from_address,plain,optional"`
	ToAddress        string   `parquet:"to_address,plain,optional"`
	Value            *Decimal `parquet:"value,plain,decimal(0:38),optional"`
	ValueLossless    string   `parquet:"value_lossless,plain"`
	Exact            bool     `parquet:"exact,plain"`
	Inputs           *int64   `parquet:"inputs,plain,optional"`
	Outputs          *int64   `parquet:"outputs,plain,optional"`
	Fee              *Decimal `parquet:"fee,plain,decimal(0:38),optional"`
	FeeLossless      string   `parquet:"fee_lossless,plain,optional"`
}

// Table describes transfers.
func (Transfer) Table() Table {
	t := Table{
		Name:  "transfers",
		Doc:   "Every movement that the run knows, once, in chain order: the evidence that every other row points to.",
		Since: 1,
		Columns: []Column{
			{"chain", Text, "", false, "Name of the chain."},
			{"block_number", Int, "", false, "Height of the block."},
			{"block_timestamp", Timestamp, "UTC", false, "Time of the block."},
			{"transaction_hash", Text, "", false, "Hash of the transaction, as explorers write it."},
			{"transaction_index", Int, "", true, "Place in the block; null where no source tells it."},
			{"kind", Text, "", false, "What moved: fee, native, internal, token or reward on account chains; utxo is a whole Bitcoin transaction."},
			{"log_index", Int, "", true, "Log index of a token transfer, number of a reward in its block; null for the other kinds."},
			{"trace_address", Text, "", true, "Place of an internal call in the call tree, e.g. 0.2.1; null for the other kinds."},
			{"asset", Text, "", false, "Contract of the token, or native for the chain's own coin."},
			{"from_address", Text, "", true, "Who paid; null for a utxo transaction (see entries) and for a reward."},
			{"to_address", Text, "", true, "Who was paid; null for a utxo transaction (see entries) and for a fee."},
		},
		Key:    []string{"chain", "transaction_hash", "kind", "log_index", "trace_address"},
		Order:  "chain order: block, place in the block, kind, log index or trace address",
		Blooms: []string{"from_address", "to_address"},
		row:    reflect.TypeFor[Transfer](),

		repeats: []string{"asset", "from_address", "to_address"},
	}
	t.Columns = append(t.Columns, amountColumns("value", false, "Amount moved; for a utxo transaction the sum of its outputs.")...)
	t.Columns = append(t.Columns,
		Column{"exact", Bool, "", false, "False where the source gave a rounded amount (a float column), or not the amount of every output."},
		Column{"inputs", Int, "entries", true, "Number of inputs of a utxo transaction, 0 for a coinbase; null on account chains."},
		Column{"outputs", Int, "entries", true, "Number of outputs of a utxo transaction; null on account chains."},
	)
	t.Columns = append(t.Columns, amountColumns("fee", true, "What the outputs of a utxo transaction leave over of its inputs; null for a coinbase and on account chains, where a fee is a row of its own.")...)
	return t
}

func transfers() Table { return Transfer{}.Table() }

func (r Transfer) compare(s Transfer) int {
	return cmp.Or(cmp.Compare(r.Chain, s.Chain), cmp.Compare(r.BlockNumber, s.BlockNumber))
}
