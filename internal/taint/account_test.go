package taint_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
	"github.com/scamtrace/scamtrace/internal/taint"
)

// The edge-case register, on accounts. A want of "" is nothing.
func TestTrace_accountEdges(t *testing.T) {
	for _, x := range []struct {
		name, script                            string
		options                                 options
		rows, injected, ends, unknown, onlyWith string
	}{
		{
			name: "all that arrives at a seed is injected, and is no row",
			script: `
				v > s 100
				s > a 40`,
			options: options{seeds: "s"},
			rows:    "s>a 40 of s", injected: "100 of s at s", ends: "a 40 of s\ns 60 of s",
		},
		{
			name: "what a seed spends beyond the book is its own money, injected too",
			script: `
				v > s 10
				s > a 15`,
			options: options{seeds: "s"},
			rows:    "s>a 15 of s", injected: "10 of s at s\n5 of s spent by s", ends: "a 15 of s",
		},
		{
			name: "what anyone else spends beyond the book is unknown, neither clean nor tainted",
			script: `
				s > a 10
				a > b 15`,
			options: options{seeds: "s"},
			rows:    "s>a 10 of s\na>b 10 of s", injected: "10 of s spent by s", ends: "b 10 of s", unknown: "a 5",
			onlyWith: "fifo lifo haircut",
		},
		{
			name: "such units are listed whenever they were spent, for accounts that ever held taint",
			script: `
				a > b 7
				s > a 10
				x > y 3`,
			options: options{seeds: "s"},
			rows:    "s>a 10 of s", injected: "10 of s spent by s", ends: "a 10 of s", unknown: "a 7",
		},
		{
			name: "a payment to oneself changes no lot and is no row",
			script: `
				c > a 5
				s > a 5
				a > a 7
				a > b 5`,
			options: options{seeds: "s"}, onlyWith: "fifo",
			rows: "s>a 5 of s", injected: "5 of s spent by s", ends: "a 5 of s",
		},
		{
			name:    "a seed that pays itself injects nothing",
			script:  `s > s 7`,
			options: options{seeds: "s"},
		},
		{
			name: "zero moves nothing",
			script: `
				s > a 5
				a > b 0
				b > c 5
				s > s 0
				v > s 0`,
			options: options{seeds: "s"},
			rows:    "s>a 5 of s", injected: "5 of s spent by s", ends: "a 5 of s",
		},
		{
			name: "gas burns native taint and never a token's",
			script: `
				v > s 100 native; v > s 100 usdt
				s > fee 10 native; s > a 100 usdt`,
			options: options{seeds: "s"},
			rows:    "s>fee 10 native of s\ns>a 100 usdt of s",
			// A fee comes first in its transaction.
			injected: "100 native of s at s\n100 usdt of s at s",
			ends:     "s 90 native of s\na 100 usdt of s",
		},
		{
			name:    "gas paid by a third party carries no taint to the payer",
			script:  "g > fee 3\ns > a 5",
			options: options{seeds: "s"},
			rows:    "s>a 5 of s", injected: "5 of s spent by s", ends: "a 5 of s",
		},
		{
			name:    "several transfers of one transaction go in log order",
			script:  `v > s 10; s > a 4; a > b 4; s > b 6`,
			options: options{seeds: "s"},
			rows:    "s>a 4 of s\na>b 4 of s\ns>b 6 of s", injected: "10 of s at s", ends: "b 10 of s",
		},
		{
			name:    "an account that cannot pay is first given what the same transaction pays it later",
			script:  `s > z 5; a > b 4; s > a 4`,
			options: options{seeds: "s"},
			rows:    "s>z 5 of s\ns>a 4 of s\na>b 4 of s", injected: "5 of s spent by s\n4 of s spent by s", ends: "b 4 of s\nz 5 of s",
		},
		{
			name:    "an account that can pay does so in log order",
			script:  `c > a 4; a > b 4; s > a 4`,
			options: options{seeds: "s"},
			rows:    "s>a 4 of s", injected: "4 of s spent by s", ends: "a 4 of s",
		},
		{
			name: "a cycle brings lots back with their history and injects nothing again",
			script: `
				v > s 10
				s > a 10
				a > s 10
				s > b 10`,
			options: options{seeds: "s"},
			rows:    "s>a 10 of s\na>s 10 of s\ns>b 10 of s", injected: "10 of s at s", ends: "b 10 of s",
		},
		{
			name: "the first taint wins: what one seed pays another stays the first one's",
			script: `
				v > s 10
				c > a 5
				s > a 10
				a > r 15
				r > b 15`,
			options: options{seeds: "s r"}, onlyWith: "fifo lifo haircut",
			rows:     "s>a 10 of s\na>r 10 of s\nr>b 10 of s\nr>b 5 of r",
			injected: "10 of s at s\n5 of r at r", ends: "b 10 of s\nb 5 of r",
		},
		{
			name: "a refund to the victim is a movement like any other",
			script: `
				v > s 10
				s > v 4`,
			options: options{seeds: "s"},
			rows:    "s>v 4 of s", injected: "10 of s at s", ends: "s 6 of s\nv 4 of s",
			// The victim had the ten before the book begins.
			unknown: "v 10",
		},
		{
			name: "what arrives at a stop stays there, whatever it pays later",
			script: `
				s > x 10
				x > a 10
				x > a 10`,
			options: options{seeds: "s", stops: "x"},
			rows:    "s>x 10 of s", injected: "10 of s spent by s", ends: "x 10 of s stopped",
		},
		{
			name: "a stopped seed injects what arrives, and it stops there at once",
			script: `
				v > s 10
				s > a 30`,
			options:  options{seeds: "s", stops: "s"},
			injected: "10 of s at s", ends: "s 10 of s stopped",
		},
		{
			name: "the null address is an end: a burn is not what is minted later",
			script: `
				s > 0x0000000000000000000000000000000000000000 10
				0x0000000000000000000000000000000000000000 > a 10`,
			options: options{seeds: "s"},
			rows:    "s>0x0000000000000000000000000000000000000000 10 of s", injected: "10 of s spent by s",
			ends: "0x0000000000000000000000000000000000000000 10 of s stopped",
		},
		{
			name: "a block reward is clean, and injected at a seed",
			script: `
				mint > a 5
				mint > s 5`,
			options:  options{seeds: "s"},
			injected: "5 of s at s", ends: "s 5 of s",
		},
		{
			name: "assets are separate streams",
			script: `
				v > s 10 usdt
				s > a 10 dai
				a > b 10 usdt`,
			options: options{seeds: "s"},
			rows:    "s>a 10 dai of s", injected: "10 usdt of s at s\n10 dai of s spent by s",
			ends: "s 10 usdt of s\na 10 dai of s",
		},
	} {
		methods := x.onlyWith
		if methods == "" {
			methods = "fifo lifo haircut poison"
		}
		for _, m := range words(methods) {
			t.Run(x.name+"/"+m, func(t *testing.T) {
				got := trace(t, accounts(t, x.script), m, x.options)
				require.Equal(t, lines(x.rows), got.rows, "rows")
				require.Equal(t, lines(x.injected), got.injected, "injected")
				require.Equal(t, lines(x.ends), got.ends, "ends")
				require.Equal(t, lines(x.unknown), got.unknown, "unknown")
			})
		}
	}
}

