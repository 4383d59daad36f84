package taint_test

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
	"github.com/scamtrace/scamtrace/internal/taint"
)

// seen is everything that a trace told, in a form that can be compared.
type seen struct {
	rows       map[string]*big.Rat
	injected   map[string]*big.Rat
	order      []string
	injections []string
	taint.Result
}

func observe(t require.TestingT, in taint.Input, m taint.Method) seen {
	s := seen{rows: map[string]*big.Rat{}, injected: map[string]*big.Rat{}}
	last := taint.Row{Transfer: -1}
	var err error
	s.Result, err = taint.Trace(in, m, taint.Sink{
		Row: func(r taint.Row) error {
			// Inside a transaction of accounts, a later transfer may be done first.
			sorted := r.Transfer > last.Transfer || r.Transfer == last.Transfer &&
				(r.Entry > last.Entry || r.Entry == last.Entry && r.Source > last.Source) ||
				r.Transfer < last.Transfer && in.Book.At(r.Transfer).Tx == in.Book.At(last.Transfer).Tx
			require.True(t, sorted, "%+v after %+v", r, last)
			require.False(t, r.Amount.IsZero(), "%+v", r)
			last = r
			add(s.rows, fmt.Sprintf("%d/%d/%d", r.Transfer, r.Entry, r.Source), rat(r.Amount))
			s.order = append(s.order, fmt.Sprint(r))
			return nil
		},
		Injection: func(j taint.Injection) error {
			add(s.injected, fmt.Sprintf("%d/%d/%d", j.Transfer, j.Entry, j.Source), rat(j.Amount))
			s.injections = append(s.injections, fmt.Sprint(j))
			return nil
		},
	})
	require.NoError(t, err)
	return s
}

func anyAmount() *rapid.Generator[chain.Amount] {
	return rapid.Custom(func(t *rapid.T) chain.Amount {
		a := chain.Amount{rapid.Uint64Range(0, 40).Draw(t, "units")}
		switch rapid.IntRange(0, 5).Draw(t, "size") {
		case 0:
			a.Lsh(&a, 200)
		case 1:
			a.Lsh(&a, 60)
		case 2:
			a.AddUint64(a.Lsh(&a, 120), rapid.Uint64().Draw(t, "low"))
		}
		return a
	})
}

// anyInput draws sources and stops for a book.
func anyInput(t *rapid.T, b *ledger.Book) taint.Input {
	address := rapid.Map(rapid.IntRange(0, b.Addresses()-1), func(i int) ledger.AddressID { return ledger.AddressID(i) })
	in := taint.Input{Book: b}
	for range rapid.IntRange(1, 4).Draw(t, "sources") {
		s := taint.Source{Address: address.Draw(t, "seed")}
		if rapid.IntRange(0, 2).Draw(t, "payment") == 0 {
			s.Payment = &taint.Payment{Tx: b.At(rapid.IntRange(0, b.Len()-1).Draw(t, "at")).Tx}
			if rapid.Bool().Draw(t, "limited") {
				most := anyAmount().Draw(t, "most")
				s.Payment.Max = &most
			}
		}
		in.Sources = append(in.Sources, s)
	}
	stops := rapid.SliceOfN(address, 0, 2).Draw(t, "stops")
	in.Stopped = func(a ledger.AddressID) bool { return slices.Contains(stops, a) }
	opaque := rapid.SliceOfN(rapid.IntRange(0, b.Len()-1), 0, 1).Draw(t, "opaque")
	in.Opaque = func(tx ledger.TxID) bool {
		return slices.ContainsFunc(opaque, func(i int) bool { return b.At(i).Tx == tx })
	}
	return in
}

