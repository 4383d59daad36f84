package cluster_test

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/cluster"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// A story is a chain in a few lines of text.
//
// Bitcoin, one transaction a line, in chain order, amounts in satoshi:
//
//	t1: a 50, b 60 -> x 100     a pays 50 and b 60; x gets 100
//	t2: -> m 5000000000         a coinbase
//	t3: a 7, _ 9 -> x ?         _ has no address, ? is an unknown amount
//	t4: a..e 100 -> v..z 99     five payers of 100 each, five payees
//
// Accounts, one transfer a line, in chain order; a line may name the same
// transaction as the line before, and "!" after the amount says it is rounded:
//
//	t1 @10: ann -> dep 500 USDT     in block 10
//	t2 @11: dep fee 3               native, as every fee and reward
//	t3 @12: block -> dep 2          a block's reward
//	t4 @13: con* -> dep 7           con carries code; the asset is native
type story struct {
	book  *ledger.Book
	names map[chain.Hash]string
}

func hash(name string) chain.Hash { return sha256.Sum256([]byte(name)) }

func bitcoin(t testing.TB, text string) *story {
	t.Helper()
	return tell(t, "bitcoin", strings.Split(text, "\n"), bitcoinLine)
}

func ethereum(t testing.TB, text string) *story {
	t.Helper()
	return tell(t, "ethereum", strings.Split(text, "\n"), accountLine)
}

type teller struct {
	testing.TB
	*story
	book  *ledger.Ledger
	index uint32
}

func tell(t testing.TB, name string, lines []string, line func(*teller, string)) *story {
	t.Helper()
	c, err := chain.Lookup(name)
	require.NoError(t, err)
	tt := &teller{TB: t, story: &story{names: map[chain.Hash]string{}}, book: ledger.New(c)}
	for _, l := range lines {
		if l = strings.TrimSpace(l); l != "" {
			tt.index++
			line(tt, l)
		}
	}
	tt.story.book, err = tt.book.Seal(nil)
	require.NoError(t, err)
	return tt.story
}

func bitcoinLine(t *teller, line string) {
	name, rest, ok := strings.Cut(line, ": ")
	require.True(t, ok, line)
	ins, outs, ok := strings.Cut(" "+rest, " ->")
	require.True(t, ok, line)
	tx := &chain.Transfer{
		Tx:   chain.Tx{Hash: hash(name), Pos: chain.Pos{Height: 1, Index: t.index}, Time: 1, Status: chain.Succeeded},
		Kind: chain.Output, Asset: chain.Native, In: entries(t, ins), Out: entries(t, outs),
	}
	for i := range tx.In {
		tx.In[i].Spends = chain.Outpoint{Tx: hash("before " + name), Index: uint32(i)}
	}
	t.names[tx.Tx.Hash] = name
	require.NoError(t, t.book.Add(tx), line)
}

func entries(t testing.TB, side string) []chain.Entry {
	var out []chain.Entry
	for _, part := range strings.Split(side, ",") {
		f := strings.Fields(part)
		if len(f) == 0 {
			continue
		}
		require.Len(t, f, 2, part)
		e := chain.Entry{AmountUnknown: f[1] == "?"}
		if !e.AmountUnknown {
			e.Amount = amount(t, f[1])
		}
		first, last, many := strings.Cut(f[0], "..")
		if !many {
			last = first
		}
		for c := first[0]; c <= last[0]; c++ {
			e.Address = chain.Address(string(c) + first[1:])
			if first == "_" {
				e.Address = ""
			}
			e.Index = uint32(len(out))
			out = append(out, e)
		}
	}
	return out
}

func amount(t testing.TB, s string) chain.Amount {
	a, err := chain.ParseAmount(strings.ReplaceAll(s, "_", ""))
	require.NoError(t, err)
	return a
}

