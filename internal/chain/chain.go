package chain

import (
	"fmt"
	"strconv"
	"strings"
)

// ID is a chain's CAIP-2 identifier, e.g. "eip155:1" for Ethereum mainnet.
type ID string

// Family says how a chain keeps value: in account balances or in unspent
// outputs. It decides what a Coin is, and nothing else.
type Family uint8

const (
	// Account chains (Ethereum and every EVM chain) keep one balance per
	// account and asset.
	Account Family = iota + 1
	// UTXO chains (Bitcoin) keep value in outputs that are spent whole.
	UTXO
)

// Chain is one network.
type Chain struct {
	// Name is what people write in seed lists and read in the tables:
	// "ethereum", "bitcoin".
	Name string
	// ID is the CAIP-2 identifier.
	ID ID
	// Family is how the chain keeps value.
	Family Family
	// Symbol and Decimals describe the native asset, for people only: every
	// amount is an integer in base units (wei, satoshi).
	Symbol   string
	Decimals int
}

// List is every chain with a name of its own, by name. An EVM chain that is not
// listed is spoken of by its CAIP-2 identifier.
func List() []Chain {
	return []Chain{
		{"arbitrum", "eip155:42161", Account, "ETH", 18},
		{"avalanche", "eip155:43114", Account, "AVAX", 18},
		{"base", "eip155:8453", Account, "ETH", 18},
		{"bitcoin", "bip122:000000000019d6689c085ae165831e93", UTXO, "BTC", 8},
		{"bitcoin-regtest", "bip122:0f9188f13cb7b2c71f2a335e3a4fc328", UTXO, "BTC", 8},
		{"bitcoin-testnet", "bip122:000000000933ea01ad0ee984209779ba", UTXO, "BTC", 8},
		{"bsc", "eip155:56", Account, "BNB", 18},
		{"ethereum", "eip155:1", Account, "ETH", 18},
		{"gnosis", "eip155:100", Account, "xDAI", 18},
		{"optimism", "eip155:10", Account, "ETH", 18},
		{"polygon", "eip155:137", Account, "POL", 18},
		{"sepolia", "eip155:11155111", Account, "ETH", 18},
	}
}

// aliases are spellings met in seed lists and label packs.
func aliases() map[string]string {
	return map[string]string{
		"btc": "bitcoin", "eth": "ethereum", "xbt": "bitcoin", "matic": "polygon", "bnb": "bsc",
	}
}

// Lookup finds a chain by name, by CAIP-2 identifier or by a common alias such
// as "btc", in any case.
func Lookup(s string) (Chain, error) {
	key := strings.ToLower(strings.TrimSpace(s))
	if name, ok := aliases()[key]; ok {
		key = name
	}
	for _, c := range List() {
		if key == c.Name || key == string(c.ID) {
			return c, nil
		}
	}
	if n, ok := strings.CutPrefix(key, "eip155:"); ok {
		if _, err := strconv.ParseUint(n, 10, 63); err == nil {
			return Chain{Name: key, ID: ID(key), Family: Account, Symbol: "native", Decimals: 18}, nil
		}
	}
	return Chain{}, fmt.Errorf("unknown chain %q: use %s or eip155:N", s, names())
}

func names() string {
	var out []string
	for _, c := range List() {
		out = append(out, c.Name)
	}
	return strings.Join(out, ", ")
}
