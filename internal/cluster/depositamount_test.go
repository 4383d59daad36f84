package cluster_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/cluster"
)

// The tolerance of these stories is 10 units of the native asset, in place of
// 0.01 ETH, and 100 blocks.
func storyConfig() cluster.Config {
	cfg := cluster.Defaults()
	cfg.AmountTolerance.SetUint64(10)
	cfg.AmountMaxBlocks = 100
	cfg.AmountMinForwards = 1
	return cfg
}

func TestDepositAmount(t *testing.T) {
	for _, c := range []struct{ name, story, stops, seeds, links string }{
		{name: "a token, to the unit", links: "ann-dep t2 100", story: `
			t1 @10: ann -> dep 500 USDT
			t2 @10: dep -> binance1 500 USDT`},
		{name: "a token, one unit less", story: `
			t1 @10: ann -> dep 500 USDT
			t2 @10: dep -> binance1 499 USDT`},
		{name: "another token", story: `
			t1 @10: ann -> dep 500 USDT
			t2 @10: dep -> binance1 500 DAI`},
		{name: "native, exactly", links: "ann-dep t2 100", story: `
			t1 @10: ann -> dep 500
			t2 @10: dep -> binance1 500`},
		{name: "native, less the whole tolerance", links: "ann-dep t2 50", story: `
			t1 @10: ann -> dep 500
			t2 @10: dep -> binance1 490`},
		{name: "native, less more", story: `
			t1 @10: ann -> dep 500
			t2 @10: dep -> binance1 489`},
		{name: "native, more than was paid", story: `
			t1 @10: ann -> dep 500
			t2 @10: dep -> binance1 501`},
		{name: "the last block in time", links: "ann-dep t2 50", story: `
			t1 @10: ann -> dep 500
			t2 @110: dep -> binance1 500`},
		{name: "a block too late", story: `
			t1 @10: ann -> dep 500
			t2 @111: dep -> binance1 500`},
		{name: "kappa at half of both", links: "ann-dep t2 50", story: `
			t1 @10: ann -> dep 500
			t2 @60: dep -> binance1 495`},
		{name: "kappa at 3 of 10 and 7 of 100, rounded down", links: "ann-dep t2 81", story: `
			t1 @10: ann -> dep 500
			t2 @17: dep -> binance1 497`},
		{name: "a forward before the payment, in one block", story: `
			t1 @10: dep -> binance1 500 USDT
			t2 @10: ann -> dep 500 USDT`},
		{name: "the latest payment that fits", links: "bob-dep t3 100", story: `
			t1 @10: ann -> dep 500
			t2 @11: bob -> dep 505
			t3 @11: dep -> binance1 505`},
		{name: "a later payment that does not fit", links: "ann-dep t3 99", story: `
			t1 @10: ann -> dep 500
			t2 @11: bob -> dep 499
			t3 @11: dep -> binance1 500`},
		{name: "each payment is forwarded once", links: "bob-dep t3 99; ann-dep t4 99", story: `
			t1 @10: ann -> dep 500 USDT
			t2 @10: bob -> dep 500 USDT
			t3 @11: dep -> binance1 500 USDT
			t4 @12: dep -> binance1 500 USDT
			t5 @13: dep -> binance1 500 USDT`},
		{name: "the first forward is the evidence", links: "ann-dep t2 100 x2", story: `
			t1 @10: ann -> dep 500 USDT
			t2 @10: dep -> binance1 500 USDT
			t3 @20: ann -> dep 700 USDT
			t4 @30: dep -> binance2 700 USDT`},
		{name: "payments elsewhere do not matter", links: "ann-dep t2 100", story: `
			t1 @10: ann -> dep 500 USDT
			t2 @10: dep -> binance1 500 USDT
			t3 @11: dep -> bob 7 USDT`},
		{name: "two exchanges: somebody's own wallet", story: `
			t1 @10: ann -> dep 500 USDT
			t2 @10: dep -> binance1 500 USDT
			t3 @11: dep -> okx1 100 USDT`},
		{name: "dust", story: `
			t1 @10: ann -> dep 99 USDT
			t2 @10: dep -> binance1 99 USDT`},
		{name: "nothing", story: `
			t1 @10: thief -> dep 0 USDT
			t2 @10: dep -> binance1 0 USDT`},
		{name: "a counterfeit token", story: `
			t1 @10: thief -> dep 500 JUNK
			t2 @10: dep -> binance1 500 JUNK`},
		{name: "a rounded amount is not an equal amount", story: `
			t1 @10: ann -> dep 500! USDT
			t2 @10: dep -> binance1 500 USDT`},
		{name: "a rounded forward", story: `
			t1 @10: ann -> dep 500 USDT
			t2 @10: dep -> binance1 500! USDT`},
		{name: "gas from the exchange, returned", story: `
			t1 @10: binance9 -> dep 300
			t2 @10: dep -> binance1 295`},
		{name: "what the exchange paid explains the forward", story: `
			t1 @10: ann -> dep 300
			t2 @10: binance9 -> dep 300
			t3 @10: dep -> binance1 295`},
		{name: "a service pays for its customers", stops: "shop", story: `
			t1 @10: shop -> dep 500 USDT
			t2 @10: dep -> binance1 500 USDT`},
		{name: "a contract pays", story: `
			t1 @10: con* -> dep 500 USDT
			t2 @10: dep -> binance1 500 USDT`},
		{name: "a token is minted to it", story: `
			t1 @10: 0x0000000000000000000000000000000000000000 -> dep 500 USDT
			t2 @10: dep -> binance1 500 USDT`},
		{name: "a miner pays", story: `
			t0 @9: block -> ann 500
			t1 @10: ann -> dep 500
			t2 @10: dep -> binance1 500`},
		{name: "a miner's own wallet", story: `
			t0 @9: block -> dep 500
			t1 @10: ann -> dep 500
			t2 @10: dep -> binance1 500`},
		{name: "a contract deposit", story: `
			t1 @10: ann -> dep* 500 USDT
			t2 @10: dep -> binance1 500 USDT`},
		{name: "a labelled deposit", stops: "dep", story: `
			t1 @10: ann -> dep 500 USDT
			t2 @10: dep -> binance1 500 USDT`},
		{name: "a seed may be a user", seeds: "ann", links: "ann-dep t2 100", story: `
			t1 @10: ann -> dep 500 USDT
			t2 @10: dep -> binance1 500 USDT`},
		{name: "a seed is no deposit", seeds: "dep", story: `
			t1 @10: ann -> dep 500 USDT
			t2 @10: dep -> binance1 500 USDT`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := ethereum(t, c.story)
			in := s.known(c.stops, c.seeds)
			require.Equal(t, list(c.links), s.show(s.find(t, in, storyConfig(), cluster.DepositAmount)))
		})
	}
}

