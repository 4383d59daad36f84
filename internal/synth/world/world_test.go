package world_test

import (
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/synth/scenario"
	"github.com/scamtrace/scamtrace/internal/synth/world"
)

// audience remembers what it is told, and keeps its own books.
type audience struct {
	balance  map[string]int64
	stages   map[string]int
	noise    map[string]int
	links    map[string]int
	nights   map[string]int
	victims  []world.VictimFact
	deposits []world.DepositFact
	entities map[world.Entity]world.EntityFact
	seen     map[sent]int64 // the night of each transaction that the tables show
	last     [3]int64
	rows     int64
	hash     uint64
	problems []string
}

// sent is a transaction by its chain and number.
type sent struct {
	bitcoin bool
	number  int64
}

func newAudience() *audience {
	return &audience{
		balance: map[string]int64{}, stages: map[string]int{}, noise: map[string]int{}, links: map[string]int{},
		nights: map[string]int{}, entities: map[world.Entity]world.EntityFact{},
		seen: map[sent]int64{},
	}
}

func (a *audience) pay(t world.Token, from, to world.Party, amount int64) {
	if from != 0 {
		k := fmt.Sprint(t, from)
		if a.balance[k] -= amount; a.balance[k] < 0 {
			a.problems = append(a.problems, fmt.Sprintf("party %d owes %d of token %d", from, -a.balance[k], t))
		}
	}
	a.balance[fmt.Sprint(t, to)] += amount
}

func (a *audience) Ethereum(x *world.EthereumTx) error {
	h := fnv.New64a()
	fmt.Fprintln(h, a.hash, *x)
	a.hash = h.Sum64()
	if x.Reward {
		a.pay(world.Ether, 0, x.To, x.Value)
		return nil
	}
	place := [3]int64{x.Height, int64(x.Index), int64(x.FirstLog)}
	if slices.Compare(place[:], a.last[:]) <= 0 {
		a.problems = append(a.problems, fmt.Sprint(place, " after ", a.last))
	}
	a.last = place
	if !x.NoGas || len(x.Logs) > 0 {
		a.seen[sent{false, x.Number}] = x.Night
	}
	a.pay(world.Ether, x.From, 0, x.GasUsed*x.GasPrice)
	if x.Failed {
		return nil
	}
	a.stages[x.Mark.Stage]++
	a.noise[x.Mark.Noise]++
	if x.Value > 0 {
		a.rows++
		a.pay(world.Ether, x.From, x.To, x.Value)
	}
	for _, c := range x.Calls {
		a.rows++
		a.pay(world.Ether, c.From, c.To, c.Value)
	}
	for _, l := range x.Logs {
		a.rows++
		a.pay(l.Token, l.From, l.To, l.Amount)
	}
	return nil
}

func (a *audience) Bitcoin(x *world.BitcoinTx) error {
	a.rows++
	a.seen[sent{true, x.Number}] = x.Night
	return nil
}

func (a *audience) Entity(f world.EntityFact) error {
	if _, ok := a.entities[f.Parent]; !ok && f.Parent != 0 {
		a.problems = append(a.problems, f.Name+" has an unknown parent")
	}
	a.entities[f.Entity] = f
	return nil
}
func (a *audience) Link(f world.LinkFact) error     { a.links[f.Type]++; return nil }
func (a *audience) Victim(f world.VictimFact) error { a.victims = append(a.victims, f); return nil }

func (a *audience) Deposit(f world.DepositFact) error { a.deposits = append(a.deposits, f); return nil }

func (a *audience) Night(f world.NightFact) error {
	a.nights[f.Type]++
	if night, ok := a.seen[sent{f.Bitcoin, f.Tx}]; !ok || night != f.Night {
		a.problems = append(a.problems, fmt.Sprintf("night %d should alert of %v, which the tables show in night %d", f.Night, f, night))
	}
	return nil
}

func play(t testing.TB, rows int64, seed uint64, change func(*scenario.Scenario)) (*world.World, *audience) {
	t.Helper()
	sc := scenario.Default()
	if change != nil {
		change(&sc)
	}
	w, a := world.New(sc.Sized(rows), rows, seed), newAudience()
	require.NoError(t, w.Play(t.Context(), a))
	return w, a
}

// Every account pays what it has, transactions come in chain order, and every
// stage of the specification is on stage.
func TestPlay(t *testing.T) {
	for _, rows := range []int64{1_000, 10_000, 100_000} {
		t.Run(fmt.Sprint(rows), func(t *testing.T) {
			w, a := play(t, rows, 1, nil)
			require.Empty(t, a.problems)
			written, scam := w.Written()
			require.Equal(t, a.rows, written)
			require.GreaterOrEqual(t, written, rows)
			require.Less(t, written, rows+max(20, rows/100))
			first, last := w.Span()
			t.Logf("%d rows, %d of the scam, %d victims, %d deposits, %d days, %d addresses", written, scam, len(a.victims), len(a.deposits), (last-first)/86400, w.Parties().Len())
			t.Log(a.stages)
			t.Log(a.noise, a.links, a.nights)
			public := w.Public()
			require.NotEmpty(t, public.Seeds)
			require.NotEmpty(t, public.Labels)
			t.Logf("%d seeds, %d labels", len(public.Seeds), len(public.Labels))
			require.Greater(t, last-first, int64(60*86400), "time ended early: too many rows for the scam alone")
			if rows >= 10_000 {
				for _, stage := range []string{
					"payment", "payback", "gas", "consolidation", "layer", "spray", "funnel", "swap", "bridge", "cash_out",
					"sweep", "ransom", "freeze", "mixer",
				} {
					require.NotZero(t, a.stages[stage], stage)
				}
				require.Subset(t, slices.Collect(maps.Keys(a.noise)), []string{"zero", "tiny", "counterfeit", "spam"})
			}
		})
	}
}

func TestPlay_repeats(t *testing.T) {
	_, a := play(t, 5_000, 3, nil)
	_, b := play(t, 5_000, 3, nil)
	_, c := play(t, 5_000, 4, nil)
	require.Equal(t, a, b)
	require.NotEqual(t, a.hash, c.hash)
}

// What a night should alert of is in the blocks until then, however near to its
// end somebody pays.
func TestPlay_nights(t *testing.T) {
	_, a := play(t, 10_000, 1, func(s *scenario.Scenario) { s.Victims, s.Days = 1_000, 5 })
	require.Empty(t, a.problems)
	require.NotZero(t, a.nights["victim"])
	_, a = play(t, 10_000, 1, func(s *scenario.Scenario) { s.Tables, s.Hazards.Freeze = []string{"token_transfers"}, 1_000_000 })
	require.Empty(t, a.problems)
	require.Zero(t, a.nights["frozen"], "Transfer events do not show who is frozen")
}

// Without fees nothing but tokens moves.
func TestPlay_tokensOnly(t *testing.T) {
	_, a := play(t, 20_000, 1, func(s *scenario.Scenario) { s.Tables = []string{"token_transfers"}; s.Bitcoin = 0 })
	require.Empty(t, a.problems)
	for k, v := range a.balance {
		if k[0] == '0' {
			require.Zero(t, v, k)
		}
	}
	t.Log(a.stages)
}
