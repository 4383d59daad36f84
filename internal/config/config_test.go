package config_test

import (
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/config"
	"github.com/scamtrace/scamtrace/internal/label"
)

const usdt = "0xdac17f958d2ee523a2206206994597c13d831ec7"

func TestLoadEverything(t *testing.T) {
	got, err := config.Load("case.yaml", []byte(`# every key, differently
case: fund-pool.7
seeds: [a.csv, "b c.yaml"]
labels:
  - l.csv.gz
sources:
  eth: dataset:/data/eth
  bitcoin: "dataset:/data/btc"
out: /out
cache: /cache
workers: 4
movements:
  ethereum: [native, token]
  bitcoin: [utxo]
crawl:
  direction: both
  max_hops: 3
  rules: none
  super_node: {counterparties: 10, transfers: 20}
  dust:
    ethereum: {native: 0, "0xdAC17F958D2ee523a2206206994597C13D831ec7": "115792089237316195423570985008687907853269984665640564039457584007913129639935"}
    polygon: {native: 1000000000000000000}
  window: 90d
  budget: 7
  assets:
    ethereum: [native, 0xdac17f958d2ee523a2206206994597c13d831ec7]
  from_block: {ethereum: 1}
  to_block: {ethereum: 2}
stops: {tornado.cash: mixer, miner: ""}
cluster:
  heuristics: [co-spend, deposit-sweep]
  accept: []
  coinjoin_veto: false
  amount_tolerance_wei: "1"
  amount_blocks: 10000
  min_forwards: 3
  max_depositors: 4
trace:
  methods: [fifo]
`), nil)
	require.NoError(t, err)
	want := config.Default()
	want.Case = "fund-pool.7"
	want.Seeds = []string{"a.csv", "b c.yaml"}
	want.Labels = []string{"l.csv.gz"}
	want.Sources = map[string]string{"ethereum": "dataset:/data/eth", "bitcoin": "dataset:/data/btc"}
	want.Out, want.Cache, want.Workers = "/out", "/cache", 4
	want.Movements = map[string][]string{"ethereum": {"native", "token"}, "bitcoin": {"utxo"}}
	want.Crawl.Direction, want.Crawl.MaxHops, want.Crawl.Rules = "both", 3, []string{}
	want.Crawl.SuperNode = config.SuperNode{Counterparties: 10, Transfers: 20}
	want.Crawl.Dust["ethereum"][chain.Native] = amount(t, "0")
	want.Crawl.Dust["ethereum"][usdt] = amount(t, "115792089237316195423570985008687907853269984665640564039457584007913129639935")
	want.Crawl.Dust["polygon"] = map[chain.Asset]chain.Amount{chain.Native: amount(t, "1000000000000000000")}
	want.Crawl.Window, want.Crawl.Budget = 90*24*time.Hour, 7
	want.Crawl.Assets = map[string][]string{"ethereum": {"native", usdt}}
	want.Crawl.FromBlock, want.Crawl.ToBlock = map[string]uint64{"ethereum": 1}, map[string]uint64{"ethereum": 2}
	want.Stops = map[string]string{"tornado.cash": "mixer", "miner": ""}
	want.Cluster = config.Cluster{
		Heuristics: []string{"co-spend", "deposit-sweep"}, Accept: []string{}, AmountToleranceWei: amount(t, "1"),
		AmountBlocks: 10000, MinForwards: 3, MaxDepositors: 4,
	}
	want.Trace.Methods = []string{"fifo"}
	require.Equal(t, want, got)
	require.Empty(t, got.Validate())
}

func amount(t require.TestingT, s string) chain.Amount {
	a, err := chain.ParseAmount(s)
	require.NoError(t, err)
	return a
}

func TestLoadNothing(t *testing.T) {
	for _, in := range []string{"", "\n", "# nothing\n", "---\n", "\ufeff", "crawl:\n"} {
		got, err := config.Load("case.yaml", []byte(in), nil)
		require.NoError(t, err, "%q", in)
		require.Equal(t, config.Default(), got)
	}
}

