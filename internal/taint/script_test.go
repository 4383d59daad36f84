package taint_test

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
	"github.com/scamtrace/scamtrace/internal/taint"
)

// A script is a book that can be read. Account chains: one transaction a line,
// its transfers separated by semicolons, "payer > payee amount [asset]"; the
// payee "fee" is a fee and the payer "mint" a block reward.
//
//	victim > seed 100 usdt; seed > fee 1
//
// UTXO chains: one transaction a line, "name: inputs > outputs". An output is
// address/amount. An input is transaction.index for a coin of the book, or
// address/amount for another coin; ? is an amount that nobody told.
//
//	t1: alice/3 bob/5 > carol/4 dave/4
//	t2: t1.0 > erin/4
func accounts(t testing.TB, script string) *ledger.Book {
	l := ledger.New(mustChain(t, "ethereum"))
	for n, line := range lines(script) {
		tx := chain.Tx{Hash: hash(strconv.Itoa(n)), Pos: chain.Pos{Height: uint64(n + 1)}, Time: int64(n), Status: chain.Succeeded}
		for k, move := range strings.Split(line, ";") {
			f := strings.Fields(move)
			require.GreaterOrEqual(t, len(f), 4, "script: %q", move)
			x := chain.Transfer{Tx: tx, Kind: chain.Token, Ordinal: uint32(k), Asset: "usdt"}
			if len(f) > 4 {
				x.Asset = chain.Asset(f[4])
			}
			side := func(name string) []chain.Entry {
				return []chain.Entry{{Address: chain.Address(name), Amount: amount(t, f[3])}}
			}
			switch {
			case f[2] == "fee":
				x.Kind, x.In = chain.Fee, side(f[0])
			case f[0] == "mint":
				x.Kind, x.Out = chain.Reward, side(f[2])
			default:
				x.In, x.Out = side(f[0]), side(f[2])
				if x.Asset == chain.Native {
					x.Kind, x.Path = chain.Internal, []uint32{uint32(k)}
				}
			}
			require.NoError(t, l.Add(&x))
		}
	}
	return seal(t, l)
}

func utxos(t testing.TB, script string) *ledger.Book {
	l := ledger.New(mustChain(t, "bitcoin"))
	made := map[string]chain.Entry{} // by transaction.index
	for n, line := range lines(script) {
		name, sides, _ := strings.Cut(line, ":")
		in, out, _ := strings.Cut(sides, ">")
		x := chain.Transfer{
			Tx:   chain.Tx{Hash: hash(name), Pos: chain.Pos{Height: uint64(n + 1)}, Time: int64(n), Status: chain.Succeeded},
			Kind: chain.Output, Asset: chain.Native,
		}
		for k, f := range strings.Fields(in) {
			var e chain.Entry
			if tx, index, ok := strings.Cut(f, "."); ok {
				at, err := strconv.Atoi(index)
				require.NoError(t, err)
				e = made[f]
				e.Spends = chain.Outpoint{Tx: hash(tx), Index: uint32(at)}
			} else {
				e = entry(t, f)
				e.Spends = chain.Outpoint{Tx: hash("outside " + name), Index: uint32(k)}
			}
			e.Index = uint32(k)
			x.In = append(x.In, e)
		}
		for k, f := range strings.Fields(out) {
			e := entry(t, f)
			e.Index = uint32(k)
			made[fmt.Sprintf("%s.%d", name, k)] = e
			x.Out = append(x.Out, e)
		}
		require.NoError(t, l.Add(&x))
	}
	return seal(t, l)
}

func entry(t testing.TB, s string) chain.Entry {
	address, value, ok := strings.Cut(s, "/")
	require.True(t, ok, "script: %q", s)
	if value == "?" {
		return chain.Entry{Address: chain.Address(address), AmountUnknown: true}
	}
	return chain.Entry{Address: chain.Address(address), Amount: amount(t, value)}
}

