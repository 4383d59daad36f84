package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chaintest/btcnode"
	"github.com/scamtrace/scamtrace/internal/chaintest/evmnode"
	"github.com/scamtrace/scamtrace/internal/chaintest/gateway/esplora"
	gateway "github.com/scamtrace/scamtrace/internal/chaintest/gateway/etherscan"
)

// without leaves tables out of checksums.
func without(sums string, tables ...string) string {
	var out []string
lines:
	for line := range strings.Lines(sums) {
		for _, table := range tables {
			if strings.Contains(line, " "+table+"/") {
				continue lines
			}
		}
		out = append(out, line)
	}
	return strings.Join(out, "")
}

// The same chain through files, a node and an explorer gives the same tables,
// byte for byte, for the kinds of movement that all of them cover. The table
// coverage names the source, so it differs.
func TestLive_sameTablesEthereum(t *testing.T) {
	story, err := evmnode.Tell(evmnode.Plot{Seed: 6})
	require.NoError(t, err)
	node := evmnode.Start(t, story, evmnode.Limits{})
	dir := t.TempDir()
	require.NoError(t, story.Export(dir))
	explorer := gateway.Start(t, gateway.New(node.URL(), gateway.Options{Flavour: gateway.Plain()}))
	tables := func(spec, kinds string) string {
		c := newLiveCase(t, "ethereum", spec, story.Cast.Seeds, "--set", "movements.ethereum="+kinds,
			"--set", "endpoints.node.url="+node.URL(),
			"--set", "endpoints.explorer.url="+explorer, "--set", "endpoints.explorer.rate=1000")
		return without(c.run(t, "out", "cache"), "coverage")
	}
	const all, listed = "native,internal,token,fee", "native,token,fee"
	files := tables("dataset:"+dir, all)
	require.Equal(t, files, tables("node:node", all))
	require.Equal(t, tables("dataset:"+dir, listed), tables("etherscan:explorer", listed))
	// An explorer does not say where in its block a transaction stands of which
	// it lists an internal call alone.
	require.Equal(t, without(files, "transfers"), without(tables("etherscan:explorer", all), "transfers"))
}

// The same for Bitcoin.
func TestLive_sameTablesBitcoin(t *testing.T) {
	story := btcnode.NewStory()
	node := btcnode.Start(t, story, btcnode.Options{})
	dir := t.TempDir()
	require.NoError(t, story.Export(dir, story.Height()-5)) // what is final
	e := node.Endpoint()
	t.Setenv("BITCOIN_PASSWORD", e.Password.Reveal())
	explorer := esplora.Start(t, node.URL)
	tables := func(spec string) string {
		c := newLiveCase(t, btcnode.Chain().Name, spec, []chain.Address{story.Address("scammer")},
			"--set", "endpoints.node.url="+e.URL, "--set", "endpoints.node.user="+e.User,
			"--set", "endpoints.node.password=env:BITCOIN_PASSWORD",
			"--set", "endpoints.explorer.url="+explorer.URL, "--set", "endpoints.explorer.rate=1000")
		return without(c.run(t, "out", "cache"), "coverage")
	}
	files := tables("dataset:" + dir)
	require.Equal(t, files, tables("btcd:node"))
	require.Equal(t, files, tables("bitcoin-node:node"))
	require.Equal(t, files, tables("esplora:explorer,index"))
}