// anyAccounts draws a book of one to forty transfers among a few addresses, with
// fees, rewards, payments to oneself and of nothing, and openings everywhere.
func anyAccounts(t *rapid.T) *ledger.Book {
	l := ledger.New(mustChain(t, "ethereum"))
	people := rapid.IntRange(2, 6).Draw(t, "people")
	person := rapid.Map(rapid.IntRange(0, people-1), func(i int) chain.Address { return chain.Address(fmt.Sprint("p", i)) })
	tx := 0
	for i := range rapid.IntRange(1, 40).Draw(t, "transfers") {
		if rapid.Bool().Draw(t, "next transaction") {
			tx++
		}
		a := anyAmount().Draw(t, "amount")
		x := chain.Transfer{
			Tx:   chain.Tx{Hash: hash(fmt.Sprint(tx)), Pos: chain.Pos{Height: uint64(tx)}, Time: int64(tx), Status: chain.Succeeded},
			Kind: chain.Token, Ordinal: uint32(i), Asset: chain.Asset(rapid.SampledFrom([]string{"usdt", "usdt", "dai"}).Draw(t, "asset")),
			In:  []chain.Entry{{Address: person.Draw(t, "from"), Amount: a}},
			Out: []chain.Entry{{Address: person.Draw(t, "to"), Amount: a}},
		}
		switch rapid.IntRange(0, 9).Draw(t, "kind") {
		case 0:
			x.Kind, x.Asset, x.Out = chain.Fee, "usdt", nil
		case 1:
			x.Kind, x.Asset, x.In = chain.Reward, "usdt", nil
		case 2:
			x.Kind = chain.Internal
			x.Path = []uint32{uint32(i)}
		}
		x.Ordinal = uint32(i)
		require.NoError(t, l.Add(&x))
	}
	return seal(t, l)
}

// anyCoins draws a book of one to thirty transactions that spend each other's
// coins, coins of nowhere and coins of an unknown amount.
func anyCoins(t *rapid.T) *ledger.Book {
	l := ledger.New(mustChain(t, "bitcoin"))
	person := rapid.Map(rapid.IntRange(0, 4), func(i int) chain.Address { return chain.Address(fmt.Sprint("p", i)) })
	var coins []chain.Entry
	for i := range rapid.IntRange(1, 30).Draw(t, "transactions") {
		x := chain.Transfer{
			Tx:   chain.Tx{Hash: hash(fmt.Sprint(i)), Pos: chain.Pos{Height: uint64(i)}, Time: int64(i)},
			Kind: chain.Output, Asset: chain.Native,
		}
		var left chain.Amount
		for k := range rapid.IntRange(0, 3).Draw(t, "inputs") {
			e := chain.Entry{Address: person.Draw(t, "spender"), Amount: anyAmount().Draw(t, "amount"), Spends: chain.Outpoint{Tx: hash(fmt.Sprint("outside", i)), Index: uint32(k)}}
			switch n := rapid.IntRange(0, 9).Draw(t, "origin"); {
			case n == 0:
				e.AmountUnknown = true
			case n < 8 && len(coins) > 0:
				at := rapid.IntRange(0, len(coins)-1).Draw(t, "coin")
				e = coins[at]
				coins = slices.Delete(coins, at, at+1)
			}
			e.Index = uint32(k)
			x.In = append(x.In, e)
			left.Add(&left, &e.Amount)
		}
		if len(x.In) == 0 {
			left = anyAmount().Draw(t, "reward")
		}
		n := rapid.IntRange(1, 3).Draw(t, "outputs")
		for k := range n {
			share := chain.Amount{rapid.Uint64Range(0, 4).Draw(t, "quarters")}
			share.MulDivOverflow(&left, &share, &chain.Amount{4})
			left.Sub(&left, &share)
			e := chain.Entry{Address: person.Draw(t, "payee"), Amount: share, Index: uint32(k)}
			x.Out = append(x.Out, e)
			e.Spends = chain.Outpoint{Tx: x.Tx.Hash, Index: uint32(k)}
			coins = append(coins, e)
		}
		require.NoError(t, l.Add(&x))
	}
	return seal(t, l)
}

