package taint_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
	"github.com/scamtrace/scamtrace/internal/taint"
)

func TestMethods_areDocumented(t *testing.T) {
	names := map[string]bool{}
	for _, m := range taint.Methods() {
		require.Regexp(t, `^[a-z]+$`, m.Name)
		require.False(t, names[m.Name], "two methods %s", m.Name)
		names[m.Name] = true
		require.Equal(t, 1, strings.Count(m.Doc, "."), "%s: one sentence", m.Name)
		require.True(t, strings.HasSuffix(m.Doc, "."), m.Name)
		require.NotEmpty(t, m.Ref, m.Name)
		require.Equal(t, m.Name != "poison", m.Conserves, m.Name)
	}
	require.Len(t, names, 4)
}

func TestTrace_refusesWhatDoesNotBelong(t *testing.T) {
	b := accounts(t, "s > a 1")
	_, err := taint.Trace(taint.Input{Book: b}, taint.Method{Name: "mine"}, taint.Sink{})
	require.ErrorContains(t, err, `"mine"`)
	_, err = taint.Trace(taint.Input{Book: b, Sources: []taint.Source{{Address: 99}}}, method(t, "fifo"), taint.Sink{})
	require.ErrorContains(t, err, "source 0")
}

func TestTrace_withoutSourcesOrTransfersIsEmpty(t *testing.T) {
	for _, m := range taint.Methods() {
		r, err := taint.Trace(taint.Input{Book: accounts(t, "s > a 1")}, m, taint.Sink{})
		require.NoError(t, err)
		require.Equal(t, taint.Result{}, r)
		r, err = taint.Trace(taint.Input{Book: utxos(t, "")}, m, taint.Sink{})
		require.NoError(t, err)
		require.Equal(t, taint.Result{}, r)
	}
}

func TestTrace_returnsTheErrorOfItsSink(t *testing.T) {
	full := errors.New("disk full")
	for _, b := range []*ledger.Book{accounts(t, "v > s 3\ns > a 1\ns > fee 1"), utxos(t, "t1: v/9 > s/9\nt2: t1.0 > a/2")} {
		in := taint.Input{Book: b, Sources: []taint.Source{{Address: id(t, b, "s")}}}
		for _, m := range taint.Methods() {
			_, err := taint.Trace(in, m, taint.Sink{Row: func(taint.Row) error { return full }})
			require.ErrorIs(t, err, full)
			_, err = taint.Trace(in, m, taint.Sink{Injection: func(taint.Injection) error { return full }})
			require.ErrorIs(t, err, full)
			_, err = taint.Trace(in, m, taint.Sink{Row: func(r taint.Row) error {
				if r.Entry == ledger.NoEntry {
					return full
				}
				return nil
			}})
			require.ErrorIs(t, err, full)
		}
	}
}

// A token whose amounts add up to more than 256 bits is left out and named; the
// others are traced. One that no source touches is not worth a word.
func TestTrace_oversizedAsset(t *testing.T) {
	most := "115792089237316195423570985008687907853269984665640564039457584007913129639935"
	got := trace(t, accounts(t, `
		v > s `+most+` spam
		v > s `+most+` spam
		x > y `+most+` junk
		x > y `+most+` junk
		v > s 5 usdt
		s > a 5 usdt
	`), "haircut", options{seeds: "s"})
	require.Equal(t, lines("s>a 5 usdt of s"), got.rows)
	require.Len(t, got.result.Oversized, 1)
}

// When all is tainted, the rules that conserve move the same totals.
func TestTrace_rulesAgreeWhenAllIsTainted(t *testing.T) {
	b := accounts(t, `
		s > a 70
		r > a 33
		a > b 51
		r > b 10
		b > c 20
		a > c 52
		c > d 72
	`)
	total := func(name string) (out []chain.Amount) {
		out = make([]chain.Amount, b.Len())
		in := input(t, b, options{seeds: "s r"})
		_, err := taint.Trace(in, method(t, name), taint.Sink{Row: func(r taint.Row) error {
			out[r.Transfer].Add(&out[r.Transfer], &r.Amount)
			return nil
		}})
		require.NoError(t, err)
		return out
	}
	for i := range b.Len() {
		require.Equal(t, b.Entry(b.At(i).First).Amount, total("fifo")[i])
	}
	require.Equal(t, total("fifo"), total("lifo"))
	require.Equal(t, total("fifo"), total("haircut"))
}

func TestTrace_concurrently(t *testing.T) {
	b := accountBook(t, 2_000)
	in := taint.Input{Book: b}
	for i := range 4 {
		in.Sources = append(in.Sources, taint.Source{Address: ledger.AddressID(i)})
	}
	var wait sync.WaitGroup
	for _, m := range taint.Methods() {
		want, err := taint.Trace(in, m, taint.Sink{})
		require.NoError(t, err)
		for range 3 {
			wait.Go(func() {
				got, err := taint.Trace(in, m, taint.Sink{})
				if err != nil || len(got.Endpoints) != len(want.Endpoints) {
					t.Errorf("%s: %v, %d endpoints instead of %d", m.Name, err, len(got.Endpoints), len(want.Endpoints))
				}
			})
		}
	}
	wait.Wait()
}
