package label_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/label"
)

type chainAddress = chain.Address

func TestStopsRule(t *testing.T) {
	stops := label.DefaultStops()
	for category, want := range map[string]string{
		"":                               "",
		"exchange":                       label.StopExchange,
		"Exchange":                       label.StopExchange,
		"exchange/eoa":                   label.StopExchange,
		"hot-wallet":                     label.StopExchange,
		"Tornado.cash":                   label.StopMixer,
		"tornado-cash":                   label.StopMixer,
		"mixing_service":                 label.StopMixer,
		"coinjoin":                       label.StopMixer,
		"bridge|layer-2":                 label.StopBridge,
		"unknown service":                label.StopService,
		"Accounts,Curve.fi":              label.StopService,
		"Accounts, MEVBot":               "",
		"Uniswap":                        label.StopService,
		"terminal":                       label.StopService,
		"erc20":                          label.StopContract,
		"token-contract":                 label.StopContract,
		"dex|tokenlon":                   label.StopService,
		"scam,exchange":                  label.StopExchange,
		"heist":                          "",
		"named":                          "",
		"source":                         "",
		"victim":                         "",
		"phish-hack":                     "",
		"upbit-hack":                     "",
		"malicious:etherscan-heist-list": "",
	} {
		require.Equal(t, want, stops.Rule(category), category)
	}
}

// Every default is spelt as it is looked up, and names a rule that exists.
func TestDefaultStops(t *testing.T) {
	for category, rule := range label.DefaultStops() {
		require.Equal(t, label.CategoryWord(category), category)
		require.Contains(t, label.StopRules(), rule, category)
	}
	for _, traced := range []string{"scam", "heist", "sanctioned", "phishing", "ransomware", "source", "named", "victim"} {
		require.NotContains(t, label.DefaultStops(), traced)
	}
}

func TestStopsWith(t *testing.T) {
	defaults := label.DefaultStops()
	changed, err := defaults.With(map[string]string{"Guarantee Market": "service", "miner": ""})
	require.NoError(t, err)
	require.Equal(t, label.StopService, changed.Rule("guarantee-market"))
	require.Empty(t, changed.Rule("miner"))
	require.Equal(t, label.StopService, defaults.Rule("miner"), "the defaults are not touched")
	_, err = defaults.With(map[string]string{"miner": "halt"})
	require.EqualError(t, err, `category "miner": "halt" is no stop rule; there are exchange, mixer, bridge, service, contract`)
}

// A customer of a desk is no deposit address of it.
func TestSweptInto(t *testing.T) {
	for category, want := range map[string]bool{
		"exchange": true, "hot_wallet": true, "binance": true, "exchange, hot wallet": true,
		"otc": false, "OTC": false, "deposit wallet": false, "exchange_deposit": false, "fiat-gateway": false,
	} {
		require.Equal(t, want, label.SweptInto(category), category)
	}
}
