package bitcoin

import (
	"errors"
	"fmt"
	"strings"

	"github.com/btcsuite/btcd/address/v2/base58"
	"github.com/btcsuite/btcd/address/v2/bech32"

	"github.com/scamtrace/scamtrace/internal/chain"
)

const (
	// maxLength is BIP-173's bound for bech32; base58 addresses are shorter.
	maxLength = 90
	// minBase58 and maxBase58 bound the length of 25 bytes in base58.
	minBase58, maxBase58 = 25, 35
	// hashLength is the payload of a base58 address: a RIPEMD-160 hash.
	hashLength = 20
)

// ParseAddress reads an address of the chain c: base58check (P2PKH, P2SH),
// bech32 (witness version 0) or bech32m (version 1 and above, BIP-350). The
// canonical form of bech32 is lower case; all upper case, as QR codes have it,
// is accepted, mixed case is not. An error says what is wrong and names the
// network that an address of another network belongs to.
func ParseAddress(c chain.Chain, s string) (chain.Address, error) {
	var net network
	for _, n := range networks() {
		if n.name == c.Name {
			net = n
		}
	}
	switch {
	case net.name == "":
		return "", fmt.Errorf("%s is not a Bitcoin network", c.Name)
	case s == "":
		return "", errors.New("the address is empty")
	case len(s) > maxLength:
		return "", fmt.Errorf("address %s... has %d characters; none has more than %d", s[:20], len(s), maxLength)
	case isBech32(s):
		return parseBech32(net, s)
	}
	return parseBase58(net, s)
}

// isBech32 reports whether s begins like a bech32 address of a known network.
// No base58 address does: those begin with 1, 2, 3, m or n.
func isBech32(s string) bool {
	lower := strings.ToLower(s)
	for _, n := range append(networks(), strangers()...) {
		if n.prefix != "" && strings.HasPrefix(lower, n.prefix+"1") {
			return true
		}
	}
	return false
}

func parseBase58(net network, s string) (chain.Address, error) {
	payload, version, err := base58.CheckDecode(s)
	switch {
	case errors.Is(err, base58.ErrChecksum) && (len(s) < minBase58 || len(s) > maxBase58):
		return "", fmt.Errorf("address %q is not a Bitcoin address: it has %d characters, and a base58 address has %d to %d",
			s, len(s), minBase58, maxBase58)
	case errors.Is(err, base58.ErrChecksum):
		return "", fmt.Errorf("address %s has a wrong checksum: a character was mistyped, lost or changed in case", s)
	case err != nil:
		return "", notAnAddress(s)
	case len(payload) != hashLength:
		return "", fmt.Errorf("address %s holds %d bytes instead of %d", s, len(payload), hashLength)
	case version == net.pubKeyHash || version == net.scriptHash:
		return chain.Address(s), nil
	}
	for _, n := range append(networks(), strangers()...) {
		if version == n.pubKeyHash || version == n.scriptHash {
			return "", elsewhere(net, n, s)
		}
	}
	return "", fmt.Errorf("address %s has version byte 0x%02x, which is not %s's", s, version, net.name)
}

// notAnAddress says more about text that is no base58 than "invalid format".
func notAnAddress(s string) error {
	if prefix, _, _, err := bech32.DecodeGeneric(s); err == nil {
		return fmt.Errorf("address %s has the prefix %q, which no Bitcoin network uses", s, prefix)
	}
	if strings.HasPrefix(s, "0x") {
		return fmt.Errorf("address %q is not a Bitcoin address: it looks like an EVM address or a hash", s)
	}
	return fmt.Errorf("address %q is not a Bitcoin address: neither base58 nor bech32", s)
}

func elsewhere(want, got network, s string) error {
	return fmt.Errorf("address %s is of %s, not of %s", s, got.name, want.name)
}

func parseBech32(net network, s string) (chain.Address, error) {
	prefix, data, encoding, err := bech32.DecodeGeneric(s)
	if err != nil {
		return "", bech32Error(s, err)
	}
	if prefix != net.prefix {
		for _, n := range append(networks(), strangers()...) {
			if prefix == n.prefix {
				return "", elsewhere(net, n, s)
			}
		}
		return "", fmt.Errorf("address %s has the prefix %q, which no Bitcoin network uses", s, prefix)
	}
	if len(data) == 0 {
		return "", fmt.Errorf("address %s holds nothing", s)
	}
	version := data[0]
	program, err := bech32.ConvertBits(data[1:], 5, 8, false)
	if err != nil {
		return "", fmt.Errorf("address %s is not a whole number of bytes: characters were lost or added", s)
	}
	if err := checkProgram(version, len(program), encoding); err != nil {
		return "", fmt.Errorf("address %s %w", s, err)
	}
	return chain.Address(strings.ToLower(s)), nil
}

// checkProgram holds the rules of BIP-141 and BIP-350 for what an address may
// carry.
func checkProgram(version byte, length int, encoding bech32.Version) error {
	switch {
	case version > 16:
		return fmt.Errorf("has witness version %d; there are 0 to 16", version)
	case length < 2 || length > 40:
		return fmt.Errorf("holds a witness program of %d bytes; there are 2 to 40", length)
	case version == 0 && length != 20 && length != 32:
		return fmt.Errorf("holds a witness program of %d bytes; version 0 has 20 or 32", length)
	case version == 0 && encoding != bech32.Version0:
		return errors.New("is written in bech32m, but witness version 0 is written in bech32")
	case version != 0 && encoding != bech32.VersionM:
		return fmt.Errorf("is written in bech32, but witness version %d is written in bech32m (BIP-350)", version)
	}
	return nil
}

// bech32Error words the decoder's complaint for the reader of a seed list. It
// never says which characters would be right: BIP-173 forbids to mend an
// address, since the mended one may be another person's.
func bech32Error(s string, err error) error {
	if errors.As(err, new(bech32.ErrMixedCase)) {
		return fmt.Errorf("address %s mixes upper and lower case", s)
	}
	if errors.As(err, new(bech32.ErrInvalidChecksum)) {
		return fmt.Errorf("address %s has a wrong checksum: a character was mistyped or lost", s)
	}
	if char := bech32.ErrNonCharsetChar(0); errors.As(err, &char) {
		return fmt.Errorf("address %s contains %q, which bech32 does not use", s, rune(char))
	}
	return fmt.Errorf("address %q is not bech32: %w", s, err)
}
