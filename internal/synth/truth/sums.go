package truth

import (
	"maps"
	"math/big"
	"slices"
)

// sums are counts and sums of a set by their names.
type sums map[string]*big.Int

func (s sums) of(name string) *big.Int {
	if s[name] == nil {
		s[name] = new(big.Int)
	}
	return s[name]
}

func (s sums) count(name string, n int64) { s.of(name).Add(s.of(name), big.NewInt(n)) }

// add adds an amount in base units.
func (s sums) add(name, units string) {
	amount, _ := new(big.Int).SetString(units, 10) // units are digits
	s.of(name).Add(s.of(name), amount)
}

func (s sums) write(dir string) error {
	f, err := open(dir, "sums", "name", "value")
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(s)) {
		if err := f.row(name, s[name].String()); err != nil {
			_ = f.close()
			return err
		}
	}
	return f.close()
}
