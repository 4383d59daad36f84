package world_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/synth/scenario"
	"github.com/scamtrace/scamtrace/internal/synth/world"
)

// bitcoinBook is a second pair of books: it believes nothing of a transaction
// but its inputs' names and its outputs.
type bitcoinBook struct {
	world.Witness
	t       testing.TB
	w       *world.World
	all     []world.BitcoinTx
	coins   map[[2]int64]world.Coin
	owner   map[world.Party]world.Party // union-find of addresses spent together
	height  int64
	time    int64
	index   int
	stages  map[string]int
	facts   []world.DepositFact
	victims []world.VictimFact
	told    []string
}

func (k *bitcoinBook) Ethereum(*world.EthereumTx) error { return nil }

func (k *bitcoinBook) Bitcoin(x *world.BitcoinTx) error {
	t := k.t
	require.EqualValues(t, len(k.all), x.Number)
	require.GreaterOrEqual(t, x.Height, k.height)
	if x.Height > k.height {
		require.Greater(t, x.Time, k.time)
		k.height, k.time, k.index = x.Height, x.Time, -1
	}
	require.Equal(t, k.time, x.Time)
	require.Greater(t, x.Index, k.index)
	k.index = x.Index
	_, now := k.w.Span()
	require.GreaterOrEqual(t, x.Time, now)
	require.Less(t, x.Time, now+1200)

	var in, out int64
	var matures int64
	for _, c := range x.In {
		at := [2]int64{c.Tx, int64(c.Index)}
		have, ok := k.coins[at]
		require.True(t, ok, "transaction %d spends a coin that is not there: %v", x.Number, c)
		require.Equal(t, have, c)
		require.LessOrEqual(t, c.Matures, x.Height)
		delete(k.coins, at)
		in += c.Value
		if !x.Join {
			k.owner[k.find(c.Owner)] = k.find(x.In[0].Owner)
		}
	}
	for i, o := range x.Out {
		out += o.Value
		if o.To == 0 {
			require.Zero(t, o.Value)
			continue
		}
		require.GreaterOrEqual(t, o.Value, int64(546), "dust")
		require.True(t, k.w.Parties().Bitcoin(o.To))
		matures = x.Height
		if len(x.In) == 0 {
			matures += 100
		}
		k.coins[[2]int64{x.Number, int64(i)}] = world.Coin{Tx: x.Number, Index: i, Owner: o.To, Value: o.Value, Matures: matures}
	}
	if len(x.In) == 0 {
		require.Zero(t, x.Index)
		require.Equal(t, world.CexHot, k.w.Parties().Role(x.Out[0].To))
		require.LessOrEqual(t, out, map[bool]int64{false: 625_000_000, true: 312_500_000}[x.Height >= 840_000])
	} else {
		require.Positive(t, x.Index)
		require.Greater(t, in, out, "no fee")
		require.Less(t, in-out, int64(x.Size)*100)
	}
	k.stages[x.Mark.Stage]++
	mine := *x
	mine.In = append([]world.Coin(nil), x.In...)
	mine.Out = append([]world.Output(nil), x.Out...)
	k.all = append(k.all, mine)
	return nil
}

func (k *bitcoinBook) find(p world.Party) world.Party {
	for k.owner[p] != 0 && k.owner[p] != p {
		p = k.owner[p]
	}
	return p
}

func (k *bitcoinBook) tell(f any) error { k.told = append(k.told, fmt.Sprintf("%+v", f)); return nil }

func (k *bitcoinBook) Entity(f world.EntityFact) error { return k.tell(f) }
func (k *bitcoinBook) Link(f world.LinkFact) error     { return k.tell(f) }
func (k *bitcoinBook) Night(f world.NightFact) error   { return k.tell(f) }
func (k *bitcoinBook) Victim(f world.VictimFact) error {
	k.victims = append(k.victims, f)
	return k.tell(f)
}

func (k *bitcoinBook) Deposit(f world.DepositFact) error {
	k.facts = append(k.facts, f)
	return k.tell(f)
}

func playBitcoin(t testing.TB, rows int64, change func(*scenario.Scenario)) *bitcoinBook {
	t.Helper()
	sc := scenario.Default()
	change(&sc)
	k := &bitcoinBook{
		t: t, w: world.New(sc.Sized(rows), rows, 7), coins: map[[2]int64]world.Coin{}, owner: map[world.Party]world.Party{},
		stages: map[string]int{},
	}
	require.NoError(t, k.w.Play(t.Context(), k))
	return k
}

