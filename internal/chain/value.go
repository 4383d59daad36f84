package chain

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/holiman/uint256"
)

// Amount is an unsigned 256-bit integer in base units: satoshi, wei, or the
// smallest unit of a token. There are no fractions and no signs.
type Amount = uint256.Int

// ParseAmount reads base-10 text. It refuses signs, fractions, exponents and
// values above 2^256-1.
func ParseAmount(s string) (Amount, error) {
	var a Amount
	if s == "" || len(s) > 78 || strings.Trim(s, "0123456789") != "" {
		return a, fmt.Errorf("amount %q is not a whole number of base units", clip(s))
	}
	if err := a.SetFromDecimal(s); err != nil {
		return a, fmt.Errorf("amount %s is above 2^256-1", clip(s))
	}
	return a, nil
}

func clip(s string) string {
	if len(s) > 90 {
		return s[:90] + "..."
	}
	return s
}

// Address is an address as its chain writes it: lower-case hex with 0x on EVM
// chains, lower-case bech32, or base58 on Bitcoin. The empty Address stands for
// an output that has none (OP_RETURN, bare multisig) and for creation.
type Address string

// NullAddress is the EVM address from which tokens are minted and to which they
// are burnt. It is nobody's.
const NullAddress Address = "0x0000000000000000000000000000000000000000"

// Asset is the contract that issued a token, in the form of an Address, or
// Native. A symbol never identifies an asset: anyone can issue another "USDT".
type Asset string

// Native is a chain's own coin (bitcoin, ether).
const Native Asset = "native"

// Hash names a transaction or a block.
type Hash [32]byte

// ParseHash reads 64 hex digits, with or without 0x, as explorers write them.
func ParseHash(s string) (Hash, error) {
	var h Hash
	t := strings.TrimPrefix(s, "0x")
	if len(t) != 64 {
		return h, fmt.Errorf("hash %q has not 64 hex digits", clip(s))
	}
	if _, err := hex.Decode(h[:], []byte(t)); err != nil {
		return h, fmt.Errorf("hash %q is not hex", clip(s))
	}
	return h, nil
}

// Text writes the hash as the chain's explorers do: 0x on account chains.
func (h Hash) Text(f Family) string {
	if f == Account {
		return "0x" + hex.EncodeToString(h[:])
	}
	return hex.EncodeToString(h[:])
}

// UnknownIndex is the Index of a transaction whose place in its block a source
// does not tell.
const UnknownIndex = ^uint32(0)

// Pos is a transaction's place on its chain. Order is a type: positions are
// compared, never times.
type Pos struct {
	// Height is the block's number.
	Height uint64
	// Index is the place in the block, or UnknownIndex.
	Index uint32
}

// Compare orders positions along the chain: -1, 0 or +1.
func (p Pos) Compare(q Pos) int {
	return cmp.Or(cmp.Compare(p.Height, q.Height), cmp.Compare(p.Index, q.Index))
}

// Span is a range of block heights, both ends included.
type Span struct{ From, To uint64 }

// Has reports whether the height lies in the span.
func (s Span) Has(height uint64) bool { return s.From <= height && height <= s.To }

// Block names one block. Time is in seconds since 1970 UTC, 0 if unknown; a
// zero Hash is unknown.
type Block struct {
	Height uint64
	Hash   Hash
	Time   int64
}