// All that is wrong with a file is told, each with its line.
func TestLoadTellsAllProblems(t *testing.T) {
	_, err := config.Load("case.yaml", []byte(`sedes: [a.csv]
case: No Name
out: [a]
workers: four
crawl:
  max_hop: 3
  budget: "5"
  direction: sideways
  rules: [dust, mixers, dust]
  supernode: {}
  dust:
    ethereum: {native: 1e3, 0xdAC17F958D2ee523a2206206994597C13D831eC7: "1"}
    bitcoin: {usdt: "1"}
    solana: {native: "1"}
  window: 3 months
  from_block: {eth: 5, ethereum: 6}
  to_block: {ethereum: 4}
  max_hops: 0
labels: l.csv
out: b
cluster: yes
stops: {miner: halt}
sources: {ethereum: /data}
movements: {bitcoin: [token], ethereum: []}
max_depositors: 3
cache:
trace: {methods: &a none}
`), []string{"crawl.max_hpos=3", "nonsense", "crawl=3", "workers=-1", "sources.solana=dataset:x", "trace.methods=fifo,lofo", "crawl.dust.ethereum.native=x"})
	require.Error(t, err)
	require.Equal(t, strings.TrimSpace(`
case.yaml:1: sedes: is not a key; did you mean seeds?
case.yaml:2: case: "No Name" is no case name: 1 to 64 of a-z (lower case), 0-9, dot, underscore and dash, beginning with a letter or digit
case.yaml:3: out: must be text; got a list
case.yaml:4: workers: must be a whole number; got four
case.yaml:6: crawl.max_hop: is not a key; did you mean crawl.max_hops?
case.yaml:7: crawl.budget: must be a whole number; got the text "5"
case.yaml:8: crawl.direction: "sideways" is not known; there are forward, backward, both
case.yaml:9: crawl.rules: "mixers" is not known; did you mean mixer?; "dust" stands there twice
case.yaml:10: crawl.supernode: is not a key; did you mean crawl.super_node?
case.yaml:12: crawl.dust.ethereum.native: amount "1e3" is not a whole number of base units
case.yaml:12: crawl.dust.ethereum.0xdAC17F958D2ee523a2206206994597C13D831eC7: an asset is native or a token's contract: address 0xdAC17F958D2ee523a2206206994597C13D831eC7 fails its EIP-55 checksum: a digit or the case of a letter is wrong; these digits are spelt 0xdAC17F958D2ee523a2206206994597C13D831ec7
case.yaml:13: crawl.dust.bitcoin.usdt: bitcoin has no asset but native
case.yaml:14: crawl.dust.solana: unknown chain "solana": use arbitrum, avalanche, base, bitcoin, bitcoin-regtest, bitcoin-testnet, bsc, ethereum, gnosis, optimism, polygon, sepolia or eip155:N
case.yaml:15: crawl.window: must be a duration such as 90d or 720h, or 0; got 3 months
case.yaml:16: crawl.from_block.ethereum: ethereum is given twice
case.yaml:17: crawl.to_block: ethereum: block 4 is before from_block 5
case.yaml:18: crawl.max_hops: 0 is less than 1
case.yaml:19: labels: must be a list such as [a, b], or none; got l.csv
case.yaml:20: out: is given twice; the first is in line 3
case.yaml:21: cluster: is a section; its keys are heuristics, accept, coinjoin_veto, amount_tolerance_wei, amount_blocks, min_forwards, max_depositors
case.yaml:22: stops: miner: "halt" is no stop rule; there are exchange, mixer, bridge, service, contract
case.yaml:23: sources: ethereum: must be "driver:arguments", e.g. "dataset:DIR"
case.yaml:24: movements: bitcoin: bitcoin has no movements of kind token; ethereum: an empty list asks for nothing; leave the chain out to ask for all kinds
case.yaml:25: max_depositors: is not a key; did you mean cluster.max_depositors?
case.yaml:26: cache: must be text; got nothing
case.yaml:27: trace.methods: must be a list such as [a, b], or none; got a YAML anchor, alias or tag, which a case file does not use
--set: crawl.max_hpos: is not a key; did you mean crawl.max_hops?
--set: "nonsense" is not of the form key=value
--set: crawl: is a section; its keys are direction, max_hops, rules, super_node, dust, window, budget, assets, from_block, to_block
--set: sources.solana: unknown chain "solana": use arbitrum, avalanche, base, bitcoin, bitcoin-regtest, bitcoin-testnet, bsc, ethereum, gnosis, optimism, polygon, sepolia or eip155:N
--set: crawl.dust.ethereum.native: amount "x" is not a whole number of base units
--set: workers: -1 is less than 0
--set: trace.methods: "lofo" is not known; did you mean lifo?
`), err.Error())
}

func TestLoadRefusesTheWholeFile(t *testing.T) {
	for in, want := range map[string]string{
		"a: [1\n":               "case.yaml:1: is not YAML",
		"case: a\n\tout: b\n":   "case.yaml:2: is not YAML",
		"- a\n":                 "case.yaml:1: is no case file",
		"word":                  "case.yaml:1: is no case file",
		"case: a\n---\ncase: b": "case.yaml: holds more than one YAML document",
	} {
		_, err := config.Load("case.yaml", []byte(in), nil)
		require.ErrorContains(t, err, want, "%q", in)
	}
}

