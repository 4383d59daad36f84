package table

import (
	"cmp"
	"reflect"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Endpoint is a row of endpoints.
type Endpoint struct {
	CaseID        string   `parquet:"case_id,dict"`
	Seed          string   `parquet:"seed,dict"`
	Method        string   `parquet:"method,dict"`
	Chain         string   `parquet:"chain,dict"`
	Asset         string   `parquet:"asset,plain"`
	Address       string   `parquet:"address,plain,optional"`
	Stop          string   `parquet:"stop,dict,optional"`
	Value         *Decimal `parquet:"value,plain,decimal(0:38),optional"`
	ValueLossless string   `parquet:"value_lossless,plain"`
}

// Table describes endpoints.
func (Endpoint) Table() Table {
	t := Table{
		Name:  "endpoints",
		Doc:   "Where a seed's money is at the end of the run: resting at an address, or at a stop.",
		Since: 1,
		Columns: []Column{
			{"case_id", Text, "", false, "The case of the seed."},
			{"seed", Text, "", false, "The seed whose money it is."},
			{"method", Text, "", false, "The tracing method."},
			{"chain", Text, "", false, "Name of the chain."},
			{"asset", Text, "", false, "Contract of the token, or native."},
			{"address", Text, "", true, "Where it is; null where an output names no address."},
			{"stop", Text, "", true, "The rule that stopped the tracing here; null where the money rests."},
		},
		Key:   []string{"case_id", "seed", "method", "chain", "asset", "address", "stop"},
		Order: "case_id, seed, method, chain, asset, address, stop",
		row:   reflect.TypeFor[Endpoint](),

		repeats: []string{"asset"},
	}
	t.Columns = append(t.Columns, amountColumns("value", false, "The seed's money here.")...)
	return t
}

func endpoints() Table { return Endpoint{}.Table() }

// WithValue is the row with its amount set.
func (r Endpoint) WithValue(a *chain.Amount) Endpoint {
	r.Value, r.ValueLossless = Pair(a)
	return r
}

func (r Endpoint) compare(s Endpoint) int {
	return cmp.Or(cmp.Compare(r.CaseID, s.CaseID), cmp.Compare(r.Seed, s.Seed), cmp.Compare(r.Method, s.Method),
		cmp.Compare(r.Chain, s.Chain), cmp.Compare(r.Asset, s.Asset), cmp.Compare(r.Address, s.Address), cmp.Compare(r.Stop, s.Stop))
}