func lines(script string) (out []string) {
	for line := range strings.Lines(script) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func amount(t testing.TB, s string) chain.Amount {
	a, err := chain.ParseAmount(s)
	require.NoError(t, err)
	return a
}

func hash(s string) chain.Hash { return sha256.Sum256([]byte(s)) }

func mustChain(t require.TestingT, name string) chain.Chain {
	c, err := chain.Lookup(name)
	require.NoError(t, err)
	return c
}

func seal(t require.TestingT, l *ledger.Ledger) *ledger.Book {
	b, err := l.Seal(nil)
	require.NoError(t, err)
	return b
}

// told is the outcome of a trace in words.
type told struct {
	rows     []string // "payer>payee amount of source", with "fee" as payee; UTXO: "tx.index amount of source"
	injected []string // "amount of source at address", or "... spent by address"
	ends     []string // "address amount of source", with "stopped" behind
	unknown  []string // "address amount"
	unsplit  []string // "address amount of source: reason"
	result   taint.Result
}

// options of a trace, in the names of a script.
type options struct {
	sources []taint.Source // nil: one seed-inflow source for each of seeds
	seeds   string
	stops   string
	opaque  string
}

func method(t testing.TB, name string) taint.Method {
	for _, m := range taint.Methods() {
		if m.Name == name {
			return m
		}
	}
	require.Fail(t, "no method", name)
	return taint.Method{}
}

func id(t testing.TB, b *ledger.Book, name string) ledger.AddressID {
	a, ok := b.Find(chain.Address(name))
	require.True(t, ok, "no address %s", name)
	return a
}

func input(t testing.TB, b *ledger.Book, o options) taint.Input {
	in := taint.Input{Book: b, Sources: o.sources}
	for _, s := range strings.Fields(o.seeds) {
		in.Sources = append(in.Sources, taint.Source{Address: id(t, b, s)})
	}
	stops := map[ledger.AddressID]bool{}
	for _, s := range strings.Fields(o.stops) {
		stops[id(t, b, s)] = true
	}
	in.Stopped = func(a ledger.AddressID) bool { return stops[a] }
	opaque := map[ledger.TxID]bool{}
	for _, s := range strings.Fields(o.opaque) {
		tx, ok := b.FindTx(hash(s))
		require.True(t, ok)
		opaque[tx] = true
	}
	in.Opaque = func(tx ledger.TxID) bool { return opaque[tx] }
	return in
}

func trace(t testing.TB, b *ledger.Book, name string, o options) told {
	in := input(t, b, o)
	var w told
	source := func(i int) string { return string(b.Text(in.Sources[i].Address)) }
	asset := func(a ledger.AssetID) string {
		if b.Assets() == 1 {
			return ""
		}
		return " " + string(b.Asset(a))
	}
	sink := taint.Sink{
		Row: func(r taint.Row) error {
			x := b.At(r.Transfer)
			var where string
			switch {
			case b.Chain().Family == chain.UTXO && r.Entry == ledger.NoEntry:
				where = "fee"
			case b.Chain().Family == chain.UTXO:
				where = string(b.Text(b.Entry(r.Entry).Address))
			case r.Entry == ledger.NoEntry:
				where = string(b.Text(b.Entry(x.First).Address)) + ">fee"
			default:
				where = string(b.Text(b.Entry(x.First).Address)) + ">" + string(b.Text(b.Entry(r.Entry).Address))
			}
			w.rows = append(w.rows, fmt.Sprintf("%s %s%s of %s", where, r.Amount.Dec(), asset(x.Asset), source(r.Source)))
			return nil
		},
		Injection: func(j taint.Injection) error {
			verb := "at"
			if j.Opening {
				verb = "spent by"
			}
			w.injected = append(w.injected, fmt.Sprintf("%s%s of %s %s %s", j.Amount.Dec(), asset(b.At(j.Transfer).Asset),
				source(j.Source), verb, b.Text(b.Entry(j.Entry).Address)))
			return nil
		},
	}
	var err error
	w.result, err = taint.Trace(in, method(t, name), sink)
	require.NoError(t, err)
	for _, e := range w.result.Endpoints {
		s := fmt.Sprintf("%s %s%s of %s", b.Text(e.Address), e.Amount.Dec(), asset(e.Asset), source(e.Source))
		if e.Stopped {
			s += " stopped"
		}
		w.ends = append(w.ends, s)
	}
	for _, u := range w.result.Unknown {
		w.unknown = append(w.unknown, fmt.Sprintf("%s %s%s", b.Text(u.Address), u.Amount.Dec(), asset(u.Asset)))
	}
	for _, u := range w.result.Unsplit {
		w.unsplit = append(w.unsplit, fmt.Sprintf("%s %s of %s: %s", b.Text(b.Entry(u.Entry).Address), u.Amount.Dec(), source(u.Source), u.Reason))
	}
	return w
}

func words(s string) []string { return strings.Fields(s) }
