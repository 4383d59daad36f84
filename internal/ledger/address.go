package ledger

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"
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
	if len(a) == 42 {
		buf = buf[:20]
		if pack20((*[20]byte)(buf), a) {
			return buf
		}
	}
	buf = append(buf[:0], a...)
	if len(a) == 20 {
		buf = append(buf, 0)
	}
	return buf
}

// pack20 packs an EVM address in canonical text; false if a is none.
func pack20(to *[20]byte, a chain.Address) bool {
	if len(a) != 42 || a[0] != '0' || a[1] != 'x' {
		return false
	}
	var good uint64 = tops
	for i := 0; i < 40; i += 8 {
		w := uint64(a[i+2]) | uint64(a[i+3])<<8 | uint64(a[i+4])<<16 | uint64(a[i+5])<<24 |
			uint64(a[i+6])<<32 | uint64(a[i+7])<<40 | uint64(a[i+8])<<48 | uint64(a[i+9])<<56
		digits, ok := unhex(w)
		good &= ok
		binary.BigEndian.PutUint32(to[i/2:], digits)
	}
	return good == tops
}

const (
	ones = 0x0101010101010101
	tops = 0x8080808080808080
)

// unhex reads eight hex digits at once, the first in the lowest byte. ok has the
// top bit of each byte that is a lower-case digit: adding 0x80-c carries into it
// if the byte is at least c.
func unhex(w uint64) (v uint32, ok uint64) {
	low := w &^ tops
	digit := (low + (0x80-'0')*ones) &^ (low + (0x80-':')*ones)
	letter := (low + (0x80-'a')*ones) &^ (low + (0x80-'g')*ones)
	ok = (digit | letter) & tops &^ w
	n := w&(0x0f*ones) + 9*(w>>6&ones) // a nibble a byte
	n = n<<4 | n>>8                    // the even bytes hold two
	n &= 0x00ff00ff00ff00ff
	n = (n | n>>8) & 0x0000ffff0000ffff
	return bits.ReverseBytes32(uint32(n | n>>16)), ok
}

// appendHex appends the lower-case digits of whole groups of four bytes.
func appendHex(dst, src []byte) []byte {
	n := len(dst)
	dst = append(dst, make([]byte, 2*len(src))...)
	for to := dst[n:]; len(src) >= 4; src, to = src[4:], to[8:] {
		binary.LittleEndian.PutUint64(to, hexed(binary.LittleEndian.Uint32(src)))
	}
	return dst
}

// hexed is the inverse of unhex: the digits of four bytes, the lowest first.
func hexed(v uint32) uint64 {
	n := uint64(v)
	n = (n | n<<16) & 0x0000ffff0000ffff
	n = (n | n<<8) & 0x00ff00ff00ff00ff
	n = (n>>4 | n<<8) & (0x0f * ones)          // a nibble a byte
	letter := (n + (0x80-10)*ones) >> 7 & ones // carries into the top bit from 10 on
	return n + '0'*ones + ('a'-'0'-10)*letter
}

func unpacked(key []byte) chain.Address {
	switch {
	case len(key) == 21 && key[20] == 0:
		return chain.Address(key[:20])
	case len(key) != 20:
		return chain.Address(key)
	}
	var buf [42]byte
	return chain.Address(appendHex(append(buf[:0], '0', 'x'), key))
}

// compareAddress orders two packed addresses by their texts. Hex digits sort
// like the bytes they stand for.
func compareAddress(a, b []byte) int {
	if (len(a) == 20) == (len(b) == 20) {
		return bytes.Compare(a, b)
	}
	return strings.Compare(string(unpacked(a)), string(unpacked(b)))
}

// Sort puts addresses in the order of Compare.
func (l *Ledger) Sort(ids []AddressID) {
	// The first bytes of the keys decide almost always; they are gathered once.
	// Keys of both sorts are only ordered by their texts.
	type prefixed struct {
		prefix uint64
		id     AddressID
	}
	list := make([]prefixed, len(ids))
	long := 0
	for i, id := range ids {
		var first [8]byte
		key := l.addresses.key(uint32(id))
		copy(first[:], key)
		if len(key) == 20 {
			long++
		}
		list[i] = prefixed{binary.BigEndian.Uint64(first[:]), id}
	}
	if long != 0 && long != len(ids) {
		slices.SortFunc(ids, l.Compare)
		return
	}
	slices.SortFunc(list, func(a, b prefixed) int {
		if a.prefix != b.prefix {
			return cmp.Compare(a.prefix, b.prefix)
		}
		return l.Compare(a.id, b.id)
	})
	for i := range list {
		ids[i] = list[i].id
	}
}

// isNull reports whether a key is the packed null address.
func isNull(key []byte) bool { return len(key) == 20 && [20]byte(key) == [20]byte{} }
