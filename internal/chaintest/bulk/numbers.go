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

// hexPairs are the bytes 00 to ff in hex: one look-up a byte, because writing
// hex is what takes the generator's time.
const hexPairs = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f" +
	"202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f" +
	"404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f" +
	"606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f" +
	"808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f" +
	"a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf" +
	"c0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf" +
	"e0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"

// appendHex writes the first bytes of a number.
func appendHex(b []byte, x uint64, bytes int) []byte {
	for i := range bytes {
		at := 2 * (x >> (56 - 8*i) & 0xff)
		b = append(b, hexPairs[at], hexPairs[at+1])
	}
	return b
}
