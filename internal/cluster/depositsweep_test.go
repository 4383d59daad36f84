package cluster_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/cluster"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

func TestDepositSweep(t *testing.T) {
	for _, c := range []struct{ name, story, stops, seeds, links string }{
		{name: "one sweep", links: "dep-binance1 t2 60", story: `
			t1 @10: ann -> dep 500 USDT
			t2 @11: dep -> binance1 500 USDT`},
		{name: "two sweeps", links: "dep-binance1 t2 80 x2", story: `
			t1 @10: ann -> dep 500 USDT
			t2 @11: dep -> binance1 400 USDT
			t3 @12: dep -> binance1 100 USDT`},
		{name: "two assets in one transaction are one sweep", links: "dep-binance1 t3 60", story: `
			t1 @10: ann -> dep 500 USDT
			t2 @11: bob -> dep 500 DAI
			t3 @12: dep -> binance1 500 USDT
			t3 @12: dep -> binance1 500 DAI`},
		{name: "two wallets of one exchange", links: "dep-binance2 t2 80; dep-binance1 t3 80", story: `
			t1 @10: ann -> dep 900 USDT
			t2 @11: dep -> binance2 500 USDT
			t3 @12: dep -> binance1 400 USDT`},
		{name: "two exchanges", story: `
			t1 @10: ann -> dep 900 USDT
			t2 @11: dep -> binance1 500 USDT
			t3 @12: dep -> okx1 400 USDT`},
		{name: "one payment elsewhere, in another asset", story: `
			t1 @10: ann -> dep 900 USDT
			t2 @11: dep -> binance1 900 USDT
			t3 @12: dep -> bob 100`},
		{name: "dust paid elsewhere is a payment", story: `
			t1 @10: ann -> dep 900 USDT
			t2 @11: dep -> binance1 900 USDT
			t3 @12: dep -> bob 99`},
		{name: "fees are no payment", links: "dep-binance1 t2 60", story: `
			t1 @10: ann -> dep 900 USDT
			t2 @11: dep -> binance1 900 USDT
			t2 @11: dep fee 700`},
		{name: "a payment to oneself is none", links: "dep-binance1 t3 60", story: `
			t1 @10: ann -> dep 900 USDT
			t2 @11: dep -> dep 900 USDT
			t3 @12: dep -> binance1 900 USDT`},
		{name: "a forged transfer of nothing is no payment", links: "dep-binance1 t2 60", story: `
			t1 @10: ann -> dep 900 USDT
			t2 @11: dep -> binance1 900 USDT
			t3 @12: dep -> thief 0 USDT`},
		{name: "a counterfeit token claims anything", links: "dep-binance1 t2 60", story: `
			t1 @10: ann -> dep 900 USDT
			t2 @11: dep -> binance1 900 USDT
			t3 @12: dep -> thief 900 JUNK`},
		{name: "a counterfeit token cannot be paid with", story: `
			t1 @10: ann -> dep 900 USDT
			t2 @11: dep -> binance1 900 JUNK`},
		{name: "the account itself moves a worthless token", story: `
			t1 @10: ann -> dep 900 USDT
			t2 @11: dep -> binance1 900 USDT
			t3 @12: dep -> bob 900 JUNK
			t3 @12: dep fee 7`},
		{name: "somebody else moves it in the name of the account", links: "dep-binance1 t2 60", story: `
			t1 @10: ann -> dep 900 USDT
			t2 @11: dep -> binance1 900 USDT
			t3 @12: dep -> thief 900 JUNK
			t3 @12: thief fee 7`},
		{name: "only the exchange pays it", story: `
			t1 @10: binance1 -> dep 900
			t2 @11: dep -> binance2 800`},
		{name: "gas from the exchange is no depositor", links: "dep-binance1 t3 60", story: `
			t1 @10: ann -> dep 900 USDT
			t2 @10: binance9 -> dep 300
			t3 @11: dep -> binance1 900 USDT`},
		{name: "another exchange's withdrawal is a deposit", links: "dep-binance1 t2 60", story: `
			t1 @10: okx1 -> dep 900 USDT
			t2 @11: dep -> binance1 900 USDT`},
		{name: "a block's reward is a deposit", links: "dep-binance1 t2 60", story: `
			t1 @10: block -> dep 900
			t2 @11: dep -> binance1 900`},
		{name: "a deposit of dust", story: `
			t1 @10: ann -> dep 99 USDT
			t2 @11: dep -> binance1 900 USDT`},
		{name: "a sweep of dust", story: `
			t1 @10: ann -> dep 900 USDT
			t2 @11: dep -> binance1 99 USDT`},
		{name: "a contract", story: `
			t1 @10: ann -> dep* 900 USDT
			t2 @11: dep -> binance1 900 USDT`},
		{name: "a labelled service", stops: "dep", story: `
			t1 @10: ann -> dep 900 USDT
			t2 @11: dep -> binance1 900 USDT`},
		{name: "a seed", seeds: "dep", story: `
			t1 @10: ann -> dep 900 USDT
			t2 @11: dep -> binance1 900 USDT`},
		{name: "a wallet of the exchange itself", story: `
			t1 @10: ann -> binance2 900 USDT
			t2 @11: binance2 -> binance1 900 USDT`},
		{name: "in chain order, then by text", links: "dep2-binance1 t3 60; dep1-binance1 t4 60; dep3-binance1 t4 60", story: `
			t1 @10: ann -> dep1 900 USDT
			t1 @10: ann -> dep2 900 USDT
			t2 @10: ann -> dep3 900 USDT
			t3 @11: dep2 -> binance1 900 USDT
			t4 @12: dep3 -> binance1 900 USDT
			t4 @12: dep1 -> binance1 900 USDT`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := ethereum(t, c.story)
			in := s.known(c.stops, c.seeds)
			links := s.find(t, in, cluster.Defaults(), cluster.DepositSweep)
			require.Equal(t, list(c.links), s.show(links))
			require.Empty(t, cluster.Union(s.book, links, united()), "custody is not ownership")
		})
	}
}

