package job

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/label"
	"github.com/scamtrace/scamtrace/internal/ledger"
	"github.com/scamtrace/scamtrace/internal/taint"
)

func TestMergeRows(t *testing.T) {
	row := func(transfer uint32, entry ledger.EntryID, source uint32) windowRow {
		return windowRow{transfer: transfer, entry: entry, source: source}
	}
	var got []string
	require.NoError(t, mergeRows([][]windowRow{
		{row(1, 5, 0), row(1, 5, 1), row(3, 9, 0)},
		{},
		{row(1, 4, 0), row(1, 5, 0), row(2, 7, 0)},
	}, func(m int, r *windowRow) error {
		got = append(got, fmt.Sprintf("%d/%d by %d of %d", r.transfer, r.entry, m, r.source))
		return nil
	}))
	require.Equal(t, []string{"1/4 by 2 of 0", "1/5 by 0 of 0", "1/5 by 0 of 1", "1/5 by 2 of 0", "2/7 by 2 of 0", "3/9 by 0 of 0"}, got)
}

// chainOfPayments is a book in which money passes from hand to hand, in more
// transfers than one window has.
func chainOfPayments(t *testing.T) *ledger.Book {
	l := ledger.New(chain.Chain{Name: "ethereum", ID: "eip155:1", Family: chain.Account})
	var amount chain.Amount
	amount.SetUint64(7)
	for i := range windowTransfers + 10 {
		at := func(n int) chain.Address { return chain.Address(fmt.Sprintf("0x%040x", n%97+1)) }
		require.NoError(t, l.Add(&chain.Transfer{
			Tx:   chain.Tx{Hash: chain.Hash{byte(i), byte(i >> 8), byte(i >> 16), 1}, Pos: chain.Pos{Height: uint64(i)}, Time: 1},
			Kind: chain.NativeKind, Asset: chain.Native,
			In:  []chain.Entry{{Address: at(i), Amount: amount}},
			Out: []chain.Entry{{Address: at(i + 1), Amount: amount}},
		}))
	}
	b, err := l.Seal(nil)
	require.NoError(t, err)
	return b
}

func TestTraceCaseTellsWhatEachTraceTells(t *testing.T) {
	b := chainOfPayments(t)
	seed, ok := b.Find(chain.Address(fmt.Sprintf("0x%040x", 1)))
	require.True(t, ok)
	in := taint.Input{Book: b, Sources: []taint.Source{{Address: seed}}}
	want := map[string]int{}
	for m, method := range taint.Methods() {
		_, err := taint.Trace(in, method, taint.Sink{Row: func(r taint.Row) error {
			want[fmt.Sprint(m, r.Transfer, r.Entry, r.Source, r.Amount)]++
			return nil
		}})
		require.NoError(t, err)
	}
	last := uint32(0)
	out, err := traceCase(t.Context(), in, taint.Methods(), func(m int, r *windowRow) error {
		require.GreaterOrEqual(t, r.transfer, last)
		last = r.transfer
		key := fmt.Sprint(m, r.transfer, r.entry, r.source, r.amount)
		require.Positive(t, want[key], key)
		want[key]--
		return nil
	})
	require.NoError(t, err)
	require.Len(t, out, 4)
	for key, n := range want {
		require.Zero(t, n, key)
	}
}

func TestTraceCaseEndsWithTheFirstError(t *testing.T) {
	b := chainOfPayments(t)
	seed, _ := b.Find(chain.Address(fmt.Sprintf("0x%040x", 1)))
	in := taint.Input{Book: b, Sources: []taint.Source{{Address: seed}}}
	full := errors.New("the disk is full")
	_, err := traceCase(t.Context(), in, taint.Methods(), func(int, *windowRow) error { return full })
	require.ErrorIs(t, err, full)

	ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	<-ctx.Done()
	_, err = traceCase(ctx, in, taint.Methods(), func(int, *windowRow) error { return nil })
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestParallelTellsWhyNotThatItWasCancelled(t *testing.T) {
	why := errors.New("why")
	for range 20 {
		err := parallel(t.Context(), 2, 8, func(ctx context.Context, i int) error {
			if i == 5 {
				return why
			}
			if i > 5 {
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		})
		require.ErrorIs(t, err, why)
	}
}

func TestActor(t *testing.T) {
	for text, want := range map[string]string{
		"Binance 14": "binance", "Binance: Hot Wallet 2": "binance", "OKX Deposit Funder": "okx",
		"KuCoin_Deposit_0x23aa": "kucoin", "Gate.io": "gate.io", "": "", "1inch v3: Router": "1inch v3", "Uniswap V2": "uniswap v2",
	} {
		require.Equal(t, want, actor(label.Label{Label: text}), text)
	}
	require.Equal(t, "htx", actor(label.Label{Label: "Huobi 3", Actor: "HTX"}))
}
