package ledger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
	"github.com/scamtrace/scamtrace/internal/ledger/ledgertest"
)

// accountStory draws transfers on an account chain as lines of text. Facts that
// a source may lack (index, status) are lacking here and there.
func accountStory(r *rapid.T) []string {
	var out []string
	names := rapid.SampledFrom([]string{"A", "B", "C", "D", "null"})
	for tx := range rapid.IntRange(1, 12).Draw(r, "transactions") {
		height := rapid.IntRange(1, 3).Draw(r, "height")
		failed := rapid.IntRange(0, 4).Draw(r, "failed") == 0
		for k := range rapid.IntRange(1, 5).Draw(r, "transfers") {
			line := fmt.Sprintf("h=%d tx=t%d ", height, tx)
			if rapid.Bool().Draw(r, "index known") {
				line += fmt.Sprintf("i=%d ", 3*tx)
			}
			switch rapid.IntRange(0, 3).Draw(r, "status") {
			case 0, 1:
				line += "unsure "
			case 2, 3:
				if failed {
					line += "failed "
				}
			}
			from, to, amount := names.Draw(r, "from"), names.Draw(r, "to"), rapid.IntRange(0, 9).Draw(r, "amount")
			kind := rapid.IntRange(1, 4).Draw(r, "kind")
			if k == 0 {
				kind = 0 // a transaction has one fee
			}
			switch kind {
			case 0:
				line += fmt.Sprintf("%s -> fee %d eth", from, amount)
			case 1:
				line += fmt.Sprintf("reward -> %s %d eth n=%d", to, amount, k)
			case 2:
				line += fmt.Sprintf("%s -> %s %d eth trace=0.%d", from, to, amount, k)
			default:
				line += fmt.Sprintf("%s -> %s %d usdt log=%d", from, to, amount, 10*(tx%4)+k)
			}
			out = append(out, line)
		}
	}
	return out
}

// coinStory draws transactions that spend each other's outputs, in the order in
// which they can happen. Amounts and owners of inputs are lacking here and there.
func coinStory(r *rapid.T) []string {
	type coin struct{ name, owner string }
	var free []coin
	var out []string
	height := 1
	for tx := range rapid.IntRange(1, 14).Draw(r, "transactions") {
		height += rapid.IntRange(0, 1).Draw(r, "next block")
		var ins []string
		for k := range rapid.IntRange(0, 3).Draw(r, "inputs") {
			if len(free) == 0 || rapid.IntRange(0, 5).Draw(r, "elsewhere") == 0 {
				ins = append(ins, fmt.Sprintf("x%d:%d(A 10)", tx, k))
				continue
			}
			n := rapid.IntRange(0, len(free)-1).Draw(r, "coin")
			c := free[n]
			free = slices.Delete(free, n, n+1)
			ins = append(ins, c.name+rapid.SampledFrom([]string{"(" + c.owner + " 10)", "(_ 10)", "(_ ?)"}).Draw(r, "input"))
		}
		in, outputs := "coinbase", max(1, len(ins))
		if len(ins) > 0 {
			in = strings.Join(ins, " + ")
		}
		var outs []string
		for k := range outputs {
			owner := rapid.SampledFrom([]string{"A", "B", "C", "_"}).Draw(r, "owner")
			outs = append(outs, owner+" 10")
			free = append(free, coin{fmt.Sprintf("t%d:%d", tx, k), owner})
		}
		index := ""
		if rapid.Bool().Draw(r, "index known") {
			index = fmt.Sprintf(" i=%d", tx)
		}
		out = append(out, fmt.Sprintf("t%d h=%d%s: %s -> %s", tx, height, index, in, strings.Join(outs, ", ")))
	}
	return out
}

// sealed tells a ledger the lines, and writes book or error.
func sealed(r *rapid.T, on chain.Chain, told []string, keep ...string) string {
	transfers, err := ledgertest.Parse(on.Family, strings.Join(told, "\n"))
	require.NoError(r, err)
	l := ledger.New(on)
	require.NoError(r, add(l, transfers))
	b, err := l.Seal(only(l, keep...))
	require.NoError(r, err, strings.Join(told, "\n"))
	positions(r, b)
	return ledgertest.Text(b)
}

