package ledger

import (
	"bytes"
	"encoding/hex"
	"hash/maphash"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// AddressID is an address of one ledger. Ids are dense, start at 0 and follow
// the order of first mention; they are never published.
type AddressID uint32

// AssetID is an asset of one ledger, dense from 0.
type AssetID uint32

// interner gives equal byte strings equal dense ids. Keys lie in one arena, so
// the garbage collector sees three slices, whatever their number.
type interner struct {
	seed  maphash.Seed
	arena []byte
	ends  []uint64 // ends[i] is where key i stops in the arena
	slots []uint64 // upper half: hash, lower half: id+1; 0 is free
}

func newInterner() *interner {
	return &interner{seed: maphash.MakeSeed(), slots: make([]uint64, 1<<10)}
}

func (t *interner) len() int { return len(t.ends) }

func (t *interner) key(id uint32) []byte {
	var from uint64
	if id > 0 {
		from = t.ends[id-1]
	}
	return t.arena[from:t.ends[id]]
}

// compare orders two keys by their bytes. For addresses of one chain that is the
// order of their texts: hex digits sort like the bytes they stand for.
func (t *interner) compare(a, b uint32) int { return bytes.Compare(t.key(a), t.key(b)) }

// isNull reports whether a key is the packed null address.
func (t *interner) isNull(id uint32) bool {
	key := t.key(id)
	return len(key) == 20 && [20]byte(key) == [20]byte{}
}

// find returns the key's id, and the slot where it is or belongs.
func (t *interner) find(key []byte) (id uint32, slot uint64, hash uint64, found bool) {
	hash = maphash.Bytes(t.seed, key)
	mask := uint64(len(t.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		s := t.slots[i]
		if s == 0 {
			return 0, i, hash, false
		}
		if s>>32 == hash>>32 {
			id := uint32(s) - 1
			if string(t.key(id)) == string(key) {
				return id, i, hash, true
			}
		}
	}
}

func (t *interner) intern(key []byte) (id uint32, fresh bool) {
	id, slot, hash, found := t.find(key)
	if found {
		return id, false
	}
	id = uint32(len(t.ends))
	t.arena = append(t.arena, key...)
	t.ends = append(t.ends, uint64(len(t.arena)))
	t.slots[slot] = hash>>32<<32 | uint64(id+1)
	if len(t.ends)*3 > len(t.slots)*2 {
		t.grow()
	}
	return id, true
}

func (t *interner) grow() {
	old := t.slots
	t.slots = make([]uint64, 2*len(old))
	mask := uint64(len(t.slots) - 1)
	for _, s := range old {
		if s == 0 {
			continue
		}
		// The slot keeps only the upper half of the hash, so it is made again.
		i := maphash.Bytes(t.seed, t.key(uint32(s)-1)) & mask
		for t.slots[i] != 0 {
			i = (i + 1) & mask
		}
		t.slots[i] = s
	}
}

// packed is how an address lies in the arena: the 20 bytes of an EVM address,
// or the text. No Bitcoin address has 20 characters, so the length tells.
func packed(buf []byte, a chain.Address) []byte {
	if len(a) == 42 && a[0] == '0' && a[1] == 'x' {
		buf = buf[:20]
		for i := range 20 {
			hi, lo := nibble(a[2+2*i]), nibble(a[3+2*i])
			if hi|lo > 15 {
				return append(buf[:0], a...)
			}
			buf[i] = hi<<4 | lo
		}
		return buf
	}
	return append(buf[:0], a...)
}

// nibble reads one lower-case hex digit; anything else is above 15.
func nibble(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	}
	return 0xf0
}

func unpacked(key []byte) chain.Address {
	if len(key) != 20 {
		return chain.Address(key)
	}
	var buf [42]byte
	buf[0], buf[1] = '0', 'x'
	hex.Encode(buf[2:], key)
	return chain.Address(buf[:])
}
