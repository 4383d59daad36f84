package table

import (
	"cmp"
	"reflect"
)

// Link is a row of links.
type Link struct {
	Chain           string `parquet:"chain,dict"`
	AddressA        string `parquet:"address_a,plain"`
	AddressB        string `parquet:"address_b,plain"`
	Heuristic       string `parquet:"heuristic,dict"`
	TransactionHash string `parquet:"transaction_hash,plain,optional"`
	Confidence      int64  `parquet:"confidence,plain"`
	Accepted        bool   `parquet:"accepted,plain"`
	Reason          string `parquet:"reason,plain,optional"`
	Transactions    int64  `parquet:"transactions,plain"`
}

// Table describes links.
func (Link) Table() Table {
	return Table{
		Name:  "links",
		Doc:   "Pairs of addresses that a heuristic holds to be of one owner, each with its evidence.",
		Since: 1,
		Columns: []Column{
			{"chain", Text, "", false, "Name of the chain."},
			{"address_a", Text, "", false, "One address."},
			{"address_b", Text, "", false, "The other address."},
			{"heuristic", Text, "", false, "The rule that links them."},
			{"transaction_hash", Text, "", true, "The transaction that is the evidence; null where it is not one transaction."},
			{"confidence", Int, "0 to 100", false, "How fully the evidence met the conditions of the rule; comparable within one heuristic only."},
			{"accepted", Bool, "", false, "False where the configuration unites nobody by this heuristic: the link is shown and joins no cluster."},
			{"reason", Text, "", true, "Why it joins no cluster; null where accepted."},
			{"transactions", Int, "transactions", false, "Number of transactions that show the link; transaction_hash is the first."},
		},
		Key:   []string{"chain", "address_a", "address_b", "heuristic", "transaction_hash"},
		Order: "chain, address_a, address_b, heuristic, transaction_hash",
		row:   reflect.TypeFor[Link](),
	}
}

func links() Table { return Link{}.Table() }

func (r Link) compare(s Link) int {
	return cmp.Or(cmp.Compare(r.Chain, s.Chain), cmp.Compare(r.AddressA, s.AddressA), cmp.Compare(r.AddressB, s.AddressB),
		cmp.Compare(r.Heuristic, s.Heuristic), cmp.Compare(r.TransactionHash, s.TransactionHash))
}
