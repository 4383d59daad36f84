package address_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/address"
)

// Every chain that has a name has a reader of addresses.
func TestParseAddress(t *testing.T) {
	example := map[chain.ID]string{
		"bip122:000000000019d6689c085ae165831e93": "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
		"bip122:000000000933ea01ad0ee984209779ba": "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn",
		"bip122:0f9188f13cb7b2c71f2a335e3a4fc328": "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080",
	}
	for _, c := range chain.List() {
		s, ok := example[c.ID]
		if !ok {
			s = "0xdac17f958d2ee523a2206206994597c13d831ec7"
		}
		got, err := address.ParseAddress(c, s)
		require.NoError(t, err, c.Name)
		require.Equal(t, chain.Address(s), got)
	}
	_, err := address.ParseAddress(chain.Chain{Name: "cardano"}, "addr1")
	require.ErrorContains(t, err, "cardano")
}