// positions checks what holds for the order of every book.
func positions(r *rapid.T, b *ledger.Book) {
	for i := range b.Len() - 1 {
		p, q := b.Tx(b.At(i).Tx).Pos, b.Tx(b.At(i+1).Tx).Pos
		require.LessOrEqual(r, p.Height, q.Height)
		require.LessOrEqual(r, b.At(i).End, b.At(i+1).First)
	}
	require.True(r, b.Len() == 0 || int(b.At(b.Len()-1).End) <= b.Entries())
}

// A book does not depend on the order of telling, nor on how often a thing is
// told; and a book of some addresses is the part of the whole that they touch.
func TestAnyOrderGivesTheSameBook(t *testing.T) {
	for name, draw := range map[string]func(*rapid.T) []string{"ethereum": accountStory, "bitcoin": coinStory} {
		t.Run(name, func(t *testing.T) {
			on := network(t, name)
			rapid.Check(t, func(r *rapid.T) {
				told := draw(r)
				want := sealed(r, on, told)
				shuffled := rapid.Permutation(append(told, told[:len(told)/2]...)).Draw(r, "order")
				require.Equal(r, want, sealed(r, on, shuffled))
				require.Equal(r, sealed(r, on, told, "A", "B"), sealed(r, on, shuffled, "A", "B"))
			})
		})
	}
}

// In a block without any index a chain of spends is put in order at once,
// however long it is and whatever the order of telling.
func TestLongChainInABlindBlock(t *testing.T) {
	const n = 20_000
	btc := network(t, "bitcoin")
	l := ledger.New(btc)
	for i := n; i > 0; i-- {
		tx := fmt.Sprintf("t%d h=1: t%d:0(A 1) -> A 1", i, i-1)
		require.NoError(t, add(l, parse(t, btc, tx)))
	}
	b, err := l.Seal(nil)
	require.NoError(t, err)
	for i := range n {
		require.Equal(t, fmt.Sprintf("t%d", i+1), ledgertest.TxName(b.Tx(b.At(i).Tx).Hash))
	}
}

// While a ledger is written, an address knows its transfers: all that name it,
// on the side where they do.
func TestPaidAndReceived(t *testing.T) {
	for _, c := range []struct{ chain, told, paid, received string }{
		{
			"ethereum",
			`h=1 i=0 A -> B 1 eth
			 h=2 i=0 A -> A 2 eth
			 h=3 i=0 B -> A 3 usdt
			 h=4 i=0 A -> fee 4 eth
			 h=5 i=0 reward -> A 5 eth
			 h=6 i=0 A -> B 6 eth failed
			 h=7 i=0 A -> fee 7 eth failed
			 h=8 i=0 B -> C 8 eth`,
			"7:fee 6:native(failed)>B=6 4:fee 2:native>A=2 1:native>B=1",
			"5:reward 3:token<B=3 2:native<A=2",
		},
		{
			"bitcoin",
			`t1 h=1 i=0: coinbase -> A 5, A 6
			 t2 h=2 i=0: t1:0(A 5) + x:0(B ?) -> C 1, A 4`,
			"2:utxo>C=1>A=4",
			"2:utxo<A=5<B=? 1:utxo 1:utxo",
		},
	} {
		on := network(t, c.chain)
		l := ledger.New(on)
		require.NoError(t, add(l, parse(t, on, c.told)))
		a := l.Address(ledgertest.Address(on.Family, "A"))
		write := func(m ledger.Movement, sign string, side func(func(ledger.AddressID, ledger.Sum) bool)) string {
			s := fmt.Sprintf("%d:%s", m.Pos.Height, m.Kind)
			if m.Failed {
				s += "(failed)"
			}
			for id, sum := range side {
				amount := "?"
				if sum.Known {
					amount = sum.Amount.Dec()
				}
				s += sign + ledgertest.Name(on.Family, l.Text(id)) + "=" + amount
			}
			return s
		}
		var paid, received []string
		for m := range l.Paid(a) {
			paid = append(paid, write(m, ">", m.Payees()))
		}
		for m := range l.Received(a) {
			received = append(received, write(m, "<", m.Payers()))
		}
		require.Equal(t, c.paid, strings.Join(paid, " "))
		require.Equal(t, c.received, strings.Join(received, " "))
	}
}