// Fifty clean and fifty tainted units, a payment of sixty to oneself, then fifty
// to b: no rule may reorder the lots.
func TestTrace_paymentToOneselfReordersNothing(t *testing.T) {
	for _, x := range []struct{ method, want string }{
		{"fifo", "s>a 50 of s"},
		{"lifo", "s>a 50 of s\na>b 50 of s"},
		{"haircut", "s>a 50 of s\na>b 25 of s"},
	} {
		got := trace(t, accounts(t, "c > a 50\ns > a 50\na > a 60\na > b 50"), x.method, options{seeds: "s"})
		require.Equal(t, lines(x.want), got.rows, x.method)
	}
}

// What an account had before the book is the oldest it has: FIFO passes it on
// first, LIFO last. Here b receives five such units and ten tainted ones.
func TestTrace_openingBalanceIsTheOldest(t *testing.T) {
	const script = "s > a 10\na > b 15\nb > c 5"
	for _, x := range []struct{ method, want string }{
		{"fifo", "s>a 10 of s\na>b 10 of s"},
		// LIFO gives b the tainted units first, so they lie deeper there.
		{"lifo", "s>a 10 of s\na>b 10 of s"},
		{"haircut", "s>a 10 of s\na>b 10 of s\nb>c 3 of s"},
	} {
		require.Equal(t, lines(x.want), trace(t, accounts(t, script), x.method, options{seeds: "s"}).rows, x.method)
	}
}

