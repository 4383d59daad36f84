package table

import (
	"cmp"
	"math/big"
	"reflect"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Conservation is a row of conservation.
type Conservation struct {
	CaseID             string   `parquet:"case_id,dict"`
	Seed               string   `parquet:"seed,dict"`
	Method             string   `parquet:"method,dict"`
	Chain              string   `parquet:"chain,dict"`
	Asset              string   `parquet:"asset,plain"`
	Injected           *Decimal `parquet:"injected,plain,decimal(0:38),optional"`
	InjectedLossless   string   `parquet:"injected_lossless,plain"`
	Resting            *Decimal `parquet:"resting,plain,decimal(0:38),optional"`
	RestingLossless    string   `parquet:"resting_lossless,plain"`
	Stopped            *Decimal `parquet:"stopped,plain,decimal(0:38),optional"`
	StoppedLossless    string   `parquet:"stopped_lossless,plain"`
	Fees               *Decimal `parquet:"fees,plain,decimal(0:38),optional"`
	FeesLossless       string   `parquet:"fees_lossless,plain"`
	Difference         *Decimal `parquet:"difference,plain,decimal(0:38),optional"`
	DifferenceLossless string   `parquet:"difference_lossless,plain"`
}

// Table describes conservation.
func (Conservation) Table() Table {
	t := Table{
		Name:  "conservation",
		Doc:   "The proof that no unit of a seed's money was lost or made: injected = resting + stopped + fees.",
		Since: 1,
		Columns: []Column{
			{"case_id", Text, "", false, "The case of the seed."},
			{"seed", Text, "", false, "The seed whose money it is."},
			{"method", Text, "", false, "The tracing method."},
			{"chain", Text, "", false, "Name of the chain."},
			{"asset", Text, "", false, "Contract of the token, or native."},
		},
		Key:   []string{"case_id", "seed", "method", "chain", "asset"},
		Order: "case_id, seed, method, chain, asset",
		row:   reflect.TypeFor[Conservation](),
	}
	t.Columns = append(t.Columns, amountColumns("injected", false, "What the seed put in.")...)
	t.Columns = append(t.Columns, amountColumns("resting", false, "What rests at addresses that were followed.")...)
	t.Columns = append(t.Columns, amountColumns("stopped", false, "What reached a stop.")...)
	t.Columns = append(t.Columns, amountColumns("fees", false, "What went to fees.")...)
	t.Columns = append(t.Columns, amountColumns("difference", false, "injected - resting - stopped - fees: 0, or the run is wrong.")...)
	return t
}

func conservation() Table { return Conservation{}.Table() }

// WithAmounts is the row with its amounts set, the difference worked out.
func (r Conservation) WithAmounts(injected, resting, stopped, fees *chain.Amount) Conservation {
	r.Injected, r.InjectedLossless = Pair(injected)
	r.Resting, r.RestingLossless = Pair(resting)
	r.Stopped, r.StoppedLossless = Pair(stopped)
	r.Fees, r.FeesLossless = Pair(fees)
	difference := injected.ToBig()
	for _, a := range []*chain.Amount{resting, stopped, fees} {
		difference.Sub(difference, a.ToBig())
	}
	r.Difference, r.DifferenceLossless = signedPair(difference)
	return r
}

func (r Conservation) balance() (*big.Int, bool) {
	sum := new(big.Int)
	for i, text := range []string{r.InjectedLossless, r.RestingLossless, r.StoppedLossless, r.FeesLossless} {
		n, ok := new(big.Int).SetString(text, 10)
		if !ok {
			return nil, false
		}
		if i == 0 {
			sum.Set(n)
			continue
		}
		sum.Sub(sum, n)
	}
	return sum, true
}

func (r Conservation) compare(s Conservation) int {
	return cmp.Or(cmp.Compare(r.CaseID, s.CaseID), cmp.Compare(r.Seed, s.Seed), cmp.Compare(r.Method, s.Method),
		cmp.Compare(r.Chain, s.Chain), cmp.Compare(r.Asset, s.Asset))
}
