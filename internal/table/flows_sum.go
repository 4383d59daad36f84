package table

import (
	"math/bits"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// flowSums adds up transfers by payer, payee, asset and split rule: an open
// hash table over cells that lie in blocks and never move, 44 to 50 bytes for
// each flow.
type flowSums struct {
	slots  []uint32 // cell+1; 0 is free
	blocks [][]flowCell
	count  uint32
	wide   map[uint32]*chain.Amount // sums of 2^128-1 and more
}

type flowKey struct {
	asset    uint32 // asset<<2 | split
	from, to uint32 // address+1; 0 for none
}

type flowCell struct {
	flowKey
	transfers   uint32
	first, last uint32 // transfers
	low, high   uint64
}

const blockCells = 1 << 15

// split is a split rule, in the order of its text.
type split uint32

const (
	splitExact split = iota
	splitProRata
	splitUnknown
)

func (s split) String() string {
	return [...]string{SplitExact, SplitProRataInputs, SplitUnknownInputs}[s]
}

func newFlowSums() *flowSums {
	return &flowSums{slots: make([]uint32, 1<<12), wide: map[uint32]*chain.Amount{}}
}

func (k flowKey) hash() uint64 {
	h, l := bits.Mul64(uint64(k.from)<<32|uint64(k.to)^0x9e3779b97f4a7c15, 0xd6e8feb86659fd93^uint64(k.asset)<<33)
	return (h ^ l) * 0xff51afd7ed558ccd
}

func (s *flowSums) cell(i uint32) *flowCell { return &s.blocks[i/blockCells][i%blockCells] }

// add counts a transfer's share. A transfer that has several shares of one flow
// must add them one after the other; it is counted once.
func (s *flowSums) add(k flowKey, transfer uint32, a *chain.Amount) {
	mask := uint64(len(s.slots) - 1)
	i := k.hash() >> 20 & mask
	for ; s.slots[i] != 0; i = (i + 1) & mask {
		if c := s.cell(s.slots[i] - 1); c.flowKey == k {
			if c.last != transfer {
				c.transfers++
				c.last = transfer
			}
			s.grow(s.slots[i]-1, c, a)
			return
		}
	}
	if s.count%blockCells == 0 {
		s.blocks = append(s.blocks, make([]flowCell, blockCells))
	}
	id := s.count
	s.count++
	s.slots[i] = id + 1
	c := s.cell(id)
	*c = flowCell{flowKey: k, transfers: 1, first: transfer, last: transfer}
	s.grow(id, c, a)
	if uint64(s.count)*4 > uint64(len(s.slots))*3 {
		s.rehash()
	}
}

// isWide marks a cell whose sum is in wide.
const isWide = ^uint64(0)

// grow adds to a cell's sum.
func (s *flowSums) grow(id uint32, c *flowCell, a *chain.Amount) {
	if c.low == isWide && c.high == isWide {
		w := s.wide[id]
		w.Add(w, a)
		return
	}
	low, carry := bits.Add64(c.low, a[0], 0)
	high, over := bits.Add64(c.high, a[1], carry)
	if over|a[2]|a[3] != 0 || low == isWide && high == isWide {
		w := &chain.Amount{c.low, c.high}
		s.wide[id] = w.Add(w, a)
		low, high = isWide, isWide
	}
	c.low, c.high = low, high
}

func (s *flowSums) sum(id uint32) chain.Amount {
	c := s.cell(id)
	if c.low == isWide && c.high == isWide {
		return *s.wide[id]
	}
	return chain.Amount{c.low, c.high}
}

func (s *flowSums) rehash() {
	s.slots = make([]uint32, 2*len(s.slots))
	mask := uint64(len(s.slots) - 1)
	for id := range s.count {
		i := s.cell(id).hash() >> 20 & mask
		for s.slots[i] != 0 {
			i = (i + 1) & mask
		}
		s.slots[i] = id + 1
	}
}

// sumFlows adds up all transfers of a book.
func sumFlows(b *ledger.Book) *flowSums {
	s := newFlowSums()
	null, hasNull := b.Find(chain.NullAddress)
	empty, hasEmpty := b.Find("")
	number := func(id ledger.AddressID) uint32 {
		if hasEmpty && id == empty {
			return 0
		}
		return uint32(id) + 1
	}
	shares := &shares{book: b}
	utxo := b.Chain().Family == chain.UTXO
	for i := range b.Len() {
		asset := uint32(b.AssetOf(i)) << 2
		if utxo {
			t := b.At(i)
			shares.transaction(&t, func(rule split, from, to ledger.AddressID, known bool, a *chain.Amount) {
				k := flowKey{asset: asset | uint32(rule), to: number(to)}
				if known {
					k.from = number(from)
				}
				s.add(k, uint32(i), a)
			})
			continue
		}
		k := flowKey{asset: asset | uint32(splitExact)}
		kind, from, to := b.Sides(i)
		if kind != chain.Fee {
			k.to = number(to)
		}
		mint := kind == chain.Token && hasNull && from == null
		if kind != chain.Reward && !mint {
			k.from = number(from)
		}
		amount := b.PairAmount(i)
		s.add(k, uint32(i), &amount)
	}
	return s
}
