package table

import (
	"cmp"
	"reflect"
)

// Taint is a row of taint.
type Taint struct {
	CaseID          string   `parquet:"case_id,dict"`
	Seed            string   `parquet:"seed,dict"`
	Method          string   `parquet:"method,dict"`
	Chain           string   `parquet:"chain,dict"`
	BlockNumber     int64    `parquet:"block_number,plain"`
	TransactionHash string   `parquet:"transaction_hash,plain"`
	Kind            string   `parquet:"kind,dict"`
	LogIndex        *int64   `parquet:"log_index,plain,optional"`
	OutputIndex     *int64   `parquet:"output_index,plain,optional"`
	Asset           string   `parquet:"asset,plain"`
	FromAddress     string   `parquet:"from_address,plain,optional"`
	ToAddress       string   `parquet:"to_address,plain,optional"`
	Value           *Decimal `parquet:"value,plain,decimal(0:38),optional"`
	ValueLossless   string   `parquet:"value_lossless,plain"`
	TraceAddress    *string  `parquet:"trace_address,plain,optional"`
}

// Table describes taint.
func (Taint) Table() Table {
	t := Table{
		Name:  "taint",
		Doc:   "How much of a seed's money moved in each transfer, under each tracing method.",
		Since: 1,
		Columns: []Column{
			{"case_id", Text, "", false, "The case of the seed."},
			{"seed", Text, "", false, "The seed whose money it is."},
			{"method", Text, "", false, "The tracing method."},
			{"chain", Text, "", false, "Name of the chain."},
			{"block_number", Int, "", false, "Height of the block."},
			{"transaction_hash", Text, "", false, "The transaction, as in transfers."},
			{"kind", Text, "", false, "The kind of the transfer, as in transfers."},
			{"log_index", Int, "", true, "The log_index of the transfer; null as in transfers."},
			{"output_index", Int, "", true, "The Bitcoin output that took it; null for the share of the fee and on account chains."},
			{"asset", Text, "", false, "Contract of the token, or native."},
			{"from_address", Text, "", true, "Who paid; null on Bitcoin, where the inputs are in entries, and for a reward."},
			{"to_address", Text, "", true, "Who was paid; null for the share of a fee and where the output names no address."},
		},
		Key:    []string{"case_id", "seed", "method", "chain", "transaction_hash", "kind", "log_index", "trace_address", "output_index"},
		Order:  "one method to a file; in it, the order in which the method met the transfers",
		Blooms: []string{"from_address", "to_address"},
		row:    reflect.TypeFor[Taint](),

		repeats: []string{"transaction_hash", "asset", "from_address", "to_address"},
	}
	t.Columns = append(t.Columns, amountColumns("value", false, "The seed's share of the transfer.")...)
	t.Columns = append(t.Columns, Column{"trace_address", Text, "", true, "The trace_address of the transfer; null as in transfers."})
	return t
}

func taint() Table { return Taint{}.Table() }

func (r Taint) compare(s Taint) int {
	return cmp.Or(cmp.Compare(r.Method, s.Method), cmp.Compare(r.Chain, s.Chain), cmp.Compare(r.BlockNumber, s.BlockNumber))
}
