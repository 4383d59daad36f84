package score

import "math/big"

// Row is one measure. A count that makes no sense for it is nil.
type Row struct {
	// Name says what is counted. It is what a kept row is found by.
	Name string
	// Found is what was found and is right: more is better.
	Found *big.Int
	// Of is what there was to be found.
	Of *big.Int
	// Wrong is what was found and is not right: less is better.
	Wrong *big.Int
	// Amount says that Wrong is in base units, not in what Found counts: then
	// there is no precision.
	Amount bool
	// Shown rows are for people: they are neither good nor bad.
	Shown bool
}

// N is a count.
func N[T int | int64](n T) *big.Int { return big.NewInt(int64(n)) }

// Precision is Found of all that was named, in thousandths cut off, or false.
func (r Row) Precision() (int64, bool) {
	if r.Found == nil || r.Wrong == nil || r.Amount {
		return 0, false
	}
	return thousandths(r.Found, new(big.Int).Add(r.Found, r.Wrong))
}

// Recall is Found of all that there was, in thousandths cut off, or false.
func (r Row) Recall() (int64, bool) {
	if r.Found == nil || r.Of == nil {
		return 0, false
	}
	return thousandths(r.Found, r.Of)
}

// F1 is the harmonic mean of both, in thousandths cut off, or false.
func (r Row) F1() (int64, bool) {
	if r.Found == nil || r.Of == nil || r.Wrong == nil || r.Amount {
		return 0, false
	}
	all := new(big.Int).Add(r.Found, r.Wrong)
	return thousandths(new(big.Int).Lsh(r.Found, 1), all.Add(all, r.Of))
}

func thousandths(part, whole *big.Int) (int64, bool) {
	if whole.Sign() == 0 {
		return 0, false
	}
	x := new(big.Int).Mul(part, big.NewInt(1000))
	return x.Quo(x, whole).Int64(), true
}

// missed is how many were not found.
func (r Row) missed() *big.Int {
	if r.Of == nil || r.Found == nil {
		return nil
	}
	return new(big.Int).Sub(r.Of, r.Found)
}
