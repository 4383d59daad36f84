package reference_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/synth/reference"
)

// The wallet of the README: a hundred clean units, sixty of one victim and forty
// of another. What each payment carries depends on the method alone.
func TestExpect_workedWallet(t *testing.T) {
	const wallet = `
		t1: c  > m 100
		t2: v1 > m 60
		t3: m  > a 50
		t4: v2 > m 40
		t5: c  > m 30
		t6: m  > b 60
		t7: m  > d 80`
	for method, want := range map[string]string{
		"fifo":    "v1: b 10, d 50 | v2: d 30, m 10",
		"lifo":    "v1: a 50, d 10 | v2: b 30, d 10",
		"haircut": "v1: a 19, b 14, d 18, m 9 | v2: b 13, d 18, m 9",
		"poison":  "v1: a 50, b 60, d 80, m 40 | v2: b 60, d 80, m 40",
	} {
		require.Equal(t, want, ends(t, wallet, "v1 v2", method), method)
	}
	// Times 144 haircut needs no rounding: 18.75, 13.75, 18 1/3 and 9 1/6 of the
	// first, 13 1/3, 17 7/9 and 8 8/9 of the second.
	require.Equal(t, "v1: a 2700, b 1980, d 2640, m 1320 | v2: b 1920, d 2560, m 1280", ends(t, `
		t1: c  > m 14400
		t2: v1 > m 8640
		t3: m  > a 7200
		t4: v2 > m 5760
		t5: c  > m 4320
		t6: m  > b 8640
		t7: m  > d 11520`, "v1 v2", "haircut"))
}

// One transaction of three inputs: 3 of one victim, 5 clean, 2 of another;
// outputs 4, 5.5 and 0.4, and a fee of 0.1. In hundredths nothing rounds.
func TestExpect_workedTransaction(t *testing.T) {
	const spend = `
		t1: v1/300 > m/300
		t2: v2/200 > m/200
		t3: t1.0 c/500 t2.0 > o1/400 o2/550 o3/40`
	for method, want := range map[string]string{
		"fifo":    "v1: o1 300 | v2: o2 150, o3 40, fee 10",
		"lifo":    "v1: o2 250, o3 40, fee 10 | v2: o1 200",
		"haircut": "v1: o1 120, o2 165, o3 12, fee 3 | v2: o1 80, o2 110, o3 8, fee 2",
		"poison":  "v1: o1 400, o2 550, o3 40 | v2: o1 400, o2 550, o3 40",
	} {
		require.Equal(t, want, ends(t, spend, "v1 v2", method), method)
	}
}

// Who was paid before is not followed, as far as the order in a block is known.
func TestExpect_placeInBlock(t *testing.T) {
	for story, want := range map[string]string{
		`
			t1: b > c 10
			t2 next: v > b 10`: "b v",
		`
			t1 unplaced: b > c 10
			t2 next: v > b 10`: "b c v",
		`
			t1: b > c 10
			t2 next unplaced: v > b 10`: "b c v",
		`
			t1: b > c 10
			t2 next: v > fee 1 native
			t2 unplaced: v > b 10`: "b v",
	} {
		r, err := reference.Expect(t.Context(), asked(t, "ethereum", "v"), slices.Values(told(t, story)))
		require.NoError(t, err)
		var met []string
		for _, v := range r.Visits {
			met = append(met, v.Address)
		}
		require.Equal(t, want, strings.Join(met, " "), story)
	}
}

// The reference takes seconds for a hundred thousand transfers: nobody has to wait.
func TestExpect_interrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := asked(t, "ethereum", "v")
	c.Methods = []string{"fifo"}
	_, err := reference.Expect(ctx, c, slices.Values(told(t, `
		t1: v > m 1`)))
	require.ErrorIs(t, err, context.Canceled)
}

