package table

import (
	"cmp"
	"reflect"
)

// Cluster is a row of clusters.
type Cluster struct {
	Chain     string `parquet:"chain,dict"`
	Address   string `parquet:"address,plain"`
	ClusterID string `parquet:"cluster_id,plain"`
}

// Table describes clusters.
func (Cluster) Table() Table {
	return Table{
		Name:  "clusters",
		Doc:   "Which addresses the accepted links join.",
		Since: 1,
		Columns: []Column{
			{"chain", Text, "", false, "Name of the chain."},
			{"address", Text, "", false, "The address."},
			{"cluster_id", Text, "", false, "The cluster; equal for all its addresses."},
		},
		Key:   []string{"chain", "address"},
		Order: "chain, cluster_id, address",
		row:   reflect.TypeFor[Cluster](),
	}
}

func clusters() Table { return Cluster{}.Table() }

func (r Cluster) compare(s Cluster) int {
	return cmp.Or(cmp.Compare(r.Chain, s.Chain), cmp.Compare(r.ClusterID, s.ClusterID), cmp.Compare(r.Address, s.Address))
}