func TestLoadSets(t *testing.T) {
	for _, tt := range []struct {
		set   string
		check func(t *testing.T, c config.Config)
	}{
		{"case=x", func(t *testing.T, c config.Config) { require.Equal(t, "x", c.Case) }},
		{"cache=", func(t *testing.T, c config.Config) { require.Empty(t, c.Cache) }},
		{"out=a=b", func(t *testing.T, c config.Config) { require.Equal(t, "a=b", c.Out) }},
		{"seeds=a.csv, b.csv", func(t *testing.T, c config.Config) { require.Equal(t, []string{"a.csv", "b.csv"}, c.Seeds) }},
		{"seeds=none", func(t *testing.T, c config.Config) { require.Equal(t, []string{}, c.Seeds) }},
		{"crawl.rules=none", func(t *testing.T, c config.Config) { require.Equal(t, []string{}, c.Crawl.Rules) }},
		{"crawl.super_node.transfers=9", func(t *testing.T, c config.Config) { require.Equal(t, 9, c.Crawl.SuperNode.Transfers) }},
		{"crawl.window=36h", func(t *testing.T, c config.Config) { require.Equal(t, 36*time.Hour, c.Crawl.Window) }},
		{"crawl.window=0", func(t *testing.T, c config.Config) { require.Zero(t, c.Crawl.Window) }},
		{"cluster.coinjoin_veto=false", func(t *testing.T, c config.Config) { require.False(t, c.Cluster.CoinjoinVeto) }},
		{"sources.eth=dataset:/b", func(t *testing.T, c config.Config) {
			require.Equal(t, map[string]string{"ethereum": "dataset:/b", "bitcoin": "dataset:/a"}, c.Sources)
		}},
		{"sources=none", func(t *testing.T, c config.Config) { require.Empty(t, c.Sources) }},
		{"stops.tornado.cash=mixer", func(t *testing.T, c config.Config) {
			require.Equal(t, map[string]string{"tornado.cash": "mixer"}, c.Stops)
		}},
		{"stops.miner=", func(t *testing.T, c config.Config) { require.Equal(t, map[string]string{"miner": ""}, c.Stops) }},
		{"crawl.dust=none", func(t *testing.T, c config.Config) { require.Empty(t, c.Crawl.Dust) }},
		{"crawl.dust.bitcoin=none", func(t *testing.T, c config.Config) { require.Empty(t, c.Crawl.Dust["bitcoin"]) }},
		{"crawl.dust.bitcoin.native=5", func(t *testing.T, c config.Config) {
			require.Equal(t, amount(t, "5"), c.Crawl.Dust["bitcoin"][chain.Native])
			require.Len(t, c.Crawl.Dust["ethereum"], 3)
		}},
		{"crawl.from_block.ethereum=7", func(t *testing.T, c config.Config) {
			require.Equal(t, map[string]uint64{"ethereum": 7}, c.Crawl.FromBlock)
		}},
		{"movements.ethereum=native,fee", func(t *testing.T, c config.Config) {
			require.Equal(t, map[string][]string{"ethereum": {"native", "fee"}}, c.Movements)
		}},
		{"crawl.assets.eip155:5.native=1", nil},
		{"crawl.assets.eip155:5=native", func(t *testing.T, c config.Config) {
			require.Equal(t, map[string][]string{"eip155:5": {"native"}}, c.Crawl.Assets)
		}},
		{"crawl.rules.dust=1", nil},
		{"seeds=", nil},
		{"=1", nil},
		{"workers.x=1", nil},
	} {
		t.Run(tt.set, func(t *testing.T) {
			file := []byte("seeds: [f.csv]\nout: /o\nsources: {ethereum: dataset:/a, bitcoin: dataset:/a}\n")
			c, err := config.Load("case.yaml", file, []string{tt.set})
			if tt.check == nil {
				require.ErrorContains(t, err, "--set")
				return
			}
			require.NoError(t, err)
			tt.check(t, c)
		})
	}
}

// The defaults are made anew each time: what one case adds, another does not see.
func TestLoadKeepsDefaults(t *testing.T) {
	before := config.Default()
	_, err := config.Load("", nil, []string{"crawl.dust.bitcoin.native=5", "stops.x=mixer"})
	require.NoError(t, err)
	require.Equal(t, before, config.Default())
}

func TestValidate(t *testing.T) {
	var got []string
	c := config.Default()
	c.Crawl.Direction = "up"
	c.Cluster.Heuristics = []string{"co-spend"}
	for _, p := range c.Validate() {
		got = append(got, p.String())
	}
	require.Equal(t, []string{
		`crawl.direction: "up" is not known; there are forward, backward, both`,
		`cluster.accept: deposit-amount is not among cluster.heuristics`,
		`seeds: no seed list is given: --seeds FILE, or seeds in the case file`,
		"sources: no source is given: --source ethereum=dataset:DIR, or sources in the case file",
		`out: no folder for the tables is given: --out DIR, or out in the case file`,
	}, got)
}

