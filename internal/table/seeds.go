package table

import (
	"cmp"
	"reflect"
)

// Seed is a row of seeds.
type Seed struct {
	CaseID          string   `parquet:"case_id,dict"`
	Chain           string   `parquet:"chain,dict"`
	Address         string   `parquet:"address,plain"`
	Role            string   `parquet:"role,plain,optional"`
	Label           string   `parquet:"label,plain,optional"`
	Confidence      int64    `parquet:"confidence,plain"`
	Source          string   `parquet:"source,plain,optional"`
	SourceURL       string   `parquet:"source_url,plain,optional"`
	ReportedAt      *int64   `parquet:"reported_at,plain,timestamp(microsecond:utc),optional"`
	TransactionHash string   `parquet:"transaction_hash,plain,optional"`
	Value           *Decimal `parquet:"value,plain,decimal(0:38),optional"`
	ValueLossless   string   `parquet:"value_lossless,plain,optional"`
	Notes           string   `parquet:"notes,plain,optional"`
}

// Table describes seeds.
func (Seed) Table() Table {
	t := Table{
		Name:  "seeds",
		Doc:   "The reported addresses and payments from which the run started.",
		Since: 1,
		Columns: []Column{
			{"case_id", Text, "", false, "The case of the report."},
			{"chain", Text, "", false, "Name of the chain."},
			{"address", Text, "", false, "The reported address."},
			{"role", Text, "", true, "What it is for: seed, victim_tx or watch; null where not told."},
			{"label", Text, "", true, "Name that the investigator gave; null where none."},
			{"confidence", Int, "0 to 100", false, "How sure the investigator is; 5 where the list does not say."},
			{"source", Text, "", true, "Who reported it; null where not told."},
			{"source_url", Text, "", true, "Where the report can be read; null where nowhere."},
			{"reported_at", Timestamp, "UTC", true, "When it was reported; null where not told."},
			{"transaction_hash", Text, "", true, "The reported payment; null where the whole address is meant."},
		},
		Key:   []string{"case_id", "chain", "address", "transaction_hash"},
		Order: "case_id, chain, address, transaction_hash",
		row:   reflect.TypeFor[Seed](),
	}
	t.Columns = append(t.Columns, amountColumns("value", true, "Reported amount.")...)
	t.Columns = append(t.Columns, Column{"notes", Text, "", true, "Free text of the investigator; null where none."})
	return t
}

func seeds() Table { return Seed{}.Table() }

func (r Seed) compare(s Seed) int {
	return cmp.Or(cmp.Compare(r.CaseID, s.CaseID), cmp.Compare(r.Chain, s.Chain), cmp.Compare(r.Address, s.Address),
		cmp.Compare(r.TransactionHash, s.TransactionHash), cmp.Compare(r.Source, s.Source), cmp.Compare(r.Label, s.Label))
}
