package taint

import (
	"encoding/binary"
	"slices"
)

// sets gives equal sets of codes equal numbers. Set 0 is empty. There are few:
// a holding's set only grows, and most holdings of a case share theirs.
type sets struct {
	list   [][]uint32
	number map[string]uint32
	grown  map[uint64]uint32 // set and added code: the larger set
}

// members are the codes of a set, sorted; the caller must not change them.
func (s *sets) members(set uint32) []uint32 {
	if set == 0 {
		return nil
	}
	return s.list[set-1]
}

// with is the set that has one code more.
func (s *sets) with(set, code uint32) uint32 {
	old := s.members(set)
	// Most sets have one or two members, and most arrivals bring nothing new.
	at, has := slices.BinarySearch(old, code)
	if has {
		return set
	}
	key := uint64(set)<<32 | uint64(code)
	if next, ok := s.grown[key]; ok {
		return next
	}
	list := slices.Insert(slices.Clone(old), at, code)
	text := make([]byte, 0, 4*len(list))
	for _, c := range list {
		text = binary.BigEndian.AppendUint32(text, c)
	}
	if s.number == nil {
		s.number, s.grown = map[string]uint32{}, map[uint64]uint32{}
	}
	next, ok := s.number[string(text)]
	if !ok {
		s.list = append(s.list, list)
		next = uint32(len(s.list))
		s.number[string(text)] = next
	}
	s.grown[key] = next
	return next
}
