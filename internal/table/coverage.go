package table

import (
	"cmp"
	"reflect"
)

// Coverage is a row of coverage.
type Coverage struct {
	Chain     string `parquet:"chain,dict"`
	Source    string `parquet:"source,plain"`
	Address   string `parquet:"address,plain,optional"`
	Kind      string `parquet:"kind,dict,optional"`
	FromBlock int64  `parquet:"from_block,plain"`
	ToBlock   int64  `parquet:"to_block,plain"`
	Complete  bool   `parquet:"complete,plain"`
	Reason    string `parquet:"reason,plain,optional"`
}

// Table describes coverage.
func (Coverage) Table() Table {
	return Table{
		Name:  "coverage",
		Doc:   "What the sources told whole, and every gap that they or the run declare.",
		Since: 1,
		Columns: []Column{
			{"chain", Text, "", false, "Name of the chain."},
			{"source", Text, "", false, "Who was asked."},
			{"address", Text, "", true, "The address; null for every address asked."},
			{"kind", Text, "", true, "The kind of movement, as in transfers; null for every kind."},
			{"from_block", Int, "", false, "First block of the range."},
			{"to_block", Int, "", false, "Last block of the range."},
			{"complete", Bool, "", false, "False for a gap: movements may be missing."},
			{"reason", Text, "", true, "Why it is a gap; null where complete."},
		},
		Key:   []string{"chain", "source", "address", "kind", "from_block", "to_block", "reason"},
		Order: "chain, source, address, kind, from_block, to_block, reason",
		row:   reflect.TypeFor[Coverage](),
	}
}

func coverage() Table { return Coverage{}.Table() }

func (r Coverage) compare(s Coverage) int {
	return cmp.Or(cmp.Compare(r.Chain, s.Chain), cmp.Compare(r.Source, s.Source), cmp.Compare(r.Address, s.Address),
		cmp.Compare(r.Kind, s.Kind), cmp.Compare(r.FromBlock, s.FromBlock), cmp.Compare(r.ToBlock, s.ToBlock),
		cmp.Compare(r.Reason, s.Reason))
}
