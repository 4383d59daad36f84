package etherscan_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	gateway "github.com/scamtrace/scamtrace/internal/chaintest/gateway/etherscan"
)

// sentBy reports whether a row is a transaction that an address sent.
func sentBy(row map[string]any, a chain.Address) bool { return row["from"] == string(a) }

// drop leaves out of txlist what it is told to, while it is told to.
func drop(which func(rows []map[string]any) int, while func() bool) func(string, []map[string]any) []map[string]any {
	return func(action string, rows []map[string]any) []map[string]any {
		if action != "txlist" || !while() {
			return rows
		}
		i := which(rows)
		if i < 0 {
			return rows
		}
		return slices.Delete(slices.Clone(rows), i, i+1)
	}
}

func always() bool { return true }

// A transaction that the server leaves out is a gap of its sender: in the middle
// of the list, at its end, at its beginning; and in a later span.
func TestNonceHole(t *testing.T) {
	t.Parallel()
	s := read(t, gateway.Options{Flavour: gateway.Etherscan()})
	seed := s.cast().Seeds[0]
	sent := func(n int) func(rows []map[string]any) int { // the n-th sent, from the end if negative
		return func(rows []map[string]any) int {
			var at []int
			for i, r := range rows {
				if sentBy(r, seed) {
					at = append(at, i)
				}
			}
			if n < 0 {
				n += len(at)
			}
			if n >= len(at) || n < 0 {
				return -1
			}
			return at[n]
		}
	}
	// By the transaction, so that whatever page it stands on it is dropped.
	all := mustAsk(t, open(t, s.options(t, "")), question([]chain.Address{seed}, chain.Fee))
	require.Greater(t, len(all.transfers), 5)
	for name, n := range map[string]int{"first": 0, "middle": 3, "last": -1} {
		t.Run(name, func(t *testing.T) {
			s := read(t, gateway.Options{Flavour: gateway.Etherscan()})
			k := n
			if k < 0 {
				k += len(all.transfers)
			}
			hash := all.transfers[k].Tx.Hash.Text(chain.Account)
			s.gateway.Mangle(drop(func(rows []map[string]any) int {
				return slices.IndexFunc(rows, func(r map[string]any) bool { return r["hash"] == hash })
			}, always))
			for _, span := range []chain.Span{{}, {From: 5, To: 100}} {
				q := question([]chain.Address{seed}, chain.Fee, chain.NativeKind)
				q.Span = span
				got := mustAsk(t, open(t, s.options(t, "")), q)
				require.Len(t, got.gaps, 2)
				for _, g := range got.gaps {
					require.Equal(t, chain.Missing, g.Effect)
					require.Equal(t, seed, g.Address)
					require.Contains(t, g.Reason, "explorer does not list transactions")
				}
				require.Empty(t, mustAsk(t, open(t, s.options(t, ",proof=none")), q).gaps)
			}
		})
	}
	// A row that is there when it is asked for again is told, and is no gap.
	t.Run("healed", func(t *testing.T) {
		s := read(t, gateway.Options{Flavour: gateway.Etherscan()})
		var first atomic.Bool
		s.gateway.Mangle(drop(sent(2), func() bool { return !first.Swap(true) }))
		q := question([]chain.Address{seed})
		want := read(t, gateway.Options{Flavour: gateway.Etherscan()})
		got := mustAsk(t, open(t, s.options(t, "")), q)
		require.Len(t, got.gaps, 1, "rewards")
		require.Equal(t, lines(mustAsk(t, open(t, want.options(t, "")), q).transfers, nil), lines(got.transfers, nil))
	})
}

// What was sent after the final block is no hole.
func TestNonceAfterSpan(t *testing.T) {
	t.Parallel()
	s := tell(t, gateway.Options{Flavour: gateway.Etherscan()})
	require.NoError(t, s.node.Extend(20))
	q := question(s.cast().All(), chain.Fee, chain.NativeKind)
	got := mustAsk(t, open(t, s.options(t, "")), q)
	require.Empty(t, got.gaps)
	require.NotEmpty(t, got.transfers)
	for _, span := range []chain.Span{{To: 60}, {From: 61, To: 100}, {From: 40, To: 50}} {
		q.Span = span
		require.Empty(t, mustAsk(t, open(t, s.options(t, "")), q).gaps, "%v", span)
	}
}

