package taint

import "github.com/scamtrace/scamtrace/internal/ledger"

// accounts finds the holding of an (account, asset): a hash table of holding
// numbers, four bytes a slot, at most two thirds full. The key is read from the
// holding, which is needed anyway.
type accounts struct {
	slots []uint32
	used  int
	shift uint
}

const firstBits = 10

func newAccounts() accounts {
	return accounts{slots: make([]uint32, 1<<firstBits), shift: 64 - firstBits}
}

// start is the slot where the search for a key begins: the upper bits of a
// product with the golden ratio, which scatters dense ids.
func (t *accounts) start(address ledger.AddressID, asset ledger.AssetID) uint64 {
	const golden = 0x9E3779B97F4A7C15
	key := uint64(asset)<<32 | uint64(address)
	key ^= key >> 29
	return key * golden >> t.shift
}

// find returns the account's holding, and makes it if it is new.
func (t *accounts) find(s *store, address ledger.AddressID, asset ledger.AssetID) *holding {
	mask := uint64(len(t.slots) - 1)
	i := t.start(address, asset)
	for ; t.slots[i] != 0; i = (i + 1) & mask {
		if h := s.holdings.at(t.slots[i]); h.address == address && h.asset == asset {
			return h
		}
	}
	n := s.holdings.take()
	h := s.holdings.at(n)
	h.address, h.asset = address, asset
	t.slots[i] = n
	t.used++
	if 3*t.used > 2*len(t.slots) {
		t.double(s)
	}
	return h
}

func (t *accounts) double(s *store) {
	old := t.slots
	t.slots = make([]uint32, 2*len(old))
	t.shift--
	mask := uint64(len(t.slots) - 1)
	for _, n := range old {
		if n == 0 {
			continue
		}
		h := s.holdings.at(n)
		i := t.start(h.address, h.asset)
		for t.slots[i] != 0 {
			i = (i + 1) & mask
		}
		t.slots[i] = n
	}
}
