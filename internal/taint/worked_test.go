package taint_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// wallet is the worked example of the account model: a hundred clean units and
// sixty and forty of two victims pass through one wallet.
const wallet = `
	c  > m 100
	v1 > m 60
	m  > a 50
	v2 > m 40
	c  > m 30
	m  > b 60
	m  > d 80
`

// What one wallet's three payments carry of the victims' money depends on the
// convention alone: FIFO calls all of d tainted, LIFO a quarter.
func TestMethods_workedWallet(t *testing.T) {
	for _, x := range []struct{ method, want string }{
		{"fifo", `
			v1>m 60 of v1
			v2>m 40 of v2
			m>b 10 of v1
			m>d 50 of v1
			m>d 30 of v2
			left 10 of v2`},
		{"lifo", `
			v1>m 60 of v1
			m>a 50 of v1
			v2>m 40 of v2
			m>b 30 of v2
			m>d 10 of v1
			m>d 10 of v2`},
		{"haircut", `
			v1>m 60 of v1
			m>a 19 of v1
			v2>m 40 of v2
			m>b 14 of v1
			m>b 13 of v2
			m>d 18 of v1
			m>d 18 of v2
			left 9 of v1
			left 9 of v2`},
		{"poison", `
			v1>m 60 of v1
			m>a 50 of v1
			v2>m 40 of v2
			m>b 60 of v1
			m>b 60 of v2
			m>d 80 of v1
			m>d 80 of v2
			left 40 of v1
			left 40 of v2`},
	} {
		t.Run(x.method, func(t *testing.T) {
			require.Equal(t, lines(x.want), moved(trace(t, accounts(t, wallet), x.method, options{seeds: "v1 v2"}), "m"))
		})
	}
}

// Scaled by 144 the haircut of the same wallet needs no rounding: 18.75, 13.75,
// 13 1/3, 18 1/3, 17 7/9, 9 1/6 and 8 8/9.
func TestHaircut_workedWalletWithoutRounding(t *testing.T) {
	const scaled = `
		c  > m 14400
		v1 > m 8640
		m  > a 7200
		v2 > m 5760
		c  > m 4320
		m  > b 8640
		m  > d 11520
	`
	require.Equal(t, lines(`
		v1>m 8640 of v1
		m>a 2700 of v1
		v2>m 5760 of v2
		m>b 1980 of v1
		m>b 1920 of v2
		m>d 2640 of v1
		m>d 2560 of v2
		left 1320 of v1
		left 1280 of v2`), moved(trace(t, accounts(t, scaled), "haircut", options{seeds: "v1 v2"}), "m"))
}

// One transaction of three inputs, in tenths: 3 of v1, 5 clean, 2 of v2; outputs
// 4, 5.5 and 0.4, and a fee of 0.1. Outputs are paid first, miners get the rest.
const spend = `
	t1: v1/30 > m/30
	t2: v2/20 > m/20
	t3: t1.0 c/50 t2.0 > o1/40 o2/55 o3/4
`

func TestMethods_workedTransaction(t *testing.T) {
	for _, x := range []struct{ method, want string }{
		{"fifo", `
			o1 30 of v1
			o2 15 of v2
			o3 4 of v2
			fee 1 of v2`},
		{"lifo", `
			o1 20 of v2
			o2 25 of v1
			o3 4 of v1
			fee 1 of v1`},
		{"poison", `
			o1 40 of v1
			o1 40 of v2
			o2 55 of v1
			o2 55 of v2
			o3 4 of v1
			o3 4 of v2
			fee 1 of v1
			fee 1 of v2`},
		// Half of everything is tainted: 20 of 40, 27.5 of 55, 2 of 4, 0.5 of 1.
		{"haircut", `
			o1 12 of v1
			o1 8 of v2
			o2 17 of v1
			o2 11 of v2
			o3 1 of v1
			o3 1 of v2`},
	} {
		t.Run(x.method, func(t *testing.T) {
			got := trace(t, utxos(t, spend), x.method, options{seeds: "v1 v2"}).rows
			require.Equal(t, append(lines("m 30 of v1\nm 20 of v2"), lines(x.want)...), got)
		})
	}
}

// In twentieths of the last tenth nothing rounds: 30 % and 20 % of each output.
func TestHaircut_workedTransactionWithoutRounding(t *testing.T) {
	got := trace(t, utxos(t, `
		t1: v1/300 > m/300
		t2: v2/200 > m/200
		t3: t1.0 c/500 t2.0 > o1/400 o2/550 o3/40
	`), "haircut", options{seeds: "v1 v2"}).rows
	require.Equal(t, lines(`
		m 300 of v1
		m 200 of v2
		o1 120 of v1
		o1 80 of v2
		o2 165 of v1
		o2 110 of v2
		o3 12 of v1
		o3 8 of v2
		fee 3 of v1
		fee 2 of v2`), got)
}

// moved is the rows, and what is left at one address.
func moved(got told, at string) []string {
	out := got.rows
	for _, e := range got.ends {
		if rest, ok := strings.CutPrefix(e, at+" "); ok {
			out = append(out, "left "+rest)
		}
	}
	return out
}
