package evm

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ethereum/go-ethereum/common"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// digits is the number of hex digits of an address, without 0x.
const digits = 2 * common.AddressLength

// ParseAddress reads an address of any EVM chain: 0x and 40 hex digits. The
// canonical form is all lower case.
//
// Digits in one case carry no checksum and are taken as they are. Digits in
// mixed case must satisfy EIP-55: a letter in the wrong case means that
// somebody retyped the address, and the error names the spelling that would
// be right if every digit is.
func ParseAddress(s string) (chain.Address, error) {
	hex, err := hexDigits(s)
	if err != nil {
		return "", err
	}
	lower := strings.ToLower(hex)
	if hex == lower && s[1] == 'x' {
		return chain.Address(s), nil
	}
	if hex != lower && hex != strings.ToUpper(hex) {
		if right := common.HexToAddress(lower).Hex(); hex != right[2:] {
			return "", fmt.Errorf("address %s fails its EIP-55 checksum: "+
				"a digit or the case of a letter is wrong; these digits are spelt %s", s, right)
		}
	}
	return chain.Address("0x" + lower), nil
}

// hexDigits cuts the 40 digits out of an address, or says why there are none.
func hexDigits(s string) (string, error) {
	hex, prefixed := strings.CutPrefix(s, "0x")
	if !prefixed {
		hex, prefixed = strings.CutPrefix(s, "0X")
	}
	bad := strings.IndexFunc(hex, func(r rune) bool {
		return !strings.ContainsRune("0123456789abcdefABCDEF", r)
	})
	switch {
	case s == "":
		return "", errors.New("the address is empty")
	case !prefixed && bad < 0 && len(hex) == digits:
		return "", fmt.Errorf("address %s lacks its 0x", s)
	case !prefixed:
		return "", fmt.Errorf("address %q is not an EVM address: it does not begin with 0x", clip(s))
	case bad >= 0:
		return "", fmt.Errorf("address %q is not an EVM address: %q is not a hex digit", clip(s), firstRune(hex[bad:]))
	case len(hex) == 2*common.HashLength:
		return "", fmt.Errorf("%s is a transaction or block hash (64 digits), not an address (40)", s)
	case len(hex) != digits:
		return "", fmt.Errorf("address %s has %d hex digits instead of %d", clip(s), len(hex), digits)
	}
	return hex, nil
}

func firstRune(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

// clip keeps a message readable when a whole page was pasted into a cell.
func clip(s string) string {
	if len(s) > 80 {
		return s[:80] + "..."
	}
	return s
}
