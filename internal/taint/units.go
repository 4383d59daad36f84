package taint

import "github.com/scamtrace/scamtrace/internal/chain"

// units is an amount in sixteen bytes: its value below 2^127, or isWide and the
// place of its value in a vault. Every balance of a real asset fits; spam tokens
// with absurd supplies do not. A units value belongs to one place: it is moved,
// never copied.
type units struct{ hi, lo uint64 }

const isWide = uint64(1) << 63

// vault keeps the values that do not fit.
type vault struct {
	wide []chain.Amount
	free []uint32
}

func (v *vault) load(u *units) (a chain.Amount) {
	if u.hi&isWide != 0 {
		return v.wide[u.lo]
	}
	a[0], a[1] = u.lo, u.hi
	return a
}

// save replaces the value of u, and frees or reuses its place in the vault.
func (v *vault) save(u *units, a *chain.Amount) {
	if a[3]|a[2] == 0 && a[1]&isWide == 0 {
		if u.hi&isWide != 0 {
			v.free = append(v.free, uint32(u.lo))
		}
		u.hi, u.lo = a[1], a[0]
		return
	}
	if u.hi&isWide != 0 {
		v.wide[u.lo] = *a
		return
	}
	if n := len(v.free); n > 0 {
		u.lo = uint64(v.free[n-1])
		v.free = v.free[:n-1]
		v.wide[u.lo] = *a
	} else {
		u.lo = uint64(len(v.wide))
		v.wide = append(v.wide, *a)
	}
	u.hi = isWide
}
