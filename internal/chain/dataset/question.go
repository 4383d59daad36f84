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
	prints          []uint32
	asked, answered set
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
	p.asked, p.answered = newSet(q.Addresses), newSet(q.Answered)
	p.prints = make([]uint32, 0, len(q.Addresses))
	for i := range p.asked.slots {
		if h := p.asked.slots[i].digest; h != 0 {
			p.prints = append(p.prints, fingerprint(h))
		}
	}
	slices.Sort(p.prints)
	p.prints = slices.Compact(p.prints)
	return p
}

// asks reports whether an address with the digest h may be asked for: see
// set.has.
func (q *question) asks(h uint64) bool { return q.asked.has(h) }

// digest is a 64-bit hash of an address, never 0. It is part of the index's format: the
// same on every machine and for ever.
func digest(b []byte) uint64 {
	const k0, k1, k2 = 0xa0761d6478bd642f, 0xe7037ed1a0b428db, 0x8ebc6af09c88c6e3
	h := uint64(len(b)) * k2
	if len(b) == 42 { // an address of an EVM chain, without the loop
		h = mix(word(b)^k0, word(b[8:])^h^k1)
		h = mix(word(b[16:])^k0, word(b[24:])^h^k1)
		return max(1, mix(word(b[32:])^k0^h, uint64(b[40])|uint64(b[41])<<8^k2))
	}
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