// paid is what a transaction gives to an address.
func (k *bitcoinBook) paid(tx int64, to world.Party) (sum int64) {
	for _, o := range k.all[tx].Out {
		if o.To == to {
			sum += o.Value
		}
	}
	return sum
}

func spends(x world.BitcoinTx, p world.Party) bool {
	for _, c := range x.In {
		if c.Owner == p {
			return true
		}
	}
	return false
}

// Coins are spent once, by who has them, in chain order; see bitcoinBook.
func TestBitcoin(t *testing.T) {
	for _, c := range []struct {
		name string
		rows int64
		set  func(*scenario.Scenario)
	}{
		{"as it is", 3_000, func(*scenario.Scenario) {}},
		{"nothing else", 3_000, func(s *scenario.Scenario) { s.Bitcoin = 1_000_000 }},
		{"own wallets", 3_000, func(s *scenario.Scenario) { s.Bitcoin, s.Victim.FromExchange = 1_000_000, 0 }},
		{"rich victims, many parts", 3_000, func(s *scenario.Scenario) {
			s.Bitcoin, s.Victim.LossMu, s.Victim.Induced = 1_000_000, 16_000_000, 1_000_000
			s.Victim.FirstMax = 1_000_000_000 // a first payment of everything is 40 parts and 9 satoshi
			s.Layering.Spray, s.Layering.SprayMin, s.Layering.SprayMax = 1_000_000, 200, 10_000
		}},
		{"larger", 30_000, func(s *scenario.Scenario) { s.Bitcoin = 500_000 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := playBitcoin(t, c.rows, c.set)
			require.NotEmpty(t, k.all)
			k.oneHolder()
			k.depositsAreThere()
			k.victimsPaid()
			k.spentIsForgotten()
			k.crowdIsThere()
			t.Log(len(k.all), "transactions,", len(k.coins), "coins left,", k.stages)
		})
	}
}

// oneHolder says that addresses spent together, but for CoinJoins, have one
// holder of their keys.
func (k *bitcoinBook) oneHolder() {
	parties := k.w.Parties()
	for p := range k.owner {
		a, b := p, k.find(p)
		require.Equal(k.t, parties.Exchange(b), parties.Exchange(a))
		if parties.Exchange(a) == 0 {
			require.Equal(k.t, parties.Controller(b), parties.Controller(a))
		}
	}
}

func (k *bitcoinBook) depositsAreThere() {
	parties := k.w.Parties()
	for _, f := range k.facts {
		if !f.Bitcoin {
			continue
		}
		require.Equal(k.t, world.CexDeposit, parties.Role(f.Deposit))
		require.Equal(k.t, f.Controller, parties.Controller(f.Deposit))
		require.Equal(k.t, f.Amount, k.paid(f.DepositTx, f.Deposit))
		require.True(k.t, spends(k.all[f.DepositTx], f.From))
		if f.SweepTx >= 0 {
			require.True(k.t, spends(k.all[f.SweepTx], f.Deposit))
			require.Greater(k.t, f.SweepTx, f.DepositTx)
		}
	}
	// Nothing else pays a deposit address, and nothing but a sweep empties it.
	told := map[[2]int64]bool{}
	for _, f := range k.facts {
		told[[2]int64{f.DepositTx, int64(f.Deposit)}] = f.Bitcoin
	}
	for _, x := range k.all {
		for _, o := range x.Out {
			if o.To != 0 && parties.Role(o.To) == world.CexDeposit {
				require.True(k.t, told[[2]int64{x.Number, int64(o.To)}], "transaction %d", x.Number)
			}
		}
	}
}

// victimsPaid says that collection addresses got what the victims whose stories
// have ended paid, and nothing that is no payment.
func (k *bitcoinBook) victimsPaid() {
	got := map[world.Party]int64{}
	for _, x := range k.all {
		for _, o := range x.Out {
			if o.To != 0 && k.w.Parties().Role(o.To) == world.Collection {
				require.Equal(k.t, "payment", x.Mark.Stage)
				got[o.To] += o.Value
			}
		}
	}
	for _, f := range k.victims {
		if f.Bitcoin {
			require.Positive(k.t, f.Payments)
			got[f.Collection] -= f.Paid
			require.GreaterOrEqual(k.t, got[f.Collection], int64(0))
		}
	}
}