// Each rule by a story of its own.
func TestExpect_rules(t *testing.T) {
	for _, x := range []struct{ name, story, words, method, want string }{
		{"what rounding leaves over goes to the largest remainder", `
			t1: v1 > m 1
			t2: v2 > m 2
			t3: m > a 2`, "v1 v2", "haircut", "v1: a 1 | v2: a 1, m 1"},
		{"of equal remainders the first gets it", `
			t1: v2 > m 1
			t2: v1 > m 1
			t3: m > a 1`, "v1 v2", "haircut", "v1: m 1 | v2: a 1"},
		{"clean is a source like others", `
			t1: c > m 1
			t2: v1 > m 1
			t3: m > a 1`, "v1", "haircut", "v1: m 1"},
		{"who has nothing left loses its place", `
			t1: v1 > m 1
			t2: v2 > m 1
			t3: m > a 1
			t4: v1 > m 1
			t5: m > b 1`, "v1 v2", "haircut", "v1: a 1, m 1 | v2: b 1"},
		{"what a wallet had before the chain is clean and the oldest", `
			t1: v > m 10
			t2: m > a 15`, "v a=exchange", "fifo", "v: a 10 exchange"},
		{"and leaves last by lifo", `
			t1: v > m 10
			t2: m > a 15
			t3: a > b 5`, "v", "lifo", "v: a 10"},
		{"what a seed had before the chain is its own", `
			t1: c > v 5
			t2: v > m 15`, "v", "fifo", "v: m 15"},
		{"a payment to oneself changes nothing", `
			t1: v > m 10
			t2: c > m 10
			t3: m > m 10
			t4: m > a 10`, "v", "fifo", "v: a 10"},
		{"a failed transaction pays its fee", `
			t1: v > m 10 native
			t2 failed: m > fee 2 native
			t2 failed: m > a 8 native`, "v", "fifo", "v: m 8, fee 2"},
		{"who cannot pay is first given what the transaction pays it", `
			t1: v > m 10
			t2: x > a 10
			t2: m > x 10`, "v", "fifo", "v: a 10"},
		{"also who can pay a part", `
			t1: v > m 10
			t2: c > x 4
			t3: x > a 10
			t3: m > x 6`, "v", "fifo", "v: a 6, m 4"},
		{"who can pay is not", `
			t1: v > m 10
			t2: c > x 10
			t3: x > a 10
			t3: m > x 10`, "v", "fifo", "v: x 10"},
		{"an exchange keeps it, and what it pays a seed is new", `
			t1: v > x 10
			t2: x > v 4`, "v x=exchange", "fifo", "v: v 4, x 10 exchange"},
		{"the first taint wins", `
			t1: a > b 10
			t2: b > c 10`, "a b", "fifo", "a: c 10 | b: "},
		{"a circle brings nothing new", `
			t1: v > a 10
			t2: a > v 10
			t3: v > a 10`, "v", "lifo", "v: a 10"},
		{"a reported payment claims first, and only its amount", `
			t1: c > m 10
			t2: m > a 10`, "m m:t1/4", "fifo", "m: a 6 | m:t1: a 4"},
		{"without the seed the rest is clean", `
			t1: c > m 10
			t2: m > a 5`, "m:t1/4", "fifo", "m:t1: a 4"},
		{"poison does not know which units a report means", `
			t1: c > m 10
			t2: m > a 5`, "m:t1/4", "poison", "m:t1: a 5, m 5"},
		{"poison does not forget", `
			t1: v > m 10
			t2: m > a 10
			t3: c > m 7
			t4: m > b 7`, "v", "poison", "v: a 10, b 7"},
		{"hops end", `
			t1: v > a 10
			t2: a > b 10
			t3: b > c 10`, "v hops=1", "fifo", "v: b 10 max-hops"},
		{"dust leads nowhere", `
			t1: v > a 10
			t2: a > b 4`, "v dust=5", "fifo", "v: a 6, b 4 dust"},
		{"dust is traced at who is followed otherwise", `
			t1: v > a 10
			t2: a > b 4
			t3: b > c 4
			t4: a > b 6`, "v dust=5", "fifo", "v: b 6, c 4 dust"},
		{"who is paid too late is not followed back in time", `
			t1: b > c 10
			t2: v > b 10`, "v", "lifo", "v: b 10"},
		{"another asset is not traced", `
			t1: v > a 10
			t2: v > b 10 native`, "v only=usd", "fifo", "v: a 10"},
		{"who makes a call is a contract, but a seed is followed", `
			t1: v > usd 10
			t2: usd > a 10`, "v", "fifo", "v: usd 10 contract"},
		{"a seed may be one", `
			t1: v > usd 10
			t2: usd > a 10`, "v usd", "fifo", "v: a 10 | usd: "},
		{"what a payment takes last arrives last", `
			t1: v/5 c/5 > m/10
			t2: t1.0 > a/5 b/5`, "v", "lifo", "v: a 5"},
		{"an output without an address ends it", `
			t1: v/10 > nobody/4 a/6`, "v", "fifo", "v: 4 no-address, a 6"},
		{"a coinjoin ends it where it was", `
			t1: v/10 > a/10
			t2 coinjoin: t1.0 c/10 > b/10 d/10
			t3: t2.0 > e/10`, "v", "fifo", "v: a 10 coinjoin"},
		{"what comes out is new to a seed that did not pay in", `
			t1 coinjoin: c/10 d/10 > s/10 e/10
			t2: t1.0 > a/10`, "s", "fifo", "s: a 10"},
		{"but not to one that did", `
			t1: c/10 > s/10
			t2 coinjoin: t1.0 c/10 > s/10 e/10
			t3: t2.0 > a/10`, "s", "fifo", "s: s 10 coinjoin"},
		{"change of a victim's payment is nobody's payment", `
			t1: c/10 > m/10
			t2: t1.0 > a/4 m/6`, "m:t2", "fifo", "m:t2: "},
	} {
		require.Equal(t, x.want, ends(t, x.story, x.words, x.method), x.name)
	}
}
