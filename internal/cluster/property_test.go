package cluster_test

import (
	"math/rand"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/cluster"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// drawTransfers draws a small chain on which coincidences abound: few
// addresses, few amounts.
func drawTransfers(t *rapid.T, family chain.Family) []chain.Transfer {
	names := []string{"a", "b", "c", "d", "e", "binance1", "binance2", "okx1"}
	address := func() chain.Address { return chain.Address(rapid.SampledFrom(names).Draw(t, "address")) }
	var out []chain.Transfer
	for i := range rapid.IntRange(1, 30).Draw(t, "transactions") {
		x := chain.Transfer{
			Tx:    chain.Tx{Hash: chain.Hash{byte(i), 1}, Pos: chain.Pos{Height: uint64(i / 3), Index: uint32(i % 3)}, Time: 1, Status: chain.Succeeded},
			Kind:  chain.Output,
			Asset: chain.Native,
		}
		if family == chain.UTXO {
			for k := range rapid.IntRange(0, 5).Draw(t, "inputs") {
				e := chain.Entry{Address: address(), Index: uint32(k), Spends: chain.Outpoint{Tx: chain.Hash{byte(i), 2}, Index: uint32(k)}}
				e.Amount.SetUint64(100_000)
				x.In = append(x.In, e)
			}
			for k := range rapid.IntRange(1, 6).Draw(t, "outputs") {
				e := chain.Entry{Address: address(), Index: uint32(k)}
				e.Amount.SetUint64(rapid.Uint64Range(5000, 5002).Draw(t, "value"))
				x.Out = append(x.Out, e)
			}
			if len(x.In) > 0 {
				x.Out = x.Out[:min(len(x.Out), 6)]
			}
		} else {
			x.Kind = chain.NativeKind
			if rapid.Bool().Draw(t, "token") {
				x.Kind, x.Asset = chain.Token, "USDT"
			}
			e := chain.Entry{}
			e.Amount.SetUint64(rapid.SampledFrom([]uint64{0, 1, 500, 505}).Draw(t, "amount"))
			from, to := e, e
			from.Address, to.Address = address(), address()
			x.In, x.Out = []chain.Entry{from}, []chain.Entry{to}
		}
		out = append(out, x)
	}
	return out
}

func seal(t require.TestingT, family chain.Family, transfers []chain.Transfer) *story {
	name := "ethereum"
	if family == chain.UTXO {
		name = "bitcoin"
	}
	c, err := chain.Lookup(name)
	require.NoError(t, err)
	l := ledger.New(c)
	s := &story{names: map[chain.Hash]string{}}
	for i := range transfers {
		require.NoError(t, l.Add(&transfers[i]))
		s.names[transfers[i].Tx.Hash] = "t" + string(rune('A'+transfers[i].Tx.Hash[0]))
	}
	s.book, err = l.Seal(nil)
	require.NoError(t, err)
	return s
}

func propertyConfig() cluster.Config {
	cfg := storyConfig()
	cfg.AmountMaxBlocks = 4
	return cfg
}

func answer(t require.TestingT, s *story, cfg cluster.Config) (links, of []string) {
	found, err := cluster.Find(s.known("e", "d"), cfg, all())
	require.NoError(t, err)
	return s.show(found), clusters(s.book, cluster.Union(s.book, found, united()))
}

func families(t *testing.T, check func(*rapid.T, chain.Family)) {
	t.Run("bitcoin", rapid.MakeCheck(func(t *rapid.T) { check(t, chain.UTXO) }))
	t.Run("ethereum", rapid.MakeCheck(func(t *rapid.T) { check(t, chain.Account) }))
}

// The order in which a crawl met the transfers, and so the ids of addresses,
// changes nothing; nor does being told twice.
func TestOrderOfTransfersDoesNotMatter(t *testing.T) {
	families(t, func(t *rapid.T, family chain.Family) {
		transfers := drawTransfers(t, family)
		links, of := answer(t, seal(t, family, transfers), propertyConfig())
		again := append(slices.Clone(transfers), transfers[:len(transfers)/2]...)
		again = rapid.Permutation(again).Draw(t, "order")
		links2, of2 := answer(t, seal(t, family, again), propertyConfig())
		require.Equal(t, links, links2)
		require.Equal(t, of, of2)
	})
}

func TestOrderOfLinksDoesNotMatter(t *testing.T) {
	families(t, func(t *rapid.T, family chain.Family) {
		s := seal(t, family, drawTransfers(t, family))
		links, err := cluster.Find(s.known("", ""), propertyConfig(), all())
		require.NoError(t, err)
		want := clusters(s.book, cluster.Union(s.book, links, united()))
		shuffled := slices.Clone(links)
		if len(links) > 0 {
			shuffled = rapid.Permutation(links).Draw(t, "order")
		}
		require.Equal(t, want, clusters(s.book, cluster.Union(s.book, shuffled, united())))
		require.Equal(t, want, clusters(s.book, cluster.Union(s.book, append(shuffled, links...), united())))
	})
}

// Clusters are disjoint sets of two and more, sorted; two addresses are in one
// if and only if accepted links lead from one to the other.
func TestClustersAreAPartition(t *testing.T) {
	families(t, func(t *rapid.T, family chain.Family) {
		s := seal(t, family, drawTransfers(t, family))
		links, err := cluster.Find(s.known("", ""), propertyConfig(), all())
		require.NoError(t, err)
		accept := map[string]bool{cluster.CoSpend: true, cluster.DepositAmount: true, cluster.DepositSweep: rapid.Bool().Draw(t, "sweep")}
		n := s.book.Addresses()
		reach := make([]bool, n*n) // Warshall's closure
		for i := range n {
			reach[i*n+i] = true
		}
		for _, l := range links {
			if accept[l.Heuristic] {
				reach[int(l.A)*n+int(l.B)], reach[int(l.B)*n+int(l.A)] = true, true
			}
		}
		for k := range n {
			for i := range n {
				for j := range n {
					reach[i*n+j] = reach[i*n+j] || reach[i*n+k] && reach[k*n+j]
				}
			}
		}
		of := make([]int, n)
		ids := []string{}
		for k, c := range cluster.Union(s.book, links, accept) {
			require.GreaterOrEqual(t, len(c.Members), 2)
			require.Equal(t, s.book.Chain().Name+":"+string(s.book.Text(c.Members[0])), c.ID)
			require.True(t, slices.IsSortedFunc(c.Members, func(a, b ledger.AddressID) int {
				if s.book.Text(a) < s.book.Text(b) {
					return -1
				}
				return 1
			}))
			for _, m := range c.Members {
				require.Zero(t, of[m], "in two clusters")
				of[m] = k + 1
			}
			ids = append(ids, c.ID)
		}
		require.True(t, slices.IsSorted(ids))
		for i := range n {
			for j := range n {
				require.Equal(t, reach[i*n+j], i == j || of[i] != 0 && of[i] == of[j])
			}
		}
	})
}

// A guard removes links and adds none.
func TestVetoOnlyRemovesLinks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := seal(t, chain.UTXO, drawTransfers(t, chain.UTXO))
		cfg := propertyConfig()
		with, err := cluster.Find(s.known("", ""), cfg, all())
		require.NoError(t, err)
		cfg.Guards = nil
		without, err := cluster.Find(s.known("", ""), cfg, all())
		require.NoError(t, err)
		count := map[[2]ledger.AddressID]uint32{}
		for _, l := range without {
			count[[2]ledger.AddressID{l.A, l.B}] = l.Count
		}
		for _, l := range with {
			require.LessOrEqual(t, l.Count, count[[2]ledger.AddressID{l.A, l.B}])
		}
	})
}

