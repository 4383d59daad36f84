package bitcoin_test

import (
	"strings"
	"testing"

	"github.com/btcsuite/btcd/address/v2/base58"
	"github.com/btcsuite/btcd/address/v2/bech32"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin"
)

func lookup(t require.TestingT, name string) chain.Chain {
	c, err := chain.Lookup(name)
	require.NoError(t, err)
	return c
}

func TestParseAddressAccepts(t *testing.T) {
	for _, tt := range []struct{ chain, in, want string }{
		{"bitcoin", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", ""},
		{"bitcoin", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", ""},
		{"bitcoin", "1111111111111111111114oLvT2", ""},
		{"bitcoin", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", ""},
		{"bitcoin-testnet", "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", ""},
		{"bitcoin-regtest", "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", ""},
		{"bitcoin-testnet", "2MzQwSSnBHWHqSAqtTVQ6v47XtaisrJa1Vc", ""},
		{"bitcoin-regtest", "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080", ""},
		// The valid addresses of BIP-350.
		{"bitcoin", "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"},
		{"bitcoin-testnet", "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7", ""},
		{"bitcoin", "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y", ""},
		{"bitcoin", "BC1SW50QGDZ25J", "bc1sw50qgdz25j"},
		{"bitcoin", "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs", ""},
		{"bitcoin-testnet", "tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy", ""},
		{"bitcoin-testnet", "tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c", ""},
		{"bitcoin", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", ""},
	} {
		t.Run(tt.chain+" "+tt.in, func(t *testing.T) {
			got, err := bitcoin.ParseAddress(lookup(t, tt.chain), tt.in)
			require.NoError(t, err)
			if tt.want == "" {
				tt.want = tt.in
			}
			require.Equal(t, chain.Address(tt.want), got)
		})
	}
}

func TestParseAddressRefuses(t *testing.T) {
	for _, tt := range []struct{ name, chain, in, want string }{
		{"empty", "bitcoin", "", "the address is empty"},
		{"not Bitcoin", "ethereum", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "ethereum is not a Bitcoin network"},
		{"base58 checksum", "bitcoin", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3", "wrong checksum"},
		{"base58 case lost", "bitcoin", "1bvbmseystwetqtfn5au4m4gfg7xjanvn2", "changed in case"},
		{"not base58", "bitcoin", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN0", "neither base58 nor bech32"},
		{"too short", "bitcoin", "mystery", "has 7 characters, and a base58 address has 25 to 35"},
		{"base58 length", "bitcoin", base58.CheckEncode(make([]byte, 19), 0), "holds 19 bytes instead of 20"},
		{"a private key", "bitcoin", base58.CheckEncode(make([]byte, 32), 0x80), "holds 32 bytes instead of 20"},
		{"testnet", "bitcoin", "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", "is of bitcoin-testnet, not of bitcoin"},
		{"mainnet", "bitcoin-regtest", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "is of bitcoin, not of bitcoin-regtest"},
		{"Litecoin", "bitcoin", base58.CheckEncode(make([]byte, 20), 0x30), "is of litecoin"},
		{"Tron", "bitcoin", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "is of tron"},
		{"unknown version", "bitcoin", base58.CheckEncode(make([]byte, 20), 0xff), "version byte 0xff"},
		{"EVM", "bitcoin", "0xdac17f958d2ee523a2206206994597c13d831ec7", "looks like an EVM address"},
		{"pasted page", "bitcoin", strings.Repeat("1", 5000), "has 5000 characters"},
		{"bech32 testnet", "bitcoin", "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7", "is of bitcoin-testnet"},
		{"bech32 character", "bitcoin", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3tb", `contains 'b'`},
		{"bech32 checksum", "bitcoin", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", "wrong checksum"},
		// The invalid addresses of BIP-350.
		{"prefix", "bitcoin", "tc1qw508d6qejxtdg4y5r3zarvary0c5xw7kg3g4ty", `prefix "tc"`},
		{"prefix v1", "bitcoin", "tc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut", `prefix "tc"`},
		{"v1 in bech32", "bitcoin", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd", "version 1 is written in bech32m"},
		{"v1 in bech32, testnet", "bitcoin-testnet", "tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf", "version 2 is written in bech32m"},
		{"v16 in bech32", "bitcoin", "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL", "version 16 is written in bech32m"},
		{"v0 in bech32m", "bitcoin", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh", "version 0 is written in bech32"},
		{"v0 in bech32m, testnet", "bitcoin-testnet", "tb1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq24jc47", "version 0 is written in bech32"},
		{"character in checksum", "bitcoin", "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4", `contains 'o'`},
		{"version 17", "bitcoin", "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R", "witness version 17"},
		{"1 byte", "bitcoin", "bc1pw5dgrnzv", "of 1 bytes"},
		{"41 bytes", "bitcoin", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav", "of 41 bytes"},
		{"v0 of 16 bytes", "bitcoin", "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P", "version 0 has 20 or 32"},
		{"mixed case", "bitcoin-testnet", "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq", "mixes upper and lower case"},
		{"padding of over 4 bits", "bitcoin", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf", "whole number of bytes"},
		{"padding not zero", "bitcoin-testnet", "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j", "whole number of bytes"},
		{"no data", "bitcoin", "bc1gmk9yu", "holds nothing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := bitcoin.ParseAddress(lookup(t, tt.chain), tt.in)
			require.ErrorContains(t, err, tt.want)
			require.Empty(t, got)
		})
	}
}

// Whatever a hash is, its address is read on its own network and refused on
// the others.
func TestParseAddressOwnNetwork(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hash := rapid.SliceOfN(rapid.Byte(), 20, 20).Draw(t, "hash")
		program, err := bech32.ConvertBits(hash, 8, 5, true)
		require.NoError(t, err)
		segwit, err := bech32.Encode("bc", append([]byte{0}, program...))
		require.NoError(t, err)
		for _, s := range []string{base58.CheckEncode(hash, 0), base58.CheckEncode(hash, 5), segwit} {
			got, err := bitcoin.ParseAddress(lookup(t, "bitcoin"), s)
			require.NoError(t, err)
			require.Equal(t, chain.Address(s), got)
			for _, other := range []string{"bitcoin-testnet", "bitcoin-regtest"} {
				_, err = bitcoin.ParseAddress(lookup(t, other), s)
				require.ErrorContains(t, err, "is of bitcoin, not of "+other)
			}
		}
	})
}

func FuzzParseAddress(f *testing.F) {
	f.Add("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2")
	f.Add("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4")
	f.Add("bc1gmk9yu")
	f.Add("bc1")
	f.Fuzz(func(t *testing.T, s string) {
		for _, name := range []string{"bitcoin", "bitcoin-testnet", "bitcoin-regtest"} {
			c := lookup(t, name)
			a, err := bitcoin.ParseAddress(c, s)
			if err != nil {
				require.Empty(t, a)
				continue
			}
			again, err := bitcoin.ParseAddress(c, string(a))
			require.NoError(t, err)
			require.Equal(t, a, again)
		}
	})
}
