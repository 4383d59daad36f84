package evm_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/evm"
)

func TestParseAddressAccepts(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"lower", "0xdac17f958d2ee523a2206206994597c13d831ec7", "0xdac17f958d2ee523a2206206994597c13d831ec7"},
		{"upper", "0xDAC17F958D2EE523A2206206994597C13D831EC7", "0xdac17f958d2ee523a2206206994597c13d831ec7"},
		{"upper x", "0XDAC17F958D2EE523A2206206994597C13D831EC7", "0xdac17f958d2ee523a2206206994597c13d831ec7"},
		{"upper x, lower digits", "0Xdac17f958d2ee523a2206206994597c13d831ec7", "0xdac17f958d2ee523a2206206994597c13d831ec7"},
		{"EIP-55", "0xdAC17F958D2ee523a2206206994597C13D831ec7", "0xdac17f958d2ee523a2206206994597c13d831ec7"},
		{"no letters", "0x0000000000000000000000000000000000000000", string(chain.NullAddress)},
		// The examples of EIP-55 itself.
		{"EIP-55 all caps", "0x52908400098527886E0F7030069857D2E4169EE7", "0x52908400098527886e0f7030069857d2e4169ee7"},
		{"EIP-55 all lower", "0xde709f2102306220921060314715629080e2fb77", "0xde709f2102306220921060314715629080e2fb77"},
		{"EIP-55 normal 1", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"},
		{"EIP-55 normal 2", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", "0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359"},
		{"EIP-55 normal 3", "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xdbf03b407c01e7cd3cbea99509d93f8dddc8c6fb"},
		{"EIP-55 normal 4", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb", "0xd1220a0cf47c7b9be7a2e6ba89f429762e7b9adb"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := evm.ParseAddress(tt.in)
			require.NoError(t, err)
			require.Equal(t, chain.Address(tt.want), got)
		})
	}
}

func TestParseAddressRefuses(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"empty", "", "the address is empty"},
		{
			"checksum", "0xdAC17F958D2ee523a2206206994597C13D831eC7",
			"these digits are spelt 0xdAC17F958D2ee523a2206206994597C13D831ec7",
		},
		{"no prefix", "dac17f958d2ee523a2206206994597c13d831ec7", "lacks its 0x"},
		{"short", "0xdac17f958d2ee523a2206206994597c13d831e", "38 hex digits instead of 40"},
		{"long", "0xdac17f958d2ee523a2206206994597c13d831ec7a", "41 hex digits instead of 40"},
		{"hash", "0x" + strings.Repeat("ab", 32), "is a transaction or block hash"},
		{"not hex", "0xdac17f958d2ee523a2206206994597c13d831ecO", `"O" is not a hex digit`},
		{"Bitcoin", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "does not begin with 0x"},
		{"space", " 0xdac17f958d2ee523a2206206994597c13d831ec7", "does not begin with 0x"},
		{"only prefix", "0x", "0 hex digits"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := evm.ParseAddress(tt.in)
			require.ErrorContains(t, err, tt.want)
			require.Empty(t, got)
		})
	}
}

// Whatever the case, an address has one canonical form, and a single letter in
// the wrong case is noticed.
func TestParseAddressCase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := "0x" + rapid.StringMatching(`[0-9a-f]{40}`).Draw(t, "digits")
		for _, s := range []string{want, "0x" + strings.ToUpper(want[2:])} {
			got, err := evm.ParseAddress(s)
			require.NoError(t, err)
			require.Equal(t, chain.Address(want), got)
		}
	})
}

func FuzzParseAddress(f *testing.F) {
	f.Add("0xdAC17F958D2ee523a2206206994597C13D831ec7")
	f.Add("0X")
	f.Add("1.23E+47")
	f.Fuzz(func(t *testing.T, s string) {
		a, err := evm.ParseAddress(s)
		if err != nil {
			require.Empty(t, a)
			return
		}
		again, err := evm.ParseAddress(string(a))
		require.NoError(t, err)
		require.Equal(t, a, again)
		require.Equal(t, strings.ToLower(s), string(a))
	})
}
