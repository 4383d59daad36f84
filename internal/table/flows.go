package table

import (
	"cmp"
	"reflect"
)

// Flow is a row of flows.
type Flow struct {
	Chain          string   `parquet:"chain,dict"`
	Asset          string   `parquet:"asset,plain"`
	FromAddress    string   `parquet:"from_address,plain,optional"`
	ToAddress      string   `parquet:"to_address,plain,optional"`
	Transfers      int64    `parquet:"transfers,plain"`
	Value          *Decimal `parquet:"value,plain,decimal(0:38),optional"`
	ValueLossless  string   `parquet:"value_lossless,plain"`
	FirstTimestamp int64    `parquet:"first_timestamp,plain,timestamp(microsecond:utc)"`
	LastTimestamp  int64    `parquet:"last_timestamp,plain,timestamp(microsecond:utc)"`
	SplitRule      string   `parquet:"split_rule,dict"`
}

// The values of split_rule.
const (
	SplitExact         = "exact"
	SplitProRataInputs = "pro_rata_inputs"
	SplitUnknownInputs = "unknown_inputs"
)

// Table describes flows.
func (Flow) Table() Table {
	t := Table{
		Name:  "flows",
		Doc:   "All transfers summed up by payer, payee and asset.",
		Since: 1,
		Columns: []Column{
			{"chain", Text, "", false, "Name of the chain."},
			{"asset", Text, "", false, "Contract of the token, or native."},
			{"from_address", Text, "", true, "Who paid; null for what a block, a coinbase or a token contract created (a mint), for inputs without an address and where the inputs are not known."},
			{"to_address", Text, "", true, "Who was paid; null for fees on account chains and for outputs without an address. It may equal from_address: change and payments to oneself are kept."},
			{"transfers", Int, "transfers", false, "Number of transfers summed up; a Bitcoin transaction counts once."},
		},
		Key:    []string{"chain", "asset", "from_address", "to_address", "split_rule"},
		Order:  "chain, asset, from_address, to_address (null first), split_rule",
		Blooms: []string{"from_address", "to_address"},
		row:    reflect.TypeFor[Flow](),

		repeats: []string{"asset", "from_address"},
	}
	t.Columns = append(t.Columns, amountColumns("value", false, "Sum of the amounts. On Bitcoin the sum out of a transaction is that of its outputs; its fee is in transfers.")...)
	t.Columns = append(t.Columns,
		Column{"first_timestamp", Timestamp, "UTC", false, "Time of the first of the transfers."},
		Column{"last_timestamp", Timestamp, "UTC", false, "Time of the last of the transfers."},
		Column{"split_rule", Text, "", false, "exact: account chains, the payer is known. pro_rata_inputs: each output of a Bitcoin transaction is split over its distinct input addresses in proportion to what they put in, rounded down, the units left over by largest remainder and then by address; shares of zero are left out. unknown_inputs: an input's amount is not known, so the payer is null."},
	)
	return t
}

func flows() Table { return Flow{}.Table() }

func (r Flow) compare(s Flow) int {
	return cmp.Or(cmp.Compare(r.Chain, s.Chain), cmp.Compare(r.Asset, s.Asset), cmp.Compare(r.FromAddress, s.FromAddress),
		cmp.Compare(r.ToAddress, s.ToAddress), cmp.Compare(r.SplitRule, s.SplitRule))
}