// Balances prove whole histories: what no list tells (withdrawals, tips, blobs)
// is found out, and nothing else.
func TestBalances(t *testing.T) {
	t.Parallel()
	s := tell(t, gateway.Options{Flavour: gateway.Etherscan()})
	require.NoError(t, s.node.Extend(10))
	want := map[chain.Address]bool{s.cast().Miner: true}
	for _, b := range s.node.Story().Blocks[:100] {
		for _, w := range b.Withdrawals() {
			want[chain.Address(strings.ToLower(w.Address.Hex()))] = true
		}
	}
	blobs := s.blobs()
	q := question(s.cast().All(), chain.Fee, chain.NativeKind, chain.Internal, chain.Token)
	got := mustAsk(t, open(t, s.options(t, ",proof=all")), q)
	for _, tr := range got.transfers {
		if tr.Kind == chain.Fee && blobs[tr.Tx.Hash] {
			want[tr.In[0].Address] = true
		}
	}
	found := map[chain.Address]bool{}
	for _, g := range got.gaps {
		require.Equal(t, chain.Unproved, g.Effect)
		require.NotEqual(t, chain.Token, g.Kind)
		require.Contains(t, g.Reason, "the balance of native is not what the listed movements come to")
		found[g.Address] = true
	}
	require.Greater(t, len(want), 3)
	for a := range want {
		if _, asked := q.Addresses[a]; !asked {
			delete(want, a)
		}
	}
	require.ElementsMatch(t, slices.Collect(maps.Keys(want)), slices.Collect(maps.Keys(found)))
}

// An incoming row that is left out is what only balances find.
func TestBalanceFindsIncoming(t *testing.T) {
	t.Parallel()
	s := read(t, gateway.Options{Flavour: gateway.Etherscan()})
	seed := s.cast().Seeds[1]
	s.gateway.Mangle(drop(func(rows []map[string]any) int {
		return slices.IndexFunc(rows, func(r map[string]any) bool { return r["to"] == string(seed) && r["value"] != "0" && !sentBy(r, seed) })
	}, always))
	q := question([]chain.Address{seed}, chain.Fee, chain.NativeKind, chain.Internal)
	require.Empty(t, mustAsk(t, open(t, s.options(t, "")), q).gaps, "the nonce cannot tell")
	got := mustAsk(t, open(t, s.options(t, ",proof=nonce+balance")), q)
	require.Len(t, got.gaps, 3, "which of the lists it is nobody knows")
	for _, g := range got.gaps {
		require.Equal(t, chain.Unproved, g.Effect)
	}
	token := question([]chain.Address{seed}, chain.Token)
	s.gateway.Mangle(func(action string, rows []map[string]any) []map[string]any {
		if action != "tokentx" || len(rows) == 0 {
			return rows
		}
		return rows[1:]
	})
	got = mustAsk(t, open(t, s.options(t, ",proof=tokens")), token)
	require.Len(t, got.gaps, 1)
	require.Equal(t, chain.Token, got.gaps[0].Kind)
}

