package table

import (
	"cmp"
	"reflect"
)

// Visit is a row of visits.
type Visit struct {
	Chain           string `parquet:"chain,dict"`
	Address         string `parquet:"address,plain"`
	Hop             int64  `parquet:"hop,plain"`
	Parent          string `parquet:"parent,plain,optional"`
	Stop            string `parquet:"stop,dict,optional"`
	Direction       string `parquet:"direction,dict"`
	FirstBlock      *int64 `parquet:"first_block,plain,optional"`
	FirstTimestamp  *int64 `parquet:"first_timestamp,plain,timestamp(microsecond:utc),optional"`
	TransactionHash string `parquet:"transaction_hash,plain,optional"`
}

// Table describes visits.
func (Visit) Table() Table {
	return Table{
		Name:  "visits",
		Doc:   "Every address that the crawl met, once, with the one rule that stopped it.",
		Since: 1,
		Columns: []Column{
			{"chain", Text, "", false, "Name of the chain."},
			{"address", Text, "", false, "The address."},
			{"hop", Int, "hops", false, "Distance from the nearest seed, 0 for a seed."},
			{"parent", Text, "", true, "The address from which it was met, nearer to a seed; null for a seed. Its own shortest way may be later than the one that leads on: see explain."},
			{"stop", Text, "", true, "The rule that stopped the crawl here; null where the address was expanded."},
			{"direction", Text, "", false, "The side on which it was met first: forward or backward."},
			{"first_block", Int, "", true, "Height of the block in which the crawl met it; null for a seed."},
			{"first_timestamp", Timestamp, "UTC", true, "Time of that block; null for a seed."},
			{"transaction_hash", Text, "", true, "The transaction by which it was met; null for a seed."},
		},
		Key:   []string{"chain", "address"},
		Order: "chain, hop, address",
		row:   reflect.TypeFor[Visit](),
	}
}

func visits() Table { return Visit{}.Table() }

func (r Visit) compare(s Visit) int {
	return cmp.Or(cmp.Compare(r.Chain, s.Chain), cmp.Compare(r.Hop, s.Hop), cmp.Compare(r.Address, s.Address))
}
