package bulk

// mix is splitmix64: it turns numbers that differ a little into numbers that
// have nothing in common.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// level is 0 in 3 of 8 cases, and each next level 5/8 times as likely.
func level(r uint64) int {
	n := 0
	for r&7 < 5 && n < 20 {
		r >>= 3
		n++
	}
	return n
}

// skewed picks one of n by a power law, lower ones more often, in whole
// numbers: it halves the range some times and picks evenly from what is left.
// The first of n is picked in about 1.5/n^0.68 of all cases.
func skewed(r, n uint64) uint64 {
	return mix(r) % max(1, n>>level(r))
}

const hexDigits = "0123456789abcdef"

func appendHex(b []byte, x uint64, digits int) []byte {
	for i := range digits {
		b = append(b, hexDigits[x>>(60-4*i)&15])
	}
	return b
}
