package cluster_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/cluster"
)

// Each clause at its border. Amounts that occur once are written to differ.
func TestCoinJoin(t *testing.T) {
	for _, c := range []struct {
		name, tx string
		is       bool
	}{
		{"Whirlpool 5x5", "a..e 5_000_000 -> v..z 5_000_000", true},
		{"Stonewall: two equal outputs", "a 90_000, b 80_000 -> w 50_000, x 50_000, y 40_000, z 29_000", false},
		{"a coinbase that pays equal shares", "-> a..e 5_000_000", false},
		{"a payroll: one payer, equal outputs", "a 50_000_000 -> v..z 5_000_000", false},

		{"(i) three equal outputs of three payers", "a..c 5_000 -> x..z 5_000", true},
		{"(i) n is only 2", "a..c 5_000 -> x..y 5_000, z 4_000", false},
		{"(i) n is half of the outputs", "a..c 9_000 -> x..z 5_000, s 4_001, t 4_002, u 2_900", true},
		{"(i) n is below half of the outputs", "a..c 9_000 -> x..z 5_000, s 3_001, t 3_002, u 2_900, v 2_901", false},
		{"(i) an OP_RETURN is no output", "a..c 9_000 -> x..z 5_000, s 3_001, t 3_002, u 2_900, _ 0", true},
		{"(i) dust is an output", "a..c 9_000 -> x..z 5_000, s 3_001, t 3_002, u 2_900, v 546", false},
		{"(i) an output of unknown value is not counted", "a..c 9_000 -> x..z 5_000, s 3_001, t 3_002, u 2_900, v ?", true},
		{"(i) as many payers as equal outputs", "a..d 9_000 -> w..z 5_000", true},
		{"(i) fewer payers than equal outputs", "a..c 9_000 -> w..z 5_000", false},
		{"(i) a payer counts once", "a..c 9_000, c 8_000 -> w..z 5_000", false},
		{"(i) a payer without an address does not count", "a..c 9_000, _ 8_000 -> w..z 5_000", false},
		{"(i) equal outputs of 2,731", "a..c 9_000 -> x..z 2_731", true},
		{"(i) equal outputs of 2,730 are tokens", "a..c 9_000 -> x..z 2_730", false},
		{"(i) equal dust does not outvote", "a..c 9_000 -> x..z 5_000, q..s 546", true},

		{"(ii) three pairs, ten payers", "a..j 9_000 -> k..l 4_000, m..n 5_000, o..p 6_000, q 7_000", true},
		{"(ii) nine payers", "a..i 9_000 -> k..l 4_000, m..n 5_000, o..p 6_000, q 7_000", false},
		{"(ii) two pairs", "a..j 9_000 -> k..l 4_000, m..n 5_000, o 6_000, q 7_000", false},
		{"(ii) 6 of 13 outputs are half of 12", "a..z 9_000 -> k..l 4_000, m..n 5_000, o..p 6_000, q 7_001, r 7_002, s 7_003, t 7_004, u 7_005, v 7_006, w 7_007", true},
		{"(ii) 6 of 14 outputs are less than half of 13", "a..z 9_000 -> k..l 4_000, m..n 5_000, o..p 6_000, q 7_001, r 7_002, s 7_003, t 7_004, u 7_005, v 7_006, w 7_007, x 7_008", false},
		{"(ii) a pair of 2,731", "a..j 9_000 -> k..l 4_000, m..n 5_000, o..p 2_731, q 7_000", true},
		{"(ii) a pair of 2,730", "a..j 9_000 -> k..l 4_000, m..n 5_000, o..p 2_730, q 7_000", false},

		// Three of eight outputs are too few for (i).
		{"(iii) Wasabi 1 near 0.11 BTC", "a..e 20_000_000 -> p..r 10_989_580, s 3_001, t 3_002, u 3_003, v 3_004, w 3_005", true},
		{"(iii) four payers", "a..d 20_000_000 -> p..r 10_989_580, s 3_001, t 3_002, u 3_003, v 3_004, w 3_005", false},
		{"(iii) 0.12 BTC is outside", "a..e 20_000_000 -> p..r 12_000_000, s 3_001, t 3_002, u 3_003, v 3_004, w 3_005", false},
		{"(iii) one satoshi less is inside", "a..e 20_000_000 -> p..r 11_999_999, s 3_001, t 3_002, u 3_003, v 3_004, w 3_005", true},
		{"(iii) 0.08 BTC is outside", "a..e 20_000_000 -> p..r 8_000_000, s 3_001, t 3_002, u 3_003, v 3_004, w 3_005", false},
		{"(iii) one satoshi more is inside", "a..e 20_000_000 -> p..r 8_000_001, s 3_001, t 3_002, u 3_003, v 3_004, w 3_005", true},
		{"(iii) two near 0.1, three equal elsewhere", "a..e 20_000_000 -> p 10_000_000, q 10_000_001, r..t 3_000, u 3_003, v 3_004, w 3_005", false},
		{"(iii) three near 0.1, three equal elsewhere", "a..e 20_000_000 -> p 10_000_000, q 10_000_001, o 10_000_002, r..t 3_000, v 3_004, w 3_005", true},
		{"(iii) three near 0.1, two equal", "a..e 20_000_000 -> p 10_000_000, q 10_000_001, o 10_000_002, r..s 3_000, v 3_004, w 3_005", false},
		{"(iii) as many payers as outputs near 0.1", "a..e 20_000_000 -> p..r 10_000_000, s 10_000_001, t 10_000_002, u 3_003, v 3_004, w 3_005", true},
		{"(iii) fewer payers than outputs near 0.1", "a..e 20_000_000 -> p..r 10_000_000, s 10_000_001, t 10_000_002, o 10_000_003, u 3_003, v 3_004, w 3_005", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := bitcoin(t, "t1: "+c.tx)
			require.Equal(t, c.is, cluster.CoinJoin(s.book, s.book.At(0)))
		})
	}
}

func TestCoinJoinIsOfBitcoin(t *testing.T) {
	s := ethereum(t, "t1 @1: a -> b 5")
	require.False(t, cluster.CoinJoin(s.book, s.book.At(0)))
}