// Every link is ordered, evident and of two addresses; no exchange is in a link
// of deposit-amount, and none is linked that was ruled out.
func TestLinksAreWellFormed(t *testing.T) {
	families(t, func(t *rapid.T, family chain.Family) {
		s := seal(t, family, drawTransfers(t, family))
		in := s.known("e", "d")
		links, err := cluster.Find(in, propertyConfig(), all())
		require.NoError(t, err)
		place := map[ledger.TxID]int{}
		for tx := range s.book.Transactions() {
			place[tx] = len(place)
		}
		seen := map[cluster.Link]bool{}
		for i, l := range links {
			require.NotEqual(t, l.A, l.B)
			require.True(t, l.Confidence >= 0 && l.Confidence <= 100)
			require.NotZero(t, l.Count)
			require.Contains(t, place, l.Tx)
			pair := cluster.Link{A: l.A, B: l.B, Heuristic: l.Heuristic}
			require.False(t, seen[pair])
			seen[pair] = true
			if l.Heuristic != cluster.CoSpend {
				_, a := in.Exchange(l.A)
				_, b := in.Exchange(l.B)
				require.False(t, a)
				require.Equal(t, l.Heuristic == cluster.DepositSweep, b)
				require.False(t, in.Stops(l.A) || in.Stops(l.B))
			}
			if i > 0 && links[i-1].Heuristic == l.Heuristic {
				require.LessOrEqual(t, place[links[i-1].Tx], place[l.Tx])
			} else if i > 0 {
				require.Less(t, links[i-1].Heuristic, l.Heuristic)
			}
		}
	})
}

