package ledger

import "hash/maphash"

// interner gives equal byte strings equal dense ids. Keys lie end to end in
// chunks: a slice that grows is copied and held twice meanwhile, and the garbage
// collector sees few of them, whatever the number of keys.
type interner struct {
	seed   maphash.Seed
	width  int // the length of every key, or 0 where they differ
	n      int
	chunks [][]byte
	// Without a width, where key i lies: upper half: its chunk, lower half: where
	// it stops there.
	ends  []uint64
	slots []uint64 // upper half: upper half of the hash, lower half: id+1; 0 is free
}

func newInterner(width int) *interner {
	return &interner{seed: maphash.MakeSeed(), width: width, slots: make([]uint64, 1<<10)}
}

const (
	chunkKeys  = 1 << 14 // keys of a chunk, with a width
	chunkBytes = 1 << 18 // of a chunk without, but for a longer key
	fewSlots   = 1 << 22 // up to here memory is cheap, and the table doubles
)

// home is the slot where a key of this hash belongs.
func (t *interner) home(hash uint64) int { return int(hash >> 32 * uint64(len(t.slots)) >> 32) }

func (t *interner) len() int { return t.n }

func (t *interner) key(id uint32) []byte {
	if t.width > 0 {
		return t.chunks[id/chunkKeys][int(id%chunkKeys)*t.width:][:t.width]
	}
	end := t.ends[id]
	var from uint32
	if id > 0 && t.ends[id-1]>>32 == end>>32 {
		from = uint32(t.ends[id-1])
	}
	return t.chunks[end>>32][from:uint32(end)]
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
	last := len(t.chunks) - 1
	switch {
	case t.width > 0 && id%chunkKeys == 0:
		t.chunks, last = append(t.chunks, make([]byte, 0, chunkKeys*t.width)), last+1
	case t.width == 0 && (last < 0 || len(t.chunks[last])+len(key) > cap(t.chunks[last])):
		t.chunks, last = append(t.chunks, make([]byte, 0, max(chunkBytes, len(key)))), last+1
	}
	t.chunks[last] = append(t.chunks[last], key...)
	if t.width == 0 {
		t.ends = append(t.ends, uint64(last)<<32|uint64(len(t.chunks[last])))
	}
}

// grow makes the table a quarter greater, a small one twice as great. The upper
// half of a hash is enough to place a key: no table has more than 2^32 slots. Keys
// keep their order, so this reads and writes the memory from front to back.
func (t *interner) grow() {
	old := t.slots
	more := len(old) / 4
	if len(old) < fewSlots {
		more = len(old)
	}
	t.slots = make([]uint64, len(old)+more)
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
