package ledger

import (
	"bytes"
	"encoding/hex"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// AddressID is an address of one ledger. Ids are dense, start at 0 and follow
// the order of first mention; they are never published.
type AddressID uint32

// AssetID is an asset of one ledger, dense from 0.
type AssetID uint32

// packed is how an address lies in the arena: the 20 bytes of an EVM address,
// or the text. A text of 20 bytes, which no chain has, gets a zero byte more.
func packed(buf []byte, a chain.Address) []byte {
	if len(a) == 42 && a[0] == '0' && a[1] == 'x' {
		buf = buf[:20]
		var bad byte
		for i := range buf {
			hi, notHi := nibble(a[2+2*i])
			lo, notLo := nibble(a[3+2*i])
			bad |= notHi | notLo
			buf[i] = hi<<4 | lo
		}
		if bad == 0 {
			return buf
		}
	}
	buf = append(buf[:0], a...)
	if len(a) == 20 {
		buf = append(buf, 0)
	}
	return buf
}

// nibble reads one lower-case hex digit; bad is 0 if it is one. It does not
// branch: the digits of an address are as good as random.
func nibble(c byte) (v, bad byte) {
	v = c&15 + 9*(c>>6)
	written := v + '0' + ('a'-'9'-1)*((9-v)>>7)
	return v, written ^ c | v&^15
}

func unpacked(key []byte) chain.Address {
	switch {
	case len(key) == 21 && key[20] == 0:
		return chain.Address(key[:20])
	case len(key) != 20:
		return chain.Address(key)
	}
	var buf [42]byte
	buf[0], buf[1] = '0', 'x'
	hex.Encode(buf[2:], key)
	return chain.Address(buf[:])
}

// compareAddress orders two packed addresses by their texts. Hex digits sort
// like the bytes they stand for.
func compareAddress(a, b []byte) int {
	if (len(a) == 20) == (len(b) == 20) {
		return bytes.Compare(a, b)
	}
	return strings.Compare(string(unpacked(a)), string(unpacked(b)))
}

// isNull reports whether a key is the packed null address.
func isNull(key []byte) bool { return len(key) == 20 && [20]byte(key) == [20]byte{} }