// A page that does not begin with the end of the one before is not believed.
func TestPageOverlap(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("waits before it asks again")
	}
	s := read(t, gateway.Options{Flavour: gateway.Etherscan(), Rows: 10})
	var calls atomic.Int32
	s.gateway.Mangle(func(action string, rows []map[string]any) []map[string]any {
		if action == "txlist" && calls.Add(1) > 1 && len(rows) > 1 {
			return rows[1:]
		}
		return rows
	})
	hub := s.cast().Hub
	got := mustAsk(t, open(t, s.options(t, "")), question([]chain.Address{hub}, chain.NativeKind))
	require.Len(t, got.gaps, 2, "%+v", got.gaps)
	for _, g := range got.gaps {
		require.Equal(t, chain.Missing, g.Effect)
		require.NotZero(t, g.Span.From, "what came before is told")
	}
	for _, tr := range got.transfers {
		require.LessOrEqual(t, tr.Tx.Pos.Height, got.gaps[0].Span.From)
	}
	// Broken off once, it is asked again and nothing is lost.
	calls.Store(0)
	s.gateway.Mangle(func(action string, rows []map[string]any) []map[string]any {
		if action == "txlist" && calls.Add(1) == 3 {
			return rows[1:]
		}
		return rows
	})
	q := question([]chain.Address{hub}, chain.NativeKind)
	got = mustAsk(t, open(t, s.options(t, "")), q)
	require.Empty(t, got.gaps)
	require.Equal(t, lines(s.files(t, q), nil), lines(got.transfers, nil))
}

// Numbers that no transaction has are a hole for an account with a key alone:
// contracts and delegations use them up as well.
func TestNonceOfCode(t *testing.T) {
	t.Parallel()
	for code, want := range map[string][]chain.Effect{
		"0x":         {chain.Missing},
		"0x6001":     nil,
		"0xef010012": {chain.Unproved},
	} {
		o := scriptedNode(t, "0x3", code, func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `{"status":"0","message":"No transactions found","result":[]}`)
		})
		got := mustAsk(t, open(t, o), question([]chain.Address{chain.NullAddress}, chain.Fee))
		var effects []chain.Effect
		for _, g := range got.gaps {
			effects = append(effects, g.Effect)
			require.Equal(t, chain.Fee, g.Kind)
		}
		require.Equal(t, want, effects, code)
	}
}

// A payment in tokens that is told to go to somebody else, or not at all, is
// found out by the call that made it.
func TestTokenCalls(t *testing.T) {
	t.Parallel()
	s := read(t, gateway.Options{Flavour: gateway.Plain()})
	seed := s.cast().Seeds[1]
	q := question([]chain.Address{seed}, chain.Fee, chain.NativeKind, chain.Token)
	require.Empty(t, mustAsk(t, open(t, s.options(t, ",proof=tokens")), q).gaps)
	s.gateway.Mangle(func(action string, rows []map[string]any) []map[string]any {
		if action != "tokentx" {
			return rows
		}
		rows = slices.Clone(rows)
		i := slices.IndexFunc(rows, func(r map[string]any) bool { return sentBy(r, seed) && r["to"] != string(seed) })
		if i >= 0 {
			rows[i] = maps.Clone(rows[i])
			rows[i]["to"] = "0x00000000000000000000000000000000000000cc"
		}
		return rows
	})
	got := mustAsk(t, open(t, s.options(t, ",proof=tokens")), q)
	require.Len(t, got.gaps, 1)
	require.Equal(t, chain.Token, got.gaps[0].Kind)
	require.Equal(t, chain.Unproved, got.gaps[0].Effect)
}

// Lists that contradict each other are not believed.
func TestListsDisagree(t *testing.T) {
	t.Parallel()
	s := read(t, gateway.Options{Flavour: gateway.Etherscan()})
	hub := s.cast().Hub
	s.gateway.Mangle(func(action string, rows []map[string]any) []map[string]any {
		if action != "tokentx" || len(rows) < 5 {
			return rows
		}
		rows = slices.Clone(rows)
		rows[4] = maps.Clone(rows[4])
		rows[4]["blockNumber"] = rows[3]["blockNumber"]
		return rows
	})
	o := s.options(t, "")
	o.Endpoint.Patience = 50 * time.Millisecond
	got := mustAsk(t, open(t, o), question([]chain.Address{hub}, chain.Fee, chain.NativeKind, chain.Token))
	effects := map[chain.Kind]chain.Effect{}
	for _, g := range got.gaps {
		effects[g.Kind] = g.Effect
	}
	require.Len(t, got.gaps, 3)
	require.Equal(t, map[chain.Kind]chain.Effect{
		chain.Token: chain.Missing, chain.Fee: chain.Unproved, chain.NativeKind: chain.Unproved,
	}, effects)
}
