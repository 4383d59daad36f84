package reference_test

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/synth/reference"
)

// told reads movements as a reader can check them by eye. A line of an account
// chain is a transaction's name, payer, payee, amount and, if it is not the token
// "usd", the asset:
//
//	t1: a > b 10
//	t1: a > fee 2 native
//	t2 failed: a > b 10
//
// Lines of one transaction are its events, in order. Behind its name "next" is a
// transaction of the same block as the one before, and "unplaced" an event of
// which the export does not tell where in its block it is. A line of Bitcoin is a
// transaction; an input is an output of another one or, as owner/amount, money
// from before the chain:
//
//	t1: v/30 c/50 > m/79
//	t2 coinjoin: t1.0 > a/40 b/38
func told(t require.TestingT, story string) []reference.Movement {
	var out []reference.Movement
	for n, line := range strings.Split(strings.TrimSpace(story), "\n") {
		head, body, ok := strings.Cut(line, ":")
		in, to, both := strings.Cut(body, ">")
		require.True(t, ok && both, line)
		name := strings.Fields(head)
		m := reference.Movement{
			Chain: "ethereum", Tx: name[0], Asset: "usd", Kind: chain.Token, LogIndex: uint32(n),
			Failed: slices.Contains(name, "failed"), Opaque: slices.Contains(name, "coinjoin"), NoIndex: slices.Contains(name, "unplaced"),
		}
		payers, payees := strings.Fields(in), strings.Fields(to)
		if strings.Contains(to, "/") {
			m.Chain, m.Kind, m.LogIndex, m.Asset = "bitcoin", chain.Output, 0, "native"
			m.In, m.Out = coins(t, out, payers), coins(t, out, payees)
		} else {
			value := number(t, payees[1])
			m.In = []reference.Entry{{Address: payers[0], Amount: value}}
			m.Out = []reference.Entry{{Address: payees[0], Amount: value}}
			if len(payees) == 3 {
				m.Asset, m.Kind = payees[2], chain.NativeKind
			}
			if payees[0] == "fee" {
				m.Kind, m.Out = chain.Fee, nil
			}
		}
		m.Height = uint64(n)
		if len(out) > 0 {
			last := out[len(out)-1]
			switch {
			case last.Tx == m.Tx:
				m.Height, m.Index = last.Height, last.Index
			case slices.Contains(name, "next"):
				m.Height, m.Index = last.Height, last.Index+1
			}
		}
		out = append(out, m)
	}
	return out
}

func coins(t require.TestingT, before []reference.Movement, words []string) []reference.Entry {
	var out []reference.Entry
	for i, word := range words {
		if owner, amount, ok := strings.Cut(word, "/"); ok {
			out = append(out, reference.Entry{
				Address: strings.TrimPrefix(owner, "nobody"), Amount: number(t, amount),
				Spends: reference.Outpoint{Tx: fmt.Sprint("before ", len(before)), Index: i},
			})
			continue
		}
		tx, index, _ := strings.Cut(word, ".")
		at, err := strconv.Atoi(index)
		require.NoError(t, err, word)
		n := slices.IndexFunc(before, func(m reference.Movement) bool { return m.Tx == tx })
		require.GreaterOrEqual(t, n, 0, word)
		e := before[n].Out[at]
		e.Spends = reference.Outpoint{Tx: tx, Index: at}
		out = append(out, e)
	}
	return out
}

func number(t require.TestingT, word string) *big.Int {
	v, ok := new(big.Int).SetString(word, 10)
	require.True(t, ok, word)
	return v
}

// asked makes a case of a few words: "v1 v2" are seeds, "m:t2" is a reported
// payment and "m:t2/5" one of which 5 are the victim's; "x=exchange" is a label,
// "hops=2" and "dust=5" are settings, "only=usd" is the one asset followed.
func asked(t require.TestingT, name, words string) reference.Case {
	c := reference.Case{MaxHops: 8, Stops: map[reference.Place]string{}, Dust: map[reference.Coin]*big.Int{}}
	for _, word := range strings.Fields(words) {
		key, value, set := strings.Cut(word, "=")
		switch {
		case key == "hops":
			c.MaxHops = int(number(t, value).Int64())
		case key == "dust":
			c.Dust[reference.Coin{Chain: name, Asset: "usd"}] = number(t, value)
		case key == "only":
			c.Assets = map[string][]string{name: {value}}
		case set:
			c.Stops[reference.Place{Chain: name, Address: key}] = value
		default:
			s := reference.Seed{Chain: name, Role: reference.RoleSeed}
			address, tx, payment := strings.Cut(word, ":")
			if s.Address = address; payment {
				var amount string
				s.Role = reference.RoleVictimTx
				if s.Tx, amount, _ = strings.Cut(tx, "/"); amount != "" {
					s.Amount = number(t, amount)
				}
			}
			c.Seeds = append(c.Seeds, s)
		}
	}
	return c
}

// ends traces a story by one method and says where each seed's money is:
// "v1: a 7, x 3 exchange, fee 1 | v2: b 5".
func ends(t require.TestingT, story, words, method string) string {
	ms := told(t, story)
	c := asked(t, ms[0].Chain, words)
	c.Methods = []string{method}
	r, err := reference.Expect(context.Background(), c, slices.Values(ms))
	require.NoError(t, err)
	var out []string
	for _, s := range c.Seeds {
		var parts []string
		for _, e := range r.Rows {
			if e.Seed == s.Name() {
				parts = append(parts, strings.TrimSpace(fmt.Sprintf("%s %s %s", e.Address, e.Value, e.Stop)))
			}
		}
		for _, sum := range r.Sums {
			if sum.Seed == s.Name() && sum.Fees.Sign() > 0 {
				parts = append(parts, fmt.Sprint("fee ", sum.Fees))
			}
		}
		out = append(out, s.Name()+": "+strings.Join(parts, ", "))
	}
	return strings.Join(out, " | ")
}
