package table

import (
	"cmp"
	"reflect"
)

// Label is a row of labels.
type Label struct {
	Chain      string `parquet:"chain,dict"`
	Address    string `parquet:"address,plain"`
	Label      string `parquet:"label,plain"`
	Category   string `parquet:"category,plain,optional"`
	Actor      string `parquet:"actor,plain,optional"`
	Source     string `parquet:"source,plain"`
	Confidence int64  `parquet:"confidence,plain"`
	Stop       bool   `parquet:"stop,plain"`
	Winner     bool   `parquet:"winner,plain"`
}

// Table describes labels.
func (Label) Table() Table {
	return Table{
		Name:  "labels",
		Doc:   "What the label packs say of the addresses met, every opinion kept.",
		Since: 1,
		Columns: []Column{
			{"chain", Text, "", false, "Name of the chain."},
			{"address", Text, "", false, "The address."},
			{"label", Text, "", false, "The label as its source writes it."},
			{"category", Text, "", true, "Sort of actor, e.g. exchange; null where the source gives none."},
			{"actor", Text, "", true, "Who it is; null where the source names nobody."},
			{"source", Text, "", false, "The label pack."},
			{"confidence", Int, "0 to 100", false, "How far the statement can be relied on; 5 where the source does not say."},
			{"stop", Bool, "", false, "True where the label stops the crawl."},
			{"winner", Bool, "", false, "True for the one label that the run went by."},
		},
		Key:   []string{"chain", "address", "source", "label"},
		Order: "chain, address, source, label",
		row:   reflect.TypeFor[Label](),
	}
}

func labels() Table { return Label{}.Table() }

func (r Label) compare(s Label) int {
	return cmp.Or(cmp.Compare(r.Chain, s.Chain), cmp.Compare(r.Address, s.Address), cmp.Compare(r.Source, s.Source),
		cmp.Compare(r.Label, s.Label), cmp.Compare(r.Category, s.Category), cmp.Compare(r.Actor, s.Actor))
}