// FuzzFind reads bytes as transfers; nothing may panic, and the answer must not
// depend on the order in which they are met.
func FuzzFind(f *testing.F) {
	f.Add([]byte{0, 5, 1, 5, 0, 1, 5, 1}, false)
	f.Add([]byte{0, 1, 2, 200, 3, 4, 5, 200, 6, 7}, true)
	f.Fuzz(func(t *testing.T, data []byte, utxo bool) {
		name := func(b byte) chain.Address {
			return chain.Address([]string{"a", "b", "c", "", "e", "binance1", "binance2", "okx1"}[b%8])
		}
		var transfers []chain.Transfer
		for i := 0; i+4 <= len(data) && len(transfers) < 200; i += 4 {
			x := chain.Transfer{
				Tx:    chain.Tx{Hash: chain.Hash{byte(i), byte(i >> 8), 1}, Pos: chain.Pos{Height: uint64(i), Index: chain.UnknownIndex}},
				Asset: chain.Native, Kind: chain.Output,
			}
			e := chain.Entry{Address: name(data[i])}
			e.Amount.SetUint64(uint64(data[i+2]) * 40)
			o := chain.Entry{Address: name(data[i+1]), Amount: e.Amount}
			if utxo {
				for k := range uint32(data[i+3] % 12) {
					e.Index, o.Index = k, k
					e.Address, o.Address = name(data[i]+byte(k)), name(data[i+1]+byte(k))
					e.Spends = chain.Outpoint{Tx: chain.Hash{byte(i), byte(i >> 8), 2}, Index: k}
					x.In, x.Out = append(x.In, e), append(x.Out, o)
				}
			} else {
				x.Kind = []chain.Kind{chain.NativeKind, chain.Token, chain.Fee, chain.Reward, chain.Internal}[data[i+3]%5]
				if x.Kind == chain.Token {
					x.Asset = "USDT"
				}
				if x.Kind != chain.Reward {
					x.In = []chain.Entry{e}
				}
				if x.Kind != chain.Fee {
					x.Out = []chain.Entry{o}
				}
			}
			transfers = append(transfers, x)
		}
		family := chain.Account
		if utxo {
			family = chain.UTXO
		}
		links, of := answer(t, seal(t, family, transfers), propertyConfig())
		rand.New(rand.NewSource(int64(len(data)))).Shuffle(len(transfers), func(i, j int) {
			transfers[i], transfers[j] = transfers[j], transfers[i]
		})
		links2, of2 := answer(t, seal(t, family, transfers), propertyConfig())
		require.Equal(t, links, links2)
		require.Equal(t, of, of2)
	})
}