func accountLine(t *teller, line string) {
	head, rest, ok := strings.Cut(line, ": ")
	require.True(t, ok, line)
	name, height, ok := strings.Cut(head, " @")
	require.True(t, ok, line)
	at, err := strconv.ParseUint(height, 10, 32)
	require.NoError(t, err, line)
	tx := &chain.Transfer{
		Tx: chain.Tx{Hash: hash(name), Pos: chain.Pos{Height: at}, Time: 1, Status: chain.Succeeded},
	}
	if t.names[tx.Tx.Hash] == "" {
		t.names[tx.Tx.Hash] = name
	} else {
		t.index-- // the same transaction again
	}
	tx.Tx.Pos.Index = t.index
	f := strings.Fields(strings.Replace(rest, "->", " ", 1))
	asset := chain.Native
	if len(f) == 4 {
		asset = chain.Asset(f[3])
	}
	value, rounded := strings.CutSuffix(f[2], "!")
	tx.Asset, tx.Inexact, tx.Ordinal = asset, rounded, uint32(t.book.Len())
	entry := func(name string) []chain.Entry {
		name, code := strings.CutSuffix(name, "*")
		return []chain.Entry{{Address: chain.Address(name), Amount: amount(t, value), Contract: code}}
	}
	switch {
	case f[1] == "fee":
		tx.Kind, tx.In = chain.Fee, entry(f[0])
	case f[0] == "block":
		tx.Kind, tx.Out = chain.Reward, entry(f[1])
	default:
		tx.In, tx.Out = entry(f[0]), entry(f[1])
		tx.Kind = chain.Token
		if asset == chain.Native {
			tx.Kind, tx.Ordinal = chain.NativeKind, 0
		}
	}
	require.NoError(t, t.book.Add(tx), line)
}

// known is what a caller knows of the addresses of a story: wallets of an
// exchange begin with its name, everything else is listed. Less than 100 units
// of any asset is dust, and JUNK does not count.
func (s *story) known(stops, seeds string) cluster.Input {
	among := func(list string) func(ledger.AddressID) bool {
		return func(id ledger.AddressID) bool {
			for _, name := range strings.Fields(list) {
				if string(s.book.Text(id)) == name {
					return true
				}
			}
			return false
		}
	}
	return cluster.Input{
		Book:  s.book,
		Stops: among(stops),
		Seed:  among(seeds),
		Floor: func(id ledger.AssetID) (least chain.Amount, counts bool) {
			least.SetUint64(100)
			return least, s.book.Asset(id) != "JUNK"
		},
		Exchange: func(id ledger.AddressID) (string, bool) {
			text := string(s.book.Text(id))
			for _, actor := range []string{"binance", "okx"} {
				if strings.HasPrefix(text, actor) {
					return actor, true
				}
			}
			return "", false
		},
	}
}

// all names every heuristic.
func all() []string {
	var out []string
	for _, h := range cluster.Heuristics() {
		out = append(out, h.Name)
	}
	return out
}

// show writes links as "A-B tx confidence" and, if several transactions show
// one, " x" and their number.
func (s *story) show(links []cluster.Link) []string {
	out := []string{}
	for _, l := range links {
		text := fmt.Sprintf("%s-%s %s %d", s.book.Text(l.A), s.book.Text(l.B), s.names[s.book.Tx(l.Tx).Hash], l.Confidence)
		if l.Count > 1 {
			text += fmt.Sprintf(" x%d", l.Count)
		}
		out = append(out, text)
	}
	return out
}

func (s *story) find(t testing.TB, in cluster.Input, cfg cluster.Config, names ...string) []cluster.Link {
	t.Helper()
	links, err := cluster.Find(in, cfg, names)
	require.NoError(t, err)
	return links
}

// clusters writes clusters as "id: member member ...".
func clusters(b *ledger.Book, list []cluster.Cluster) []string {
	out := []string{}
	for _, c := range list {
		text := c.ID + ":"
		for _, m := range c.Members {
			text += " " + string(b.Text(m))
		}
		out = append(out, text)
	}
	return out
}

// united accepts every heuristic that unites by default.
func united() map[string]bool {
	out := map[string]bool{}
	for _, h := range cluster.Heuristics() {
		out[h.Name] = h.Unites
	}
	return out
}
