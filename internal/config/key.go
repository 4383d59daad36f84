package config

import (
	"time"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Key is one setting, for people: the documentation, the example file and the
// reader all go by this list.
type Key struct {
	// Path is the name with the names of its sections, joined by dots. It is
	// what --set takes.
	Path string
	// Type is what stands behind the key, e.g. "whole number".
	Type string
	// Default is the default as YAML.
	Default string
	// Doc is what it means, in whole sentences.
	Doc string
	// field points at the setting in a Config. Its type decides how it is read.
	field func(*Config) any
	// allowed are the only words that a text or a list may hold; nil for any.
	allowed []string
	// anyKeys marks a map whose keys are not chains.
	anyKeys bool
	// assets marks lists of assets.
	assets bool
	// check refuses values that cannot be meant; nil for none.
	check func(*Config) error
}

// Keys lists every key in the order of the example file.
func Keys() []Key {
	keys := declared()
	def := Default()
	for i := range keys {
		keys[i].Type = typeOf(keys[i].field(&def))
		keys[i].Default = render(keys[i].field(&def))
	}
	return keys
}

func declared() []Key {
	return []Key{
		{
			Path:  "case",
			Doc:   "The name of the case in the report: a-z, 0-9, dot, underscore and dash. Seeds without a case_id keep their own default.",
			field: func(c *Config) any { return &c.Case },
			check: func(c *Config) error { return checkCase(c.Case) },
		},
		{
			Path:  "seeds",
			Doc:   "Seed lists, CSV or TagPack YAML. Relative paths are taken from the working directory.",
			field: func(c *Config) any { return &c.Seeds },
		},
		{
			Path:  "labels",
			Doc:   "Label files, CSV or TagPack YAML, plain or gzip.",
			field: func(c *Config) any { return &c.Labels },
		},
		{
			Path:  "sources",
			Doc:   `Where each chain's transactions come from, as "driver:arguments": "dataset:DIR" for files, "node:NAME" for the server NAME of endpoints; scamtrace list drivers has them all.`,
			field: func(c *Config) any { return &c.Sources },
			check: func(c *Config) error { return checkSources(c.Sources) },
		},
		{
			Path:  "endpoints",
			Doc:   `The servers that sources ask, by a name of your own: url, and where needed key, key_header, user, password, rate (calls a second; a batch of 100 counts 100; without it 3 to 50 by driver, none on this machine), daily (requests a day, for plan and progress), timeout (60s) and patience (2m: how long a failing request is repeated). key and password say where the secret is, env:NAME or file:PATH; {key} in url stands for the key. For example mynode: {url: "https://host/v3/{key}", key: "env:MYNODE_KEY", rate: 10}.`,
			field: func(c *Config) any { return &c.Endpoints },
			check: func(c *Config) error { return checkEndpoints(c.Endpoints) },
		},
		{
			Path:  "out",
			Doc:   "The folder in which each run publishes a folder of tables.",
			field: func(c *Config) any { return &c.Out },
		},
		{
			Path:  "cache",
			Doc:   "The folder for indexes, which may be lost, and for the answers of servers, which are evidence. Empty for the folder cache in out.",
			field: func(c *Config) any { return &c.Cache },
		},
		{
			Path:  "workers",
			Doc:   "How many questions are asked at once, 0 for the number of CPUs, or 16 where a server is asked. The tables do not depend on it.",
			field: func(c *Config) any { return &c.Workers },
			check: func(c *Config) error { return between(c.Workers, 0, 4096) },
		},
		{
			Path:    "movements",
			Doc:     "The kinds of movement asked for, by chain; all of a chain's kinds where it is not named. A kind that is not asked is no gap. Account chains have native, internal, token, fee and reward; Bitcoin has utxo.",
			field:   func(c *Config) any { return &c.Movements },
			allowed: []string{"native", "internal", "token", "fee", "utxo", "reward"},
			check:   func(c *Config) error { return checkMovements(c.Movements) },
		},
		{
			Path:    "crawl.direction",
			Doc:     "forward follows where the money went, backward where it came from, both does both.",
			field:   func(c *Config) any { return &c.Crawl.Direction },
			allowed: []string{"forward", "backward", "both"},
		},
		{
			Path:  "crawl.max_hops",
			Doc:   "How many transfers away from a seed an address may be and still be followed (rule max-hops).",
			field: func(c *Config) any { return &c.Crawl.MaxHops },
			check: func(c *Config) error { return between(c.Crawl.MaxHops, 1, 1000) },
		},
		{
			Path:    "crawl.rules",
			Doc:     "The stop rules in force. With none, only the order of time limits the crawl.",
			field:   func(c *Config) any { return &c.Crawl.Rules },
			allowed: rules(),
		},
		{
			Path:  "crawl.super_node.counterparties",
			Doc:   "With more counterparties than this, an unlabelled address is not followed (rule super-node): it is probably a service.",
			field: func(c *Config) any { return &c.Crawl.SuperNode.Counterparties },
			check: func(c *Config) error { return between(c.Crawl.SuperNode.Counterparties, 1, maxInt) },
		},
		{
			Path:  "crawl.super_node.transfers",
			Doc:   "With more transfers than this, an unlabelled address is not followed (rule super-node).",
			field: func(c *Config) any { return &c.Crawl.SuperNode.Transfers },
			check: func(c *Config) error { return between(c.Crawl.SuperNode.Transfers, 1, maxInt) },
		},
		{
			Path:  "crawl.dust",
			Doc:   `The least amount that is followed (rule dust), by chain and asset, in base units. An asset is "native" or a token's contract. Entries are added to the defaults; "0" lifts one.`,
			field: func(c *Config) any { return &c.Crawl.Dust },
		},
		{
			Path:  "crawl.window",
			Doc:   "How long after its first tainted arrival an address is followed (rule window), such as 90d or 720h; 0 for ever.",
			field: func(c *Config) any { return &c.Crawl.Window },
		},
		{
			Path:  "crawl.budget",
			Doc:   "The most addresses asked for in one run (rule budget).",
			field: func(c *Config) any { return &c.Crawl.Budget },
			check: func(c *Config) error { return between(c.Crawl.Budget, 1, maxInt) },
		},
		{
			Path:   "crawl.assets",
			Doc:    `The assets that are followed, by chain; all of a chain's assets where it is not named. An asset is "native" or a token's contract.`,
			field:  func(c *Config) any { return &c.Crawl.Assets },
			assets: true,
			check:  func(c *Config) error { return checkAssets(c.Crawl.Assets) },
		},
		{
			Path:  "crawl.from_block",
			Doc:   "The first block that is looked at, by chain; the first of the chain where it is not named.",
			field: func(c *Config) any { return &c.Crawl.FromBlock },
		},
		{
			Path:  "crawl.to_block",
			Doc:   "The last block that is looked at, by chain; the newest final one where it is not named.",
			field: func(c *Config) any { return &c.Crawl.ToBlock },
			check: func(c *Config) error { return checkBlocks(c.Crawl) },
		},
		{
			Path:    "stops",
			Doc:     `Which category of labels fires which stop rule, as changes to the built-in list: category: exchange, mixer, bridge, service or contract, or "" for none.`,
			field:   func(c *Config) any { return &c.Stops },
			anyKeys: true,
			check:   func(c *Config) error { return checkStops(c.Stops) },
		},
		{
			Path:    "cluster.heuristics",
			Doc:     "The heuristics that look for addresses of one owner. What they find is in the table of links.",
			field:   func(c *Config) any { return &c.Cluster.Heuristics },
			allowed: heuristics(),
		},
		{
			Path:    "cluster.accept",
			Doc:     "The heuristics whose links make clusters. The others are shown and not acted on.",
			field:   func(c *Config) any { return &c.Cluster.Accept },
			allowed: heuristics(),
			check:   func(c *Config) error { return checkAccept(c.Cluster) },
		},
		{
			Path:  "cluster.coinjoin_veto",
			Doc:   "Whether inputs of a transaction that looks like a CoinJoin are kept apart.",
			field: func(c *Config) any { return &c.Cluster.CoinjoinVeto },
		},
		{
			Path:  "cluster.amount_tolerance_wei",
			Doc:   "How much less than it received a deposit address may forward in native coin (deposit-amount), in wei.",
			field: func(c *Config) any { return &c.Cluster.AmountToleranceWei },
		},
		{
			Path:  "cluster.amount_blocks",
			Doc:   "Within how many blocks a deposit address forwards what it received (deposit-amount).",
			field: func(c *Config) any { return &c.Cluster.AmountBlocks },
			check: func(c *Config) error { return between(c.Cluster.AmountBlocks, 0, maxInt) },
		},
		{
			Path:  "cluster.min_forwards",
			Doc:   "How often an address must forward to one exchange to join its depositors (deposit-amount).",
			field: func(c *Config) any { return &c.Cluster.MinForwards },
			check: func(c *Config) error { return between(c.Cluster.MinForwards, 1, maxInt) },
		},
		{
			Path:  "cluster.max_depositors",
			Doc:   "With more depositors than this a deposit address is shared, and joins nobody.",
			field: func(c *Config) any { return &c.Cluster.MaxDepositors },
			check: func(c *Config) error { return between(c.Cluster.MaxDepositors, 1, maxInt) },
		},
		{
			Path:    "trace.methods",
			Doc:     "The tracing methods, each with its own tables' rows.",
			field:   func(c *Config) any { return &c.Trace.Methods },
			allowed: []string{"fifo", "lifo", "haircut", "poison"},
			check:   func(c *Config) error { return atLeastOne(c.Trace.Methods) },
		},
	}
}

// maxInt bounds whole numbers where nothing else does.
const maxInt = 1 << 40

// typeOf is the type of a field for people.
func typeOf(field any) string {
	switch field.(type) {
	case *string:
		return "text"
	case *bool:
		return "true or false"
	case *int:
		return "whole number"
	case *time.Duration:
		return "duration"
	case *chain.Amount:
		return "amount in base units"
	case *[]string:
		return "list"
	case *map[string]string:
		return "map to text"
	case *map[string]uint64:
		return "map of chain to block height"
	case *map[string][]string:
		return "map of chain to list"
	case *map[string]Endpoint:
		return "map of name to server"
	case *map[string]map[chain.Asset]chain.Amount:
		return "map of chain to map of asset to amount in base units"
	}
	return ""
}
