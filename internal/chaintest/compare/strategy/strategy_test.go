package strategy_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chaintest/compare/strategy"
)

// The thief S pays A at 10 and B at 20; A pays C at 30; C, a busy service, pays
// D at 40 and paid E at 5, before it had any of it; the victim V paid S at 1.
//
//	V ──1──▶ S ──10──▶ A ──30──▶ C ──40──▶ D
//	         └──20──▶ B           └──5──▶ E
const story = `
1  V S 100
5  C E 900
10 S A 60
20 S B 40
30 A C 60
40 C D 100
`

func graph(t *testing.T, story string) *strategy.Graph {
	t.Helper()
	var list []strategy.Transfer
	for line := range strings.Lines(strings.TrimSpace(story)) {
		f := strings.Fields(line)
		list = append(list, strategy.Transfer{
			Tx: f[0], From: f[1], To: f[2], Value: number(t, f[3]), Asset: strings.Join(f[4:], ""), Time: int64(number(t, f[0])),
		})
	}
	return strategy.New(list)
}

func number(t *testing.T, s string) (n float64) {
	t.Helper()
	for _, c := range s {
		require.Contains(t, "0123456789", string(c))
		n = 10*n + float64(c-'0')
	}
	return n
}

func addresses(w strategy.Witness) string {
	return strings.Join(slices.Sorted(maps.Keys(w.Addresses)), "")
}

func TestStrategies(t *testing.T) {
	for name, want := range map[string]struct {
		addresses string
		transfers int
	}{
		"BFS, 2 hops":    {"ABCSV", 4},   // V S, S A, S B, A C
		"BFS, 3 hops":    {"ABCDESV", 6}, // and whatever C did
		"Poison, 2 hops": {"ABCS", 3},    // not who paid
		"Poison, 3 hops": {"ABCDES", 5},  // E was paid before C had any
		// C has 0.6 of the weight, and 0.1 of it goes to D.
		"Haircut, 1e-3":       {"ABCDES", 5},
		"MFTracer, no limits": {"ABCDS", 4}, // in time, taint first
	} {
		t.Run(name, func(t *testing.T) {
			w := graph(t, story).Trace(named(t, name), "S")
			require.Equal(t, want.addresses, addresses(w))
			require.Len(t, w.Transfers, want.transfers)
		})
	}
}

// Breadth first in time would not see E; the rank in time does not either,
// though its rest of chips goes backward to V.
func TestTTRTime(t *testing.T) {
	timed := graph(t, story).Trace(named(t, "TTRTime, 1e-3"), "S")
	require.NotContains(t, timed.Addresses, "E")
	weighted := graph(t, story).Trace(named(t, "TTRWeight, 1e-3"), "S")
	require.Contains(t, weighted.Addresses, "E")
}

// M swaps 70 usdt for 3 eth at the pool P, and pays D with these; others trade at
// the pool too. The rank that redirects goes past the pool. The first payment is
// there because the rank in time gives it nothing.
func TestTTRRedirect(t *testing.T) {
	g := graph(t, `
0 S Z 7 usdt
1 S M 70 usdt
2 M P 70 usdt
2 P M 3 eth
3 M D 3 eth
4 P K 9 usdt
`)
	require.Equal(t, "DMSZ", addresses(g.Trace(named(t, "TTRRedirect, 1e-3"), "S")))
	timed := g.Trace(named(t, "TTRTime, 1e-3"), "S")
	require.True(t, timed.Addresses["P"])
	require.False(t, timed.Addresses["Z"])
}

// Every strategy holds up its source, and nothing that it did not ask for.
func TestConnected(t *testing.T) {
	for _, s := range strategy.All(3) {
		w := graph(t, story+"7 X Y 5\n").Trace(s, "S")
		require.True(t, w.Addresses["S"], s.Name)
		require.False(t, w.Addresses["X"] || w.Addresses["Y"], s.Name)
		require.NotEmpty(t, s.Ref, s.Name)
	}
}

// A source without transfers stands alone; several are traced apart and united.
func TestSources(t *testing.T) {
	for _, s := range strategy.All(3) {
		require.Equal(t, "Z", addresses(graph(t, story).Trace(s, "Z")), s.Name)
	}
	two := graph(t, story+"50 P Q 1\n").Trace(named(t, "Poison, 2 hops"), "S", "P")
	require.Equal(t, "ABCPQS", addresses(two))
}

// Taint leaves first and is never more than what came in: of the 100 that M has,
// 10 are tainted, and only the first payment bears them.
func TestMFTracerConserves(t *testing.T) {
	w := graph(t, "1 S M 10\n2 K M 90\n3 M A 30\n4 M B 70\n").Trace(named(t, "MFTracer, no limits"), "S")
	require.Equal(t, "AMS", addresses(w))
}

func named(t *testing.T, name string) strategy.Strategy {
	t.Helper()
	for _, hops := range []int{2, 3} {
		for _, s := range strategy.All(hops) {
			if s.Name == name {
				return s
			}
		}
	}
	t.Fatalf("no strategy %s", name)
	return strategy.Strategy{}
}
