package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// checker reports whether text is an address in the chain's canonical form.
type checker func(b []byte) error

// checkerFor is the chain's check. It is cheap: alphabet, length and prefix, no
// checksum, because the exporters derived the text from scripts.
func checkerFor(c chain.Chain) checker {
	if c.Family == chain.Account {
		return checkEVM
	}
	switch c.Name {
	case "bitcoin":
		return bitcoinChecker("bc1", "13")
	case "bitcoin-testnet":
		return bitcoinChecker("tb1", "mn2")
	default:
		return bitcoinChecker("bcrt1", "mn2")
	}
}

// checkEVM accepts 0x and 40 lower-case hex digits.
func checkEVM(b []byte) error {
	if isEVM(b) {
		return nil
	}
	if isEVM(bytes.ToLower(b)) {
		return fmt.Errorf("%q has capitals; write addresses in lower case", clip(b))
	}
	return fmt.Errorf("%q is not an address of 0x and 40 hex digits", clip(b))
}

func isEVM(b []byte) bool {
	return len(b) == 42 && b[0] == '0' && b[1] == 'x' &&
		lowerHex(word(b[2:]))&lowerHex(word(b[10:]))&lowerHex(word(b[18:]))&
			lowerHex(word(b[26:]))&lowerHex(word(b[34:])) == tops
}

const (
	ones = 0x0101010101010101
	tops = 0x8080808080808080
)

// lowerHex sets the top bit of each of eight bytes that is 0-9 or a-f. Every
// address of a file passes here, so eight digits are tested at once: adding
// 0x80-c carries into the top bit of a byte if it is at least c.
func lowerHex(w uint64) uint64 {
	const from0, behind9, fromA, behindF = (0x80 - '0') * ones, (0x80 - ':') * ones, (0x80 - 'a') * ones, (0x80 - 'g') * ones
	low := w &^ tops
	digit := (low + from0) &^ (low + behind9)
	letter := (low + fromA) &^ (low + behindF)
	return (digit | letter) & tops &^ w
}

func bitcoinChecker(bech32, base58 string) checker {
	return func(b []byte) error {
		var wrong byte
		switch {
		case len(b) > len(bech32) && string(b[:len(bech32)]) == bech32:
			rest := b[len(bech32):]
			for _, d := range rest {
				wrong |= notBech32[d]
			}
			if len(rest) < 11 || len(b) > 90 {
				wrong = 1
			}
		case len(b) == len("nonstandard")+40 && string(b[:len("nonstandard")]) == "nonstandard":
			// bitcoin-etl names a script without an address by its hash.
			for _, d := range b[len("nonstandard"):] {
				wrong |= notLowerHex[d]
			}
		case len(b) >= 26 && len(b) <= 35 && strings.IndexByte(base58, b[0]) >= 0:
			for _, d := range b {
				wrong |= notBase58[d]
			}
		default:
			wrong = 1
		}
		if wrong != 0 {
			return fmt.Errorf("%q is not an address of this chain (%s... or base58 from %q)", clip(b), bech32, base58)
		}
		return nil
	}
}

// address is the text of an address cell; nil where it is NULL.
func (c *cell) address() ([]byte, error) {
	switch c.kind {
	case null:
		return nil, nil
	case text:
		return c.b, nil
	}
	return nil, errors.New("is not text")
}