// spentIsForgotten says that the play remembers unspent coins only.
func (k *bitcoinBook) spentIsForgotten() {
	left := map[world.Party]bool{}
	for _, c := range k.coins {
		left[c.Owner] = true
	}
	owners, coins := k.w.CoinOwners()
	require.Equal(k.t, len(left), owners)
	require.Len(k.t, k.coins, coins)
}

// crowdIsThere says that exchanges pay several people at once and sweep several
// deposits at once, and that people spend several addresses together and leave
// notes.
func (k *bitcoinBook) crowdIsThere() {
	var batches, sweeps, together, notes int
	for _, x := range k.all {
		if len(x.In) == 0 {
			continue
		}
		switch role := k.w.Parties().Role(x.In[0].Owner); {
		case role == world.CexHot && len(x.Out) > 2:
			batches++
		case role == world.CexDeposit && len(x.In) > 1:
			sweeps++
		case role == world.Benign && !x.Join && x.In[0].Owner != x.In[len(x.In)-1].Owner:
			together++
		}
		for _, o := range x.Out {
			if o.To == 0 {
				notes++
			}
		}
	}
	require.NotZero(k.t, batches)
	require.NotZero(k.t, sweeps)
	require.NotZero(k.t, together)
	require.NotZero(k.t, notes)
}

// A CoinJoin has nine equal outputs, of inputs of nine holders.
func TestBitcoin_coinJoin(t *testing.T) {
	all := func(s *scenario.Scenario) { s.Bitcoin, s.Layering.CoinJoin = 1_000_000, 1_000_000 }
	k := playBitcoin(t, 5_000, all)
	require.NotZero(t, k.stages["coinjoin"])
	for _, x := range k.all {
		require.Equal(t, x.Mark.Stage == "coinjoin", x.Join)
		if !x.Join {
			continue
		}
		holders, values := map[world.Entity]bool{}, map[int64]int{}
		for _, c := range x.In {
			holders[k.w.Parties().Controller(c.Owner)] = true
		}
		most := 0
		for _, o := range x.Out {
			values[o.Value]++
			most = max(most, values[o.Value])
		}
		require.Len(t, holders, 9)
		require.Len(t, x.In, 9)
		require.Equal(t, 9, most)
		require.LessOrEqual(t, len(x.Out), 2*most) // else it could be told from the outputs who is who
	}

	k = playBitcoin(t, 5_000, func(s *scenario.Scenario) { all(s); s.Decoys.Enabled = false })
	require.Zero(t, k.stages["coinjoin"])
}

// A peel chain pays a deposit address and itself, at least as often in a row as
// the scenario says.
func TestBitcoin_peelChain(t *testing.T) {
	k := playBitcoin(t, 20_000, func(s *scenario.Scenario) {
		s.Bitcoin, s.Layering.CoinJoin, s.Layering.PeelMin = 1_000_000, 0, 12
	})
	length := map[world.Party]int{} // of the chain so far, by the address of its rest
	longest := 0
	for _, x := range k.all {
		if x.Mark.Stage != "peel" {
			continue
		}
		require.Len(t, x.In, 1)
		require.Len(t, x.Out, 2)
		var peeled int64
		for _, o := range x.Out {
			if k.w.Parties().Role(o.To) == world.Peel {
				length[o.To] = length[x.In[0].Owner] + 1
				longest = max(longest, length[o.To])
			} else {
				require.Equal(t, world.CexDeposit, k.w.Parties().Role(o.To))
				peeled = o.Value
			}
		}
		require.Positive(t, peeled)
		require.Less(t, peeled, x.In[0].Value/2)
	}
	require.GreaterOrEqual(t, longest, 12)
	t.Log("longest", longest)
}

func TestBitcoin_repeats(t *testing.T) {
	set := func(s *scenario.Scenario) { s.Bitcoin = 500_000 }
	a, b := playBitcoin(t, 3_000, set), playBitcoin(t, 3_000, set)
	require.Equal(t, a.all, b.all)
	require.Equal(t, a.told, b.told)
}

func TestBitcoin_none(t *testing.T) {
	k := playBitcoin(t, 3_000, func(s *scenario.Scenario) { s.Bitcoin = 0 })
	require.Empty(t, k.all)
	for p := range k.w.Parties().Len() {
		require.False(t, k.w.Parties().Bitcoin(world.Party(p)))
	}
}
