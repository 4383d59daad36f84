package taint_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/taint"
)

// The edge-case register, on coins.
func TestTrace_coinEdges(t *testing.T) {
	for _, x := range []struct {
		name, script                            string
		options                                 options
		rows, injected, ends, unsplit, onlyWith string
	}{
		{
			name: "what arrives at a seed is injected; change to itself comes back tainted",
			script: `
				t1: v/10 > s/10
				t2: t1.0 > a/4 s/5`,
			options:  options{seeds: "s"},
			rows:     "a 4 of s\ns 5 of s\nfee 1 of s",
			injected: "10 of s at s", ends: "a 4 of s\ns 5 of s",
		},
		{
			name:    "a seed's coin that the book does not have is its own money",
			script:  "t1: s/10 > a/9",
			options: options{seeds: "s"},
			rows:    "a 9 of s\nfee 1 of s", injected: "10 of s spent by s", ends: "a 9 of s",
		},
		{
			name:    "anyone else's coin that the book does not have is clean, and so is a coinbase",
			script:  "t1: > a/50\nt2: t1.0 b/10 > c/60\nt3: s/1 > c/1",
			options: options{seeds: "s"},
			rows:    "c 1 of s", injected: "1 of s spent by s", ends: "c 1 of s",
		},
		{
			name:    "a coinbase that pays a seed is injected",
			script:  "t1: > s/50\nt2: t1.0 > c/50",
			options: options{seeds: "s"},
			rows:    "c 50 of s", injected: "50 of s at s", ends: "c 50 of s",
		},
		{
			name:    "the coins of one address are one endpoint",
			script:  "t1: s/10 > a/3 b/3 a/4",
			options: options{seeds: "s"},
			rows:    "a 3 of s\nb 3 of s\na 4 of s", injected: "10 of s spent by s", ends: "a 7 of s\nb 3 of s",
		},
		{
			name: "a coin at a stop stays there; who spends it spends clean money",
			script: `
				t1: s/10 > x/10
				t2: t1.0 > a/10`,
			options: options{seeds: "s", stops: "x"},
			rows:    "x 10 of s", injected: "10 of s spent by s", ends: "x 10 of s stopped",
		},
		{
			name: "a stopped seed's change is not injected again, what others add to it is",
			script: `
				t1: v/10 > s/10
				t2: t1.0 w/5 > a/3 s/12`,
			options:  options{seeds: "s", stops: "s"},
			injected: "10 of s at s\n5 of s at s", ends: "s 15 of s stopped",
			onlyWith: "fifo",
		},
		{
			name: "the first taint wins",
			script: `
				t1: s/10 > a/10
				t2: t1.0 c/5 > r/15`,
			options: options{seeds: "s r"}, onlyWith: "fifo lifo haircut",
			rows:     "a 10 of s\nr 10 of s",
			injected: "10 of s spent by s\n5 of r at r", ends: "r 10 of s\nr 5 of r",
		},
		{
			name: "a cycle brings the coin back with its history",
			script: `
				t1: s/10 > a/10
				t2: t1.0 > s/10
				t3: t2.0 > b/10`,
			options: options{seeds: "s"},
			rows:    "a 10 of s\ns 10 of s\nb 10 of s", injected: "10 of s spent by s", ends: "b 10 of s",
		},
		{
			name: "an output of zero carries nothing",
			script: `
				t1: s/10 > a/0 b/10
				t2: t1.0 > c/0`,
			options: options{seeds: "s"},
			rows:    "b 10 of s", injected: "10 of s spent by s", ends: "b 10 of s",
		},
		{
			name: "taint that enters a transaction with an unknown input stops at who spends it",
			script: `
				t1: s/10 > a/10
				t2: t1.0 c/? > b/9
				t3: t2.0 > d/9`,
			options: options{seeds: "s"},
			rows:    "a 10 of s", injected: "10 of s spent by s",
			ends:    "a 10 of s stopped",
			unsplit: "a 10 of s: unknown amount",
		},
		{
			name: "a seed's own input of unknown amount is declared, because it cannot be injected",
			script: `
				t1: s/? > a/9`,
			options: options{seeds: "s"},
			unsplit: "s 0 of s: unknown amount",
		},
		{
			name: "taint that enters an opaque transaction stops at who spends it",
			script: `
				t1: s/10 > a/10 a/0
				t2: t1.0 b/10 c/10 > x/10 y/10 z/10
				t3: t2.0 > d/10`,
			options: options{seeds: "s", opaque: "t2"},
			rows:    "a 10 of s", injected: "10 of s spent by s",
			ends:    "a 10 of s stopped",
			unsplit: "a 10 of s: opaque",
		},
		{
			name: "a seed that mixes gets nothing injected back, another seed does",
			script: `
				t1: s/10 c/10 > s/10 r/9
				t2: t1.0 > d/10`,
			options:  options{seeds: "s r", opaque: "t1"},
			injected: "10 of s spent by s\n9 of r at r",
			ends:     "s 10 of s stopped\nr 9 of r",
			unsplit:  "s 10 of s: opaque",
		},
		{
			name: "what another input tells of a coin's value is used",
			script: `
				t1: s/10 > a/10
				t2: t1.0 b/3 > d/13`,
			options: options{seeds: "s"}, onlyWith: "fifo lifo haircut",
			rows: "a 10 of s\nd 10 of s", injected: "10 of s spent by s", ends: "d 10 of s",
		},
	} {
		methods := x.onlyWith
		if methods == "" {
			methods = "fifo lifo haircut poison"
		}
		for _, m := range words(methods) {
			t.Run(x.name+"/"+m, func(t *testing.T) {
				got := trace(t, utxos(t, x.script), m, x.options)
				require.Equal(t, lines(x.rows), got.rows, "rows")
				require.Equal(t, lines(x.injected), got.injected, "injected")
				require.Equal(t, lines(x.ends), got.ends, "ends")
				require.Equal(t, lines(x.unsplit), got.unsplit, "unsplit")
				require.Empty(t, got.unknown, "openings are an account's matter")
			})
		}
	}
}

// The lots of a coin keep the order in which they arrived, under every rule: a
// transaction of one input and one output is one hop, as on an account.
func TestLIFO_coinKeepsItsOrder(t *testing.T) {
	coins := trace(t, utxos(t, `
		t1: s/5 c/5 > a/10
		t2: t1.0 > b/10
		t3: t2.0 > d/5 e/5
	`), "lifo", options{seeds: "s"})
	// a has clean over tainted reversed: tainted last, so tainted first; b turned.
	require.Equal(t, lines("a 5 of s\nb 5 of s\ne 5 of s"), coins.rows)
	accounts := trace(t, accounts(t, `
		s > t1 5
		c > t1 5
		t1 > t2 10
		t2 > t3 10
		t3 > d 5
		t3 > e 5
	`), "lifo", options{seeds: "s"})
	require.Equal(t, lines("s>t1 5 of s\nt1>t2 5 of s\nt2>t3 5 of s\nt3>e 5 of s"), accounts.rows)
}

// A victim's transaction on a UTXO chain: the outputs to the seed, in order.
func TestTrace_victimTransactionOfCoins(t *testing.T) {
	b := utxos(t, `
		t1: c/100 > s/100
		t2: v/60 > s/30 v/5 s/25
		t3: t1.0 t2.0 t2.2 > a/110 b/45
	`)
	got := trace(t, b, "fifo", options{sources: []taint.Source{payment(t, b, "s", 1, "40")}})
	require.Equal(t, lines("30 of s at s\n10 of s at s"), got.injected)
	require.Equal(t, lines("a 10 of s\nb 30 of s"), got.rows)
}