func properties(t *testing.T, book func(*rapid.T) *ledger.Book) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		b := book(t)
		in := anyInput(t, b)
		got := map[string]seen{}
		for _, m := range taint.Methods() {
			// Trace itself fails if a method does not conserve.
			s := observe(t, in, m)
			got[m.Name] = s
			again := observe(t, in, m)
			require.Equal(t, s.order, again.order, "%s is not deterministic", m.Name)
			require.Equal(t, s.injections, again.injections)
			require.Equal(t, s.Result, again.Result)
			if m.Conserves {
				neverAboveValue(t, b, s)
				agrees(t, b, consult(in, m.Name), s, m.Name)
			}
		}
		for name, s := range got {
			for key, a := range s.rows {
				most := got["poison"].rows[key]
				require.NotNil(t, most, "%s taints %s, poison does not", name, key)
				require.GreaterOrEqual(t, most.Cmp(a), 0, "%s taints more of %s than poison", name, key)
			}
		}
	})
}

func TestTrace_propertiesOnAccounts(t *testing.T) { properties(t, anyAccounts) }
func TestTrace_propertiesOnCoins(t *testing.T)    { properties(t, anyCoins) }

// neverAboveValue: the sources together never taint more of an output than it
// has.
func neverAboveValue(t require.TestingT, b *ledger.Book, s seen) {
	outputs := map[string]*big.Rat{}
	for key, a := range s.rows {
		add(outputs, key[:strings.LastIndex(key, "/")], a)
	}
	for key, a := range outputs {
		var transfer int
		var e ledger.EntryID
		_, err := fmt.Sscanf(key, "%d/%d", &transfer, &e)
		require.NoError(t, err)
		if e == ledger.NoEntry {
			e = b.At(transfer).First
			if b.Chain().Family == chain.UTXO {
				continue
			}
		}
		require.LessOrEqual(t, a.Cmp(rat(b.Entry(e).Amount)), 0, "output %s is tainted above its value", key)
	}
}

// agrees compares a trace with the oracle. Each transfer may round by less than
// one unit a source, and passes on what others rounded.
func agrees(t require.TestingT, b *ledger.Book, want *oracle, got seen, name string) {
	slack := new(big.Rat)
	if name == "haircut" {
		slack.SetInt64(int64(4 * b.Entries()))
	}
	ends := map[string]*big.Rat{}
	for _, e := range got.Endpoints {
		add(ends, fmt.Sprintf("%d/%d/%d/%t", e.Source, e.Asset, e.Address, e.Stopped), rat(e.Amount))
	}
	for _, c := range got.Conservation {
		add(ends, fmt.Sprintf("%d/%d/fee", c.Source, c.Asset), rat(c.Fees))
	}
	unknown := map[string]*big.Rat{}
	for _, u := range got.Unknown {
		add(unknown, fmt.Sprintf("%d/%d", u.Asset, u.Address), rat(u.Amount))
	}
	near(t, want.rows, got.rows, slack, name+" row")
	near(t, want.injected, got.injected, slack, name+" injection")
	near(t, want.ends, ends, slack, name+" end")
	if name != "haircut" { // rounding may leave no unit of taint at all
		near(t, want.unknown, unknown, slack, name+" opening")
	}
}

func near(t require.TestingT, want, got map[string]*big.Rat, slack *big.Rat, what string) {
	zero := new(big.Rat)
	or := func(a *big.Rat) *big.Rat {
		if a == nil {
			return zero
		}
		return a
	}
	compare := func(key string) {
		d := new(big.Rat).Sub(or(want[key]), or(got[key]))
		require.LessOrEqual(t, d.Abs(d).Cmp(slack), 0, "%s %s: want %s, got %s", what, key, or(want[key]), or(got[key]))
	}
	for key := range want {
		compare(key)
	}
	for key := range got {
		compare(key)
	}
}