func payment(t *testing.T, b *ledger.Book, seed string, transfer int, most string) taint.Source {
	p := &taint.Payment{Tx: b.At(transfer).Tx}
	if most != "" {
		a := amount(t, most)
		p.Max = &a
	}
	return taint.Source{Address: id(t, b, seed), Payment: p}
}

// Only what the named transaction pays the seed is injected, in transfer order,
// up to the victim's amount.
func TestTrace_victimTransaction(t *testing.T) {
	const script = `
		c > s 100
		v > s 30; v > x 5; v > s 30
		c > s 7
		s > a 100
		s > b 60
	`
	b := accounts(t, script)
	got := trace(t, b, "fifo", options{sources: []taint.Source{payment(t, b, "s", 1, "")}})
	require.Equal(t, lines("30 of s at s\n30 of s at s"), got.injected)
	require.Equal(t, lines("s>b 60 of s"), got.rows)
	require.Empty(t, got.unknown)

	got = trace(t, b, "fifo", options{sources: []taint.Source{payment(t, b, "s", 1, "40")}})
	require.Equal(t, lines("30 of s at s\n10 of s at s"), got.injected)
	require.Equal(t, lines("s>b 40 of s"), got.rows)

	got = trace(t, b, "fifo", options{sources: []taint.Source{payment(t, b, "s", 1, "0")}})
	require.Empty(t, got.injected)
	require.Empty(t, got.rows)
}

// A payment's limit counts for each asset by itself.
func TestTrace_victimTransactionOfTwoAssets(t *testing.T) {
	b := accounts(t, "v > s 30 usdt; v > s 30 dai")
	got := trace(t, b, "fifo", options{sources: []taint.Source{payment(t, b, "s", 0, "20")}})
	require.Equal(t, lines("20 usdt of s at s\n20 dai of s at s"), got.injected)
}

// Two victims paid the same seed: each payment is a source of its own, and the
// lower number claims first what both could.
func TestTrace_paymentsAndInflowAtOneSeed(t *testing.T) {
	b := accounts(t, "v > s 30\nw > s 20\ns > a 50")
	v, w, all := payment(t, b, "s", 0, "10"), payment(t, b, "s", 1, ""), taint.Source{Address: id(t, b, "s")}
	rows := func(name string, sources ...taint.Source) (out []taint.Row) {
		_, err := taint.Trace(taint.Input{Book: b, Sources: sources}, method(t, name), taint.Sink{
			Row: func(r taint.Row) error { out = append(out, r); return nil },
		})
		require.NoError(t, err)
		return out
	}
	row := func(source int, n uint64) taint.Row {
		return taint.Row{Transfer: 2, Entry: b.At(2).Mid, Source: source, Amount: chain.Amount{n}}
	}
	require.Equal(t, []taint.Row{row(0, 10), row(1, 20), row(2, 20)}, rows("fifo", v, w, all))
	require.Equal(t, []taint.Row{row(0, 50)}, rows("fifo", all, v, w))
	require.Equal(t, []taint.Row{row(0, 50), row(1, 50), row(2, 50)}, rows("poison", v, w, all))
}

// Poison cannot know how much of a mixed arrival a payment's limit covers, so it
// must keep the limit for what follows: a method that finds the first arrival
// tainted injects the second.
func TestPoison_keepsALimitItCannotPlace(t *testing.T) {
	b := accounts(t, `
		c > a 10
		r > a 1
		a > s 10; c > s 5
		s > b 15
	`)
	sources := []taint.Source{{Address: id(t, b, "r")}, payment(t, b, "s", 2, "10")}
	require.Equal(t, lines("1 of r spent by r\n9 of s at s\n1 of s at s"),
		trace(t, b, "lifo", options{sources: sources}).injected)
	require.Equal(t, lines("1 of r spent by r\n10 of s at s\n5 of s at s"),
		trace(t, b, "poison", options{sources: sources}).injected)
}
