package table

import (
	"encoding/binary"
	"math/big"
	"math/bits"
	"strconv"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Decimal is a DECIMAL(38,0) as Parquet stores it: a big-endian integer in
// two's complement.
type Decimal [16]byte

// The two halves of 10^38, the first number that a Decimal does not hold.
const (
	limitHigh = 0x4b3b4ca85a86c47a
	limitLow  = 0x098a224000000000
)

// piece is the largest power of ten in eight bytes.
const (
	piece       = 10_000_000_000_000_000_000
	pieceDigits = 19
)

// NewDecimal is the amount as a decimal; false where it has more than 38 digits.
func NewDecimal(a *chain.Amount) (d Decimal, fits bool) {
	if a[3]|a[2] != 0 || a[1] > limitHigh || a[1] == limitHigh && a[0] >= limitLow {
		return d, false
	}
	binary.BigEndian.PutUint64(d[:8], a[1])
	binary.BigEndian.PutUint64(d[8:], a[0])
	return d, true
}

// Pair is an amount as its two columns want it.
func Pair(a *chain.Amount) (value *Decimal, lossless string) {
	if d, ok := NewDecimal(a); ok {
		value = &d
	}
	return value, string(appendAmount(nil, a))
}

// signedPair is Pair for a number that may be negative.
func signedPair(n *big.Int) (value *Decimal, lossless string) {
	var a chain.Amount
	if a.SetFromBig(new(big.Int).Abs(n)) {
		return nil, n.String()
	}
	d, ok := NewDecimal(&a)
	if !ok {
		return nil, n.String()
	}
	if n.Sign() < 0 {
		d = d.negated()
	}
	return &d, n.String()
}

func (d Decimal) halves() (high, low uint64) {
	return binary.BigEndian.Uint64(d[:8]), binary.BigEndian.Uint64(d[8:])
}

func (d Decimal) negated() Decimal {
	high, low := d.halves()
	low, borrow := bits.Sub64(0, low, 0)
	high, _ = bits.Sub64(0, high, borrow)
	binary.BigEndian.PutUint64(d[:8], high)
	binary.BigEndian.PutUint64(d[8:], low)
	return d
}

// String is the decimal in base 10.
func (d Decimal) String() string { return string(d.append(nil)) }

func (d Decimal) append(dst []byte) []byte {
	if d[0]&0x80 != 0 {
		dst, d = append(dst, '-'), d.negated()
	}
	high, low := d.halves()
	return append128(dst, high, low)
}

// appendAmount appends the amount in base 10, without allocating for amounts
// below 10^38.
func appendAmount(dst []byte, a *chain.Amount) []byte {
	switch {
	case a[3]|a[2]|a[1] == 0:
		return strconv.AppendUint(dst, a[0], 10)
	case a[3]|a[2] == 0 && a[1] < piece:
		return append128(dst, a[1], a[0])
	}
	return append(dst, a.Dec()...)
}

// append128 appends a number below 10^19 * 2^64, cut after its last 19 digits,
// the most that fit eight bytes.
func append128(dst []byte, high, low uint64) []byte {
	if high == 0 {
		return strconv.AppendUint(dst, low, 10)
	}
	head, tail := bits.Div64(high, low, piece)
	dst = strconv.AppendUint(dst, head, 10)
	from := len(dst)
	for range pieceDigits {
		dst = append(dst, '0')
	}
	for i := len(dst) - 1; i >= from; i-- {
		dst[i], tail = byte('0'+tail%10), tail/10
	}
	return dst
}
