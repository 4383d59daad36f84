package dataset

import (
	"math/bits"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// set finds addresses by their digest: open addressed and half empty, with a
// small filter before it, so that a miss costs one load. It is read only.
type set struct {
	bits  []uint64
	slots []slot
	// texts are the addresses, as the caller has them.
	texts []chain.Address
}

// slot is one address. That of an EVM chain lies here as its 20 bytes, so that
// to compare it needs no further load.
type slot struct {
	digest uint64 // 0 where the slot is free
	key    [20]byte
	// at is the place in texts, with keyed added if key has the address.
	at uint32
}

const keyed = 1 << 31

func newSet(addresses map[chain.Address]struct{}) set {
	size := uint64(1) << bits.Len(uint(2*len(addresses)))
	s := set{
		// 16 bits an address let about 1 of 16 misses through to the table.
		bits:  make([]uint64, max(1, 1<<bits.Len(uint(len(addresses)*16/64)))),
		slots: make([]slot, size), texts: make([]chain.Address, 0, len(addresses)),
	}
	for a := range addresses {
		if a == "" {
			continue // nobody's: it is never a hit
		}
		h := digest([]byte(a))
		at := h & (size - 1)
		for s.slots[at].digest != 0 {
			at = (at + 1) & (size - 1)
		}
		place := &s.slots[at]
		place.digest, place.at = h, uint32(len(s.texts))
		if pack([]byte(a), &place.key) {
			place.at |= keyed
		}
		s.texts = append(s.texts, a)
		s.bits[h>>6&uint64(len(s.bits)-1)] |= 1 << (h & 63)
	}
	return s
}

// may reports whether an address with the digest may be in the set.
func (s *set) may(h uint64) bool { return s.bits[h>>6&uint64(len(s.bits)-1)]>>(h&63)&1 == 1 }

// has reports whether an address with the digest is in the set. It is wrong
// once in 2^64 times, never for one that is: find decides by text.
func (s *set) has(h uint64) bool {
	if !s.may(h) {
		return false
	}
	for at := h; ; at++ {
		switch s.slots[at&uint64(len(s.slots)-1)].digest {
		case h:
			return true
		case 0:
			return false
		}
	}
}

// find gives the place of an address with this digest in texts, -1 if it is not
// there.
func (s *set) find(a []byte, h uint64) int {
	if !s.may(h) {
		return -1
	}
	for at := h; ; at++ {
		switch place := &s.slots[at&uint64(len(s.slots)-1)]; place.digest {
		case 0:
			return -1
		case h:
			if n := place.at &^ keyed; place.at&keyed == 0 {
				if string(s.texts[n]) == string(a) {
					return int(n)
				}
			} else if key := [20]byte{}; pack(a, &key) && key == place.key {
				return int(n)
			}
		}
	}
}

// findKey is find for an address of an EVM chain as its 20 bytes.
func (s *set) findKey(key *[20]byte, h uint64) int {
	if !s.may(h) {
		return -1
	}
	for at := h; ; at++ {
		switch place := &s.slots[at&uint64(len(s.slots)-1)]; {
		case place.digest == 0:
			return -1
		case place.digest == h && place.at&keyed != 0 && place.key == *key:
			return int(place.at &^ keyed)
		}
	}
}

// pack makes 20 bytes of an EVM address; false if a is none.
func pack(a []byte, key *[20]byte) bool {
	if !isEVM(a) {
		return false
	}
	for i := range 5 {
		w := word(a[2+8*i:])
		n := w&(0x0f*ones) + 9*(w>>6&ones) // a digit a byte
		n = (n<<4 | n>>8) & 0x00ff00ff00ff00ff
		n = (n | n>>8) & 0x0000ffff0000ffff
		n |= n >> 16
		key[4*i], key[4*i+1], key[4*i+2], key[4*i+3] = byte(n), byte(n>>8), byte(n>>16), byte(n>>24)
	}
	return true
}
