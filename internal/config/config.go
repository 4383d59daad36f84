package config

import (
	"time"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Config is a case file with its defaults filled in. Keys documents every
// field. Chains are written by their own names, whatever alias the file used.
type Config struct {
	Case      string
	Seeds     []string
	Labels    []string
	Sources   map[string]string
	Endpoints map[string]Endpoint
	Out       string
	Cache     string
	Workers   int
	Movements map[string][]string
	Crawl     Crawl
	Stops     map[string]string
	Cluster   Cluster
	Trace     Trace
}

// Crawl says how far the money is followed.
type Crawl struct {
	Direction string
	MaxHops   int
	Rules     []string
	SuperNode SuperNode
	Dust      map[string]map[chain.Asset]chain.Amount
	Window    time.Duration
	Budget    int
	Assets    map[string][]string
	FromBlock map[string]uint64
	ToBlock   map[string]uint64
}

// SuperNode is the size from which an unlabelled address counts as a service.
type SuperNode struct {
	Counterparties int
	Transfers      int
}

// Cluster says by which heuristics addresses are joined.
type Cluster struct {
	Heuristics         []string
	Accept             []string
	CoinjoinVeto       bool
	AmountToleranceWei chain.Amount
	AmountBlocks       int
	MinForwards        int
	MaxDepositors      int
}

// Trace says by which methods money is traced.
type Trace struct {
	Methods []string
}

// Default is the configuration of an empty case file.
func Default() Config {
	return Config{
		Case:      "default",
		Seeds:     []string{},
		Labels:    []string{},
		Sources:   map[string]string{},
		Endpoints: map[string]Endpoint{},
		Movements: map[string][]string{},
		Crawl: Crawl{
			Direction: "forward",
			MaxHops:   8,
			Rules:     rules(),
			SuperNode: SuperNode{Counterparties: 5000, Transfers: 50000},
			Dust: map[string]map[chain.Asset]chain.Amount{
				"bitcoin": {chain.Native: amount(1000)},
				"ethereum": {
					chain.Native: amount(100_000_000_000_000),
					// USDT and USDC, both with 6 decimals.
					"0xdac17f958d2ee523a2206206994597c13d831ec7": amount(1_000_000),
					"0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48": amount(1_000_000),
				},
			},
			Budget:    1_000_000,
			Assets:    map[string][]string{},
			FromBlock: map[string]uint64{},
			ToBlock:   map[string]uint64{},
		},
		Stops: map[string]string{},
		Cluster: Cluster{
			Heuristics:         heuristics(),
			Accept:             []string{"co-spend", "deposit-amount"},
			CoinjoinVeto:       true,
			AmountToleranceWei: amount(10_000_000_000_000_000),
			AmountBlocks:       3200,
			MinForwards:        2,
			MaxDepositors:      50,
		},
		Trace: Trace{Methods: []string{"fifo", "lifo", "haircut", "poison"}},
	}
}

func amount(n uint64) (a chain.Amount) {
	a.SetUint64(n)
	return a
}

func rules() []string {
	return []string{
		"exchange", "mixer", "bridge", "service", "contract", "max-hops", "budget", "super-node", "coinjoin", "asset",
		"window", "dust",
	}
}

// stopRules are the rules that a category of labels can be given.
func stopRules() []string { return []string{"exchange", "mixer", "bridge", "service", "contract"} }

func heuristics() []string { return []string{"co-spend", "deposit-sweep", "deposit-amount"} }
