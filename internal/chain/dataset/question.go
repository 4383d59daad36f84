package dataset

import (
	"math/bits"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// question is a chain.Question made ready for many lookups. It is read only.
type question struct {
	chain.Question
	kinds kindSet
	// prints are the fingerprints of Addresses, sorted, for the index.
	prints []uint32
	// bits is a small filter before the table: a miss costs one load.
	bits []uint64
	// digests and texts hold Addresses, open addressed and half empty. They
	// give the text that the caller has, so that a hit allocates nothing, and
	// keep most look-ups to the digests.
	digests []uint64
	texts   []chain.Address
}

type kindSet uint8

func (s kindSet) has(k chain.Kind) bool { return s>>k&1 == 1 }

func prepare(q chain.Question) *question {
	p := &question{Question: q}
	for _, k := range q.Kinds {
		p.kinds |= 1 << k
	}
	if len(q.Kinds) == 0 {
		p.kinds = ^kindSet(0)
	}
	// 16 bits an address let about 1 of 16 misses through to the map.
	p.bits = make([]uint64, max(1, 1<<bits.Len(uint(len(q.Addresses)*16/64))))
	p.prints = make([]uint32, 0, len(q.Addresses))
	size := uint64(1) << bits.Len(uint(2*len(q.Addresses)))
	p.digests, p.texts = make([]uint64, size), make([]chain.Address, size)
	for a := range q.Addresses {
		if a == "" {
			continue // nobody's: it is never a hit
		}
		h := digest([]byte(a))
		at := h & (size - 1)
		for p.digests[at] != 0 {
			at = (at + 1) & (size - 1)
		}
		p.digests[at], p.texts[at] = h, a
		p.prints = append(p.prints, fingerprint(h))
		p.bits[h>>6&uint64(len(p.bits)-1)] |= 1 << (h & 63)
	}
	slices.Sort(p.prints)
	p.prints = slices.Compact(p.prints)
	return p
}

// asks reports whether an address with the digest h may be asked for. It is
// wrong once in 2^64 times, never for one that is asked: tell decides by text.
func (q *question) asks(h uint64) bool {
	if q.bits[h>>6&uint64(len(q.bits)-1)]>>(h&63)&1 == 0 {
		return false
	}
	for at := h; ; at++ {
		switch q.digests[at&uint64(len(q.digests)-1)] {
		case h:
			return true
		case 0:
			return false
		}
	}
}

// find gives the caller's text of an asked address.
func (q *question) find(a []byte, h uint64) (chain.Address, bool) {
	if !q.asks(h) {
		return "", false
	}
	for at := h; ; at++ {
		i := at & uint64(len(q.digests)-1)
		if q.digests[i] == 0 {
			return "", false
		}
		if q.digests[i] == h && string(q.texts[i]) == string(a) {
			return q.texts[i], true
		}
	}
}

// digest is a 64-bit hash of an address, never 0. It is part of the index's format: the
// same on every machine and for ever.
func digest(b []byte) uint64 {
	const k0, k1, k2 = 0xa0761d6478bd642f, 0xe7037ed1a0b428db, 0x8ebc6af09c88c6e3
	h := uint64(len(b)) * k2
	for len(b) >= 16 {
		h = mix(word(b)^k0, word(b[8:])^h^k1)
		b = b[16:]
	}
	var tail [16]byte
	copy(tail[:], b)
	return max(1, mix(word(tail[:])^k0^h, word(tail[8:])^k2))
}

func mix(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	return high ^ low
}

func word(b []byte) uint64 {
	_ = b[7]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// fingerprint is what the index keeps of an address.
func fingerprint(h uint64) uint32 { return uint32(h >> 32) }
