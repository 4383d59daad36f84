package report

import (
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Unit says how to show an amount to people. Tables never use it: an asset is
// its contract, and two tokens with one symbol are two assets.
type Unit struct {
	Symbol   string
	Decimals int
}

// UnitOf is the unit of an asset: the native asset's, that of a few contracts
// known by address, or base units with the contract spelled out.
func UnitOf(c chain.Chain, a chain.Asset) Unit {
	if a == chain.Native {
		return Unit{c.Symbol, c.Decimals}
	}
	if u, ok := known()[c.Name+" "+string(a)]; ok {
		return u
	}
	return Unit{"units of " + string(a), 0}
}

// Named reports whether people have a name for the asset that its contract bears
// out. Anyone can issue a token and send it to a scam wallet; most do.
func Named(c chain.Chain, a chain.Asset) bool {
	_, ok := known()[c.Name+" "+string(a)]
	return ok || a == chain.Native
}

func known() map[string]Unit {
	return map[string]Unit{
		"ethereum 0xdac17f958d2ee523a2206206994597c13d831ec7": {"USDT", 6},
		"ethereum 0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48": {"USDC", 6},
		"ethereum 0x6b175474e89094c44da98b954eedeac495271d0f": {"DAI", 18},
		"ethereum 0x2260fac5e5542a773aa44fbcfedf7c193bc2c599": {"WBTC", 8},
		"ethereum 0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2": {"WETH", 18},
	}
}

// Amount writes base units in the unit, cut (never rounded up) after at most
// six decimals, with the thousands apart.
func (u Unit) Amount(a chain.Amount) string {
	digits := a.Dec()
	if len(digits) <= u.Decimals {
		digits = strings.Repeat("0", u.Decimals-len(digits)+1) + digits
	}
	whole, part := digits[:len(digits)-u.Decimals], digits[len(digits)-u.Decimals:]
	if len(part) > 6 {
		part = part[:6]
	}
	part = strings.TrimRight(part, "0")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if part != "" {
		whole += "." + part
	}
	return whole + " " + u.Symbol
}