// Any contract can claim any transfer, so tokens must be trusted by name.
func TestWithoutFloorsOnlyTheNativeAssetCounts(t *testing.T) {
	s := ethereum(t, `
		t1 @10: ann -> depa 500 USDT
		t2 @10: depa -> binance1 500 USDT
		t3 @11: bob -> depb 500
		t4 @11: depb -> binance1 500`)
	in := s.known("", "")
	in.Floor = nil
	require.Equal(t, list("bob-depb t4 100; depb-binance1 t4 60"), s.show(s.find(t, in, storyConfig(), all()...)))
}

func TestDepositSweepNeedsTheWholeHistory(t *testing.T) {
	s := ethereum(t, "t1 @10: ann -> dep 900 USDT\nt2 @11: dep -> binance1 900 USDT")
	in := s.known("", "")
	in.Expanded = func(id ledger.AddressID) bool { return s.book.Text(id) != "dep" }
	require.Empty(t, s.find(t, in, cluster.Defaults(), cluster.DepositSweep))
	in.Expanded = func(id ledger.AddressID) bool { return s.book.Text(id) == "dep" }
	require.Len(t, s.find(t, in, cluster.Defaults(), cluster.DepositSweep), 1)
}

func TestDepositSweepMinForwards(t *testing.T) {
	s := ethereum(t, "t1 @10: ann -> dep 900 USDT\nt2 @11: dep -> binance1 500 USDT\nt3 @11: dep -> binance2 400 USDT")
	cfg := cluster.Defaults()
	cfg.SweepMinForwards = 2
	require.Len(t, s.find(t, s.known("", ""), cfg, cluster.DepositSweep), 2)
	cfg.SweepMinForwards = 3
	require.Empty(t, s.find(t, s.known("", ""), cfg, cluster.DepositSweep))
}

// Without labels there is no exchange, so there is no deposit address.
func TestNobodyIsAnExchange(t *testing.T) {
	s := ethereum(t, "t1 @10: ann -> dep 900 USDT\nt2 @11: dep -> binance1 900 USDT")
	require.Empty(t, s.find(t, cluster.Input{Book: s.book}, cluster.Defaults(), all()...))
}
