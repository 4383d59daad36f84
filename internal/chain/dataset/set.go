package dataset

import (
	"math/bits"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// set finds addresses by their digest: open addressed and half empty, with a
// small filter before it, so that a miss costs one load. It is read only.
type set struct {
	bits    []uint64
	digests []uint64
	texts   []chain.Address
}

func newSet(addresses map[chain.Address]struct{}) set {
	size := uint64(1) << bits.Len(uint(2*len(addresses)))
	s := set{
		// 16 bits an address let about 1 of 16 misses through to the table.
		bits:    make([]uint64, max(1, 1<<bits.Len(uint(len(addresses)*16/64)))),
		digests: make([]uint64, size), texts: make([]chain.Address, size),
	}
	for a := range addresses {
		if a == "" {
			continue // nobody's: it is never a hit
		}
		h := digest([]byte(a))
		at := h & (size - 1)
		for s.digests[at] != 0 {
			at = (at + 1) & (size - 1)
		}
		s.digests[at], s.texts[at] = h, a
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
		switch s.digests[at&uint64(len(s.digests)-1)] {
		case h:
			return true
		case 0:
			return false
		}
	}
}

// find gives the slot of an address with this digest, -1 if it is not there.
func (s *set) find(a []byte, h uint64) int {
	if !s.may(h) {
		return -1
	}
	for at := h; ; at++ {
		i := at & uint64(len(s.digests)-1)
		if s.digests[i] == 0 {
			return -1
		}
		if s.digests[i] == h && string(s.texts[i]) == string(a) {
			return int(i)
		}
	}
}
