package table

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// readAll reads one written file back.
func readAll[T any](tb testing.TB, f Folder, file File) []T {
	tb.Helper()
	var out []T
	for row, err := range Read[T](tb.Context(), f.Dir+"/"+file.Path) {
		require.NoError(tb, err)
		out = append(out, row)
	}
	require.Len(tb, out, int(file.Rows))
	return out
}

func TestFlowsOfBitcoin(t *testing.T) {
	l := ledger.New(lookup(t, "bitcoin"))
	add := func(n uint64, in, out []chain.Entry) {
		t.Helper()
		for i := range in {
			in[i].Index, in[i].Spends = uint32(i), chain.Outpoint{Tx: txHash(1000 + n), Index: uint32(i)}
		}
		for i := range out {
			out[i].Index = uint32(i)
		}
		require.NoError(t, l.Add(&chain.Transfer{
			Tx:   chain.Tx{Hash: txHash(n), Pos: chain.Pos{Height: n, Index: 1}, Time: int64(n) * 600},
			Kind: chain.Output, Asset: chain.Native, In: in, Out: out,
		}))
	}
	e := func(a chain.Address, n uint64) chain.Entry { return chain.Entry{Address: a, Amount: chain.Amount{n}} }
	// Inputs 3:3:1 after adding up a's two; 10 units: a 4.28, b 4.28, c 1.42.
	add(1, []chain.Entry{e("1a", 10), e("1b", 30), e("1c", 10), e("1a", 20)}, []chain.Entry{e("1d", 10), e("1a", 50)})
	// A coinbase, an output without an address, and an input of unknown value.
	add(2, nil, []chain.Entry{e("1d", 50), e("", 7)})
	add(3, []chain.Entry{{Address: "1a", AmountUnknown: true}, e("1b", 9)}, []chain.Entry{e("1d", 8)})
	// Two outputs to one address are one transfer; zero shares make no row.
	add(4, []chain.Entry{e("1b", 100), e("1c", 1)}, []chain.Entry{e("1e", 1), e("1e", 2), e("1e", 0)})
	book, err := l.Seal(nil)
	require.NoError(t, err)

	f := Folder{Dir: t.TempDir()}
	file, err := WriteFlows(t.Context(), f, 0, book)
	require.NoError(t, err)
	type flow struct {
		from, to  string
		transfers int64
		value     string
		rule      string
	}
	var got []flow
	for _, r := range readAll[Flow](t, f, file) {
		require.Equal(t, r.ValueLossless, r.Value.String())
		got = append(got, flow{r.FromAddress, r.ToAddress, r.Transfers, r.ValueLossless, r.SplitRule})
	}
	require.Equal(t, []flow{
		{"", "", 1, "7", SplitProRataInputs},
		{"", "1d", 1, "50", SplitProRataInputs},
		{"", "1d", 1, "8", SplitUnknownInputs},
		{"1a", "1a", 1, "22", SplitProRataInputs}, // 21.43
		{"1a", "1d", 1, "4", SplitProRataInputs},
		{"1b", "1a", 1, "21", SplitProRataInputs},
		{"1b", "1d", 1, "4", SplitProRataInputs},
		{"1b", "1e", 1, "3", SplitProRataInputs},
		{"1c", "1a", 1, "7", SplitProRataInputs},
		{"1c", "1d", 1, "2", SplitProRataInputs}, // the largest remainder, 1.43
	}, got)
}

func TestFlowsAddUpToOutputs(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		wide := rapid.SampledFrom([]int{8, 40, 63, 120}).Draw(rt, "bits")
		amount := func(label string) (a chain.Amount) {
			a[0], a[1] = rapid.Uint64().Draw(rt, label), rapid.Uint64().Draw(rt, label)
			return *a.Rsh(&a, uint(128-wide))
		}
		names := []chain.Address{"1a", "1b", "1c", "1d", ""}
		tx := chain.Transfer{Kind: chain.Output, Asset: chain.Native, Tx: chain.Tx{Hash: txHash(1)}}
		var left chain.Amount
		for i := range rapid.IntRange(1, 6).Draw(rt, "inputs") {
			e := chain.Entry{Address: rapid.SampledFrom(names).Draw(rt, "payer"), Amount: amount("paid"), Index: uint32(i)}
			e.Spends = chain.Outpoint{Tx: txHash(2), Index: uint32(i)}
			left.Add(&left, &e.Amount)
			tx.In = append(tx.In, e)
		}
		for i := range rapid.IntRange(1, 6).Draw(rt, "outputs") {
			e := chain.Entry{Address: rapid.SampledFrom(names).Draw(rt, "payee"), Amount: amount("got"), Index: uint32(i)}
			if e.Amount.Gt(&left) {
				e.Amount = left
			}
			left.Sub(&left, &e.Amount)
			tx.Out = append(tx.Out, e)
		}
		l := ledger.New(lookup(t, "bitcoin"))
		require.NoError(rt, l.Add(&tx))
		b, err := l.Seal(nil)
		require.NoError(rt, err)

		byPayee, want := map[chain.Address]chain.Amount{}, map[chain.Address]chain.Amount{}
		s := sumFlows(b)
		for id := range s.count {
			to := chain.Address("")
			if c := s.cell(id); c.to != 0 {
				to = b.Text(ledger.AddressID(c.to - 1))
			}
			sum, part := byPayee[to], s.sum(id)
			require.False(rt, part.IsZero())
			byPayee[to] = *sum.Add(&sum, &part)
		}
		for _, e := range tx.Out {
			if sum := want[e.Address]; !e.Amount.IsZero() {
				want[e.Address] = *sum.Add(&sum, &e.Amount)
			}
		}
		require.Equal(rt, want, byPayee)
	})
}

func TestFlowSumsAbove128Bits(t *testing.T) {
	s := newFlowSums()
	top := chain.Amount{^uint64(0), ^uint64(0), ^uint64(0)}
	small := chain.Amount{^uint64(0), ^uint64(0)}
	for n := range uint32(40_000) { // several blocks and rehashes
		s.add(flowKey{from: n + 1, to: n + 2}, n, &small)
	}
	s.add(flowKey{from: 1, to: 2}, 50_000, &small)
	s.add(flowKey{from: 1, to: 2}, 50_000, &top)
	s.add(flowKey{from: 2, to: 3}, 50_000, &top)
	want := new(chain.Amount).Add(&small, &small)
	want.Add(want, &top)
	require.Equal(t, *want, s.sum(0))
	require.EqualValues(t, 2, s.cell(0).transfers)
	require.Equal(t, *want.Add(&small, &top), s.sum(1))
	require.Equal(t, small, s.sum(2))
	require.EqualValues(t, 40_000, s.count)
}