func TestUsersOfOneDepositAddressAreOne(t *testing.T) {
	s := ethereum(t, `
		t1 @10: bob -> dep 500 USDT
		t2 @10: dep -> binance1 500 USDT
		t3 @20: ann -> dep 700 USDT
		t4 @20: dep -> binance2 700 USDT
		t5 @30: eve -> other 700 USDT
		t6 @30: other -> binance2 700 USDT
		t7 @31: eve -> other 100 USDT
		t8 @31: other -> binance2 100 USDT`)
	links := s.find(t, s.known("", ""), cluster.Defaults(), all()...)
	require.Equal(t, list("bob-dep t2 100; ann-dep t4 100; eve-other t6 100 x2; dep-binance1 t2 80; dep-binance2 t4 80; other-binance2 t6 80 x2"), s.show(links))
	require.Equal(t, list("ethereum:ann: ann bob dep; ethereum:eve: eve other"),
		clusters(s.book, cluster.Union(s.book, links, united())), "no exchange joins its customers")
}

// One forward may be a friend's account.
func TestDepositAmountMinForwards(t *testing.T) {
	s := ethereum(t, "t1 @10: ann -> dep 900 USDT\nt2 @11: dep -> binance1 900 USDT\nt2 @11: dep -> binance2 100 USDT")
	cfg := storyConfig()
	require.Len(t, s.find(t, s.known("", ""), cfg, cluster.DepositAmount), 1)
	cfg.AmountMinForwards = 2
	require.Empty(t, s.find(t, s.known("", ""), cfg, cluster.DepositAmount), "two transfers of one transaction are one forward")
}

func TestSharedDeposit(t *testing.T) {
	var text strings.Builder
	for i := range 4 {
		fmt.Fprintf(&text, "p%d @%d: user%d -> dep 500 USDT\n", i, i, i)
		fmt.Fprintf(&text, "f%d @%d: dep -> binance1 500 USDT\n", i, i)
	}
	s := ethereum(t, text.String()+"t9 @9: binance2 -> dep 700")
	cfg := storyConfig()
	cfg.AmountMaxDepositors = 4
	require.Len(t, s.find(t, s.known("", ""), cfg, cluster.DepositAmount), 4, "the exchange's gas is no depositor")
	cfg.AmountMaxDepositors = 3
	require.Empty(t, s.find(t, s.known("", ""), cfg, cluster.DepositAmount))
}

// Two customers, and a thief who claims thousands of transfers among all their
// addresses: of nothing in the true token, of anything in his own, and real dust.
func TestPoisoningMergesNothing(t *testing.T) {
	var text strings.Builder
	text.WriteString(`
		a1 @1: ann -> depa 500 USDT
		a2 @2: depa -> binance1 500 USDT
		a3 @3: ann -> depa 600 USDT
		a4 @4: depa -> binance1 600 USDT
		b1 @5: bob -> depb 700 USDT
		b2 @6: depb -> binance1 700 USDT
		b3 @7: bob -> depb 800 USDT
		b4 @8: depb -> binance1 800 USDT
	`)
	want := "ethereum:ann: ann depa; ethereum:bob: bob depb"
	party := []string{"ann", "depa", "bob", "depb", "binance1"}
	value := []string{"0 USDT", "500 JUNK", "0"}
	for i := range 10_000 {
		from, to := party[i%5], party[(i/5)%5]
		if from == to {
			to = "thief"
		}
		fmt.Fprintf(&text, "x%d @%d: %s -> %s %s\n", i, 9+i/100, from, to, value[i%3])
		if i%10 == 0 {
			fmt.Fprintf(&text, "y%d @%d: thief -> %s %d USDT\n", i, 9+i/100, to, 1+i%99)
		}
	}
	s := ethereum(t, text.String())
	in := s.known("", "")
	links := s.find(t, in, cluster.Defaults(), all()...)
	require.Equal(t, list(want), clusters(s.book, cluster.Union(s.book, links, united())))
	require.Len(t, links, 4, "two users, two deposit addresses")
}
