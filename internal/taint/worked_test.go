package taint_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The worked example of the account model: 100 clean and 40 and 60 of two
// victims pass through one wallet.
const wallet = `
	c  > m 100
	v1 > m 60
	m  > a 50
	v2 > m 40
	c  > m 30
	m  > b 60
	m  > d 80
`

func TestMethods_workedWallet(t *testing.T) {
	for _, x := range []struct {
		method string
		rows   []string
		left   []string
	}{
		{"fifo", []string{"m>b 10 of v1", "m>d 50 of v1", "m>d 30 of v2"}, []string{"m 10 of v2"}},
		{"lifo", []string{"m>a 50 of v1", "m>b 30 of v2", "m>d 10 of v1", "m>d 10 of v2"}, nil},
		{
			// Unscaled, so rounding shows. a: 50*60/160 is 18 and 3/4, and the
			// larger remainder rounds up. b: of 200-20 units, 69 + 41 + 40.
			"haircut",
			[]string{"m>a 19 of v1", "m>b 14 of v1", "m>b 13 of v2", "m>d 18 of v1", "m>d 18 of v2"},
			[]string{"m 9 of v1", "m 9 of v2"},
		},
		{
			"poison",
			[]string{"m>a 50 of v1", "m>b 60 of v1", "m>b 60 of v2", "m>d 80 of v1", "m>d 80 of v2"},
			[]string{"m 40 of v1", "m 40 of v2"},
		},
	} {
		t.Run(x.method, func(t *testing.T) {
			got := trace(t, accounts(t, wallet), x.method, options{seeds: "v1 v2"})
			require.Equal(t, append([]string{"v1>m 60 of v1"}, insertAfterA(x.rows)...), got.rows)
			var left []string
			for _, e := range got.ends {
				if e[:2] == "m " {
					left = append(left, e)
				}
			}
			require.Equal(t, x.left, left)
		})
	}
}

// insertAfterA puts the payment of the second victim where it belongs: behind
// what m paid to a.
func insertAfterA(rows []string) []string {
	at := 0
	for at < len(rows) && rows[at][:3] == "m>a" {
		at++
	}
	return append(append(append([]string{}, rows[:at]...), "v2>m 40 of v2"), rows[at:]...)
}
