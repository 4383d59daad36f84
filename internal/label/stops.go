package label

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Stops says which categories of labels end a trail, and by which rule. Keys
// are category words as CategoryWord writes them, values are rules of
// StopRules. A category that is not here stops nothing.
type Stops map[string]string

// The rules that a label can fire.
const (
	// StopExchange: whoever cashed out is known to the exchange, not to us.
	StopExchange = "exchange"
	// StopMixer: what comes out of a mixer is not what went in.
	StopMixer = "mixer"
	// StopBridge: the money goes on at another chain.
	StopBridge = "bridge"
	// StopService: a pool, shop, casino, miner: its outflow is its customers'.
	StopService = "service"
	// StopContract: a token or the null address holds no one's money.
	StopContract = "contract"
)

// StopRules lists the rules that a category can be given, in the order in which
// they win over each other where labels are equally sure.
func StopRules() []string {
	return []string{StopExchange, StopMixer, StopBridge, StopService, StopContract}
}

// DefaultStops are the categories that scamtrace knows: TagPack concepts,
// the words of explorers and of public label sets. Scam, heist, phishing,
// sanctioned, victim and the like are left out on purpose: they are who is
// traced.
func DefaultStops() Stops {
	stops := Stops{}
	for rule, categories := range map[string]string{
		StopExchange: `
			exchange cex centralized_exchange hot_wallet cold_wallet deposit_wallet
			exchange_deposit exchange_wallet vasp otc fiat_gateway fiat_onramp
			binance bitfinex bithumb bitstamp bittrex bybit coinbase crypto_com
			gate_io gemini hitbtc htx huobi kraken kucoin mexc okex okx poloniex upbit
			binance_deposit`,
		StopMixer: `
			mixing_service mixer mixing tumbler coinjoin tornado tornado_cash
			typhoon_cash ethereum_mixer railgun cyclone wasabi whirlpool samourai
			blender_io sinbad chipmixer privacy_pool`,
		StopBridge: `
			bridge cross_chain cross_chain_bridge defi_bridge interoperability_cross_chain
			across across_protocol allbridge anyswap arbitrum_bridge avalanche_bridge
			axelar celer celer_network chainflip debridge hop hop_protocol layerzero li_fi
			lifi multichain optimism_bridge orbit_bridge polygon_bridge
			poly_network ren renbridge ronin_bridge squid stargate synapse
			thorchain wormhole`,
		StopService: `
			service unknown_service service_or_exchange payment_processor payments
			payment gambling casino betting lottery gaming marketplace market darknet_market
			hosting wallet_service custodian custody faucet miner mining mining_pool
			mining_service terminal airdrop_distributor
			defi dex defi_dex defi_lending defi_swap dex_aggregator dex_ag amm liquidity_pool
			lending loans derivatives yield_farming staking nft_marketplace opensea
			0x_protocol 1inch aave airswap balancer bancor compound cow_protocol curve curve_fi
			dydx idex kyber kyberswap metamask_swap pancakeswap paraswap
			saddlefinance sushiswap tokenlon uniswap`,
		StopContract: `
			contract token erc20 erc721 erc1155 token_contract old_contract proxy_contract
			stablecoin bridged_token deflationary_token null burn token_burn genesis
			null_address burn_address`,
	} {
		for _, category := range strings.Fields(categories) {
			stops[category] = rule
		}
	}
	return stops
}

// With is a copy with the changes made: a category is given a rule, or taken
// out by the empty rule. Categories may be spelt in any way that CategoryWord
// understands. A rule that does not exist is an error.
func (s Stops) With(changes map[string]string) (Stops, error) {
	out := maps.Clone(s)
	for _, category := range slices.Sorted(maps.Keys(changes)) {
		rule := changes[category]
		switch {
		case rule == "":
			delete(out, CategoryWord(category))
		case slices.Contains(StopRules(), rule):
			out[CategoryWord(category)] = rule
		default:
			return nil, fmt.Errorf("category %q: %q is no stop rule; there are %s", category, rule, strings.Join(StopRules(), ", "))
		}
	}
	return out, nil
}

// Rule is the rule that a label's category fires, empty for none. Of several
// words the first that is mapped decides.
func (s Stops) Rule(category string) string {
	for _, word := range categoryWords(category) {
		if rule := s[CategoryWord(word)]; rule != "" {
			return rule
		}
	}
	return ""
}

// SweptInto says whether a label's category may be that of a wallet into which an
// exchange sweeps its deposit addresses. Desks, gateways and deposit addresses
// are ends of a trace, but who pays only them is a customer.
func SweptInto(category string) bool {
	for _, word := range categoryWords(category) {
		switch CategoryWord(word) {
		case "otc", "fiat_gateway", "fiat_onramp", "deposit_wallet", "exchange_deposit", "binance_deposit":
			return false
		}
	}
	return true
}

// CategoryWord writes a category the one way that Stops knows: in lower case,
// with underscores for spaces, dashes and dots. "Tornado.cash" and
// "tornado-cash" are both tornado_cash.
func CategoryWord(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -.", r) {
			return '_'
		}
		return r
	}, strings.ToLower(strings.TrimSpace(s)))
}

// categoryWords splits a category such as "Accounts,MEVBot" or
// "dex|tokenlon" into its words.
func categoryWords(s string) []string {
	words := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",;|/", r) })
	for i, word := range words {
		words[i] = strings.TrimSpace(word)
	}
	return slices.DeleteFunc(words, func(word string) bool { return word == "" })
}
