package scenario

import "math"

// table is what depends on the size of a set, at each power of ten.
func table() []struct {
	rows, compounds, victims int64
	crowd                    Decimal
} {
	return []struct {
		rows, compounds, victims int64
		crowd                    Decimal
	}{
		{1_000, 1, 8, 300_000},
		{10_000, 1, 60, 500_000},
		{100_000, 3, 500, 700_000},
		{1_000_000, 10, 4_000, 800_000},
		{10_000_000, 30, 25_000, 900_000},
		{100_000_000, 100, 150_000, 950_000},
	}
}

// Sized fills in what the scenario leaves to the number of rows: compounds,
// victims and the crowd's share. Between powers of ten the first two grow by a
// power of the rows, the share by their logarithm.
func (s Scenario) Sized(rows int64) Scenario {
	sizes := table()
	i := 0
	for i+2 < len(sizes) && rows >= sizes[i+1].rows {
		i++
	}
	low, high := sizes[i], sizes[i+1]
	if s.Compounds == 0 {
		s.Compounds = between(rows, low.rows, high.rows, low.compounds, high.compounds, middleOfRatio)
	}
	if s.Victims == 0 {
		s.Victims = between(rows, low.rows, high.rows, low.victims, high.victims, middleOfRatio)
	}
	if s.Crowd.Share == 0 {
		s.Crowd.Share = Decimal(between(rows, low.rows, high.rows, int64(low.crowd), int64(high.crowd), middle))
	}
	return s
}

// scale keeps fractions while halves are taken; the squares of 10^8 and 150,000
// times it fit into 63 bits.
const scale = 16

// between halves the interval [a, b], by ratio, until it is x, and [u, v] with
// it, in whole numbers: a logarithm's last bit may differ between processors.
func between(x, a, b, u, v int64, half func(u, v int64) int64) int64 {
	x, a, b, u, v = x*scale, a*scale, b*scale, u*scale, v*scale
	for m := middleOfRatio(a, b); a < m && a < x && x < b; m = middleOfRatio(a, b) {
		w := half(u, v)
		if x < m {
			b, v = m, w
		} else {
			a, u = m, w
		}
	}
	if x >= b {
		u = v
	}
	return (u + scale/2) / scale
}

func middle(u, v int64) int64 { return u + (v-u)/2 }

// middleOfRatio is the geometric mean, rounded down.
func middleOfRatio(u, v int64) int64 {
	n := u * v
	r := int64(math.Sqrt(float64(n))) // a guess, mended below
	for r*r > n {
		r--
	}
	for (r+1)*(r+1) <= n {
		r++
	}
	return r
}
