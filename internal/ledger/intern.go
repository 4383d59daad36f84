package ledger

import "hash/maphash"

// interner gives equal byte strings equal dense ids. Keys lie end to end, so
// the garbage collector sees a few slices, whatever their number.
type interner struct {
	seed  maphash.Seed
	width int // the length of every key, or 0 where they differ
	n     int
	// With a width the keys lie in chunks: transaction hashes are the biggest
	// column, and a slice that grows is held twice meanwhile.
	chunks [][]byte
	// Else they lie in one arena, where key i stops at ends[i].
	arena []byte
	ends  []uint64
	slots []uint64 // upper half: upper half of the hash, lower half: id+1; 0 is free
}

func newInterner(width int) *interner {
	return &interner{seed: maphash.MakeSeed(), width: width, slots: make([]uint64, 1<<10)}
}

// chunkKeys is how many keys a chunk has.
const chunkKeys = 1 << 14

// home is the slot where a key of this hash belongs.
func (t *interner) home(hash uint64) int { return int(hash >> 32 * uint64(len(t.slots)) >> 32) }

func (t *interner) len() int { return t.n }

func (t *interner) key(id uint32) []byte {
	if t.width > 0 {
		return t.chunks[id/chunkKeys][int(id%chunkKeys)*t.width:][:t.width]
	}
	var from uint64
	if id > 0 {
		from = t.ends[id-1]
	}
	return t.arena[from:t.ends[id]]
}

// find returns the key's id.
func (t *interner) find(key []byte) (id uint32, found bool) {
	id, _, found = t.findHashed(key, t.hash(key))
	return id, found
}

func (t *interner) hash(key []byte) uint64 { return maphash.Bytes(t.seed, key) }

func (t *interner) findHashed(key []byte, hash uint64) (id uint32, slot int, found bool) {
	for i := t.home(hash); ; i++ {
		if i == len(t.slots) {
			i = 0
		}
		s := t.slots[i]
		if s == 0 {
			return 0, i, false
		}
		if s>>32 == hash>>32 {
			id := uint32(s) - 1
			if string(t.key(id)) == string(key) {
				return id, i, true
			}
		}
	}
}

func (t *interner) intern(key []byte) (id uint32, fresh bool) {
	return t.internHashed(key, t.hash(key))
}

func (t *interner) internHashed(key []byte, hash uint64) (id uint32, fresh bool) {
	id, slot, found := t.findHashed(key, hash)
	if found {
		return id, false
	}
	id = uint32(t.n)
	t.n++
	t.keep(id, key)
	t.slots[slot] = hash>>32<<32 | uint64(id+1)
	if t.n*5 > len(t.slots)*4 {
		t.grow()
	}
	return id, true
}

func (t *interner) keep(id uint32, key []byte) {
	if t.width == 0 {
		t.arena = append(t.arena, key...)
		t.ends = append(t.ends, uint64(len(t.arena)))
		return
	}
	if id%chunkKeys == 0 {
		t.chunks = append(t.chunks, make([]byte, 0, chunkKeys*t.width))
	}
	last := &t.chunks[len(t.chunks)-1]
	*last = append(*last, key...)
}

// grow makes the table a quarter greater. The upper half of a hash is enough to
// place a key: no table has more than 2^32 slots. Keys keep their order, so this
// reads and writes the memory from front to back.
func (t *interner) grow() {
	old := t.slots
	t.slots = make([]uint64, len(old)+len(old)/4)
	for _, s := range old {
		if s == 0 {
			continue
		}
		i := t.home(s)
		for t.slots[i] != 0 {
			if i++; i == len(t.slots) {
				i = 0
			}
		}
		t.slots[i] = s
	}
}