// Every field of Config has exactly one key, under the name of the field.
func TestKeysCoverConfig(t *testing.T) {
	var fields []string
	var walk func(path string, typ reflect.Type)
	walk = func(path string, typ reflect.Type) {
		for i := range typ.NumField() {
			f := typ.Field(i)
			name := strings.TrimPrefix(path+"."+snake(f.Name), ".")
			if f.Type.Kind() == reflect.Struct && f.Type.PkgPath() == typ.PkgPath() {
				walk(name, f.Type)
				continue
			}
			fields = append(fields, name)
		}
	}
	walk("", reflect.TypeFor[config.Config]())
	var paths []string
	for _, k := range config.Keys() {
		paths = append(paths, k.Path)
		require.NotEmpty(t, k.Type, k.Path)
		require.NotEmpty(t, k.Default, k.Path)
		require.Regexp(t, `^\S.*\.$`, k.Doc, k.Path)
	}
	require.Equal(t, fields, paths)
}

// snake writes MaxHops as max_hops.
func snake(s string) string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
		}
		b.WriteString(strings.ToLower(string(r)))
	}
	return b.String()
}

// Every key can be set to its own default, from a file and by --set.
func TestKeysDefaults(t *testing.T) {
	for _, k := range config.Keys() {
		value := strings.Trim(k.Default, `[]"`)
		if value == "" && k.Default == "[]" {
			value = "none"
		}
		if strings.HasPrefix(k.Default, "{") {
			continue // maps are set entry by entry
		}
		c, err := config.Load("", nil, []string{k.Path + "=" + value})
		require.NoError(t, err, k.Path)
		require.Equal(t, config.Default(), c, k.Path)
	}
}

// The rules and kinds named here are the ones that other packages know.
func TestWords(t *testing.T) {
	for _, rule := range label.StopRules() {
		_, err := config.Load("", nil, []string{"stops.x=" + rule, "crawl.rules=" + rule})
		require.NoError(t, err)
	}
	for _, k := range []chain.Kind{chain.Fee, chain.NativeKind, chain.Internal, chain.Token} {
		_, err := config.Load("", nil, []string{"movements.ethereum=" + k.String()})
		require.NoError(t, err)
	}
}

var update = flag.Bool("update", false, "write configs/example.yaml anew")

func TestExample(t *testing.T) {
	name := filepath.Join("..", "..", "configs", "example.yaml")
	if *update {
		require.NoError(t, os.WriteFile(name, config.Example(), 0o644))
	}
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, string(config.Example()), string(data), "run go test ./internal/config -update")
	c, err := config.Load(name, data, nil)
	require.NoError(t, err)
	require.Equal(t, config.Default(), c)
	for _, k := range config.Keys() {
		last := k.Path[strings.LastIndex(k.Path, ".")+1:]
		require.Regexp(t, `(?m)^ *`+last+`:`, string(data), k.Path)
	}
}

func TestCanonical(t *testing.T) {
	load := func(sets ...string) string {
		c, err := config.Load("", nil, sets)
		require.NoError(t, err)
		data, err := c.Canonical()
		require.NoError(t, err)
		return string(data)
	}
	require.Equal(t,
		load("out=/a", "cache=/c", "workers=1", "seeds=/x/s.csv", "sources.eth=dataset:/x", "sources.bitcoin=dataset:/x"),
		load("sources.bitcoin=dataset:/y", "sources.ethereum=dataset:/y", "out=/b", "workers=9", "seeds=s.csv"))
	require.NotEqual(t, load("crawl.max_hops=8"), load("crawl.max_hops=9"))
	require.NotContains(t, load("sources.ethereum=rpc:https://key@example.org"), "key")
	require.Contains(t, load("crawl.window=90d"), `"window":"90d"`)
}

// Whatever is read from a rendered duration is that duration.
func TestWindowRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hours := rapid.IntRange(0, 100_000).Draw(t, "hours")
		d := time.Duration(hours) * time.Hour
		c, err := config.Load("", nil, []string{"crawl.window=" + d.String()})
		require.NoError(t, err)
		require.Equal(t, d, c.Crawl.Window)
	})
}

func FuzzLoad(f *testing.F) {
	f.Add("case: a\ncrawl: {dust: {eth: {native: 1}}}\n", "sources.eth=dataset:x")
	f.Add("- &a [*a]\n", "crawl.window=1d")
	f.Add(string(config.Example()), "crawl.rules=none")
	f.Fuzz(func(t *testing.T, file, set string) {
		c, err := config.Load("f", []byte(file), []string{set})
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		_, err = c.Canonical()
		require.NoError(t, err)
	})
}
