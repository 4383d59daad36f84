package score

import "math/big"

// Change is a row that is not what was kept.
type Change struct {
	// Kept and Now are nil where there is no such row.
	Kept, Now *Row
	// Worse says that less was found, more was missed, more is wrong, or that
	// the row is gone.
	Worse bool
}

// Compare gives the rows whose counts differ from the kept ones, in the order of
// the new ones, those that are gone last. Rows that are shown only are never
// worse.
func Compare(kept, now []Row) []Change {
	before := map[string]*Row{}
	for i := range kept {
		before[kept[i].Name] = &kept[i]
	}
	var out []Change
	for i := range now {
		n := &now[i]
		k := before[n.Name]
		delete(before, n.Name)
		if k == nil || !k.same(n) {
			out = append(out, Change{Kept: k, Now: n, Worse: k != nil && !n.Shown && n.worse(k)})
		}
	}
	for i := range kept {
		if k := &kept[i]; before[k.Name] == k {
			out = append(out, Change{Kept: k, Worse: true})
		}
	}
	return out
}

func (r *Row) same(k *Row) bool {
	return equal(r.Found, k.Found) && equal(r.Of, k.Of) && equal(r.Wrong, k.Wrong)
}

func (r *Row) worse(k *Row) bool {
	return less(r.Found, k.Found) || less(k.missed(), r.missed()) || less(k.Wrong, r.Wrong)
}

func equal(a, b *big.Int) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Cmp(b) == 0
}

// less takes a count that is no longer there, or was not there, for less: a
// column that comes or goes is a change that somebody has to look at.
func less(a, b *big.Int) bool {
	if a == nil || b == nil {
		return a != b
	}
	return a.Cmp(b) < 0
}
