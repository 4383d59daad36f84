package table

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// order lists the cells by the text of asset, payer and payee, then split rule.
// Nothing can be added afterwards.
func (s *flowSums) order(b *ledger.Book) []uint32 {
	s.slots = nil
	addresses, assets := addressRanks(b, s), assetRanks(b)
	list, starts := s.byAsset(assets)
	type row struct{ from, to, cell uint32 }
	var rows []row
	for a := range assets {
		part := list[starts[a]:starts[a+1]]
		rows = rows[:0]
		for _, id := range part {
			c := s.cell(id)
			rows = append(rows, row{addresses[c.from], addresses[c.to], id})
		}
		slices.SortFunc(rows, func(x, y row) int {
			if x.from != y.from {
				return cmp.Compare(x.from, y.from)
			}
			if x.to != y.to {
				return cmp.Compare(x.to, y.to)
			}
			return cmp.Compare(s.cell(x.cell).asset, s.cell(y.cell).asset) // the split rule
		})
		for i := range rows {
			part[i] = rows[i].cell
		}
	}
	return list
}

// byAsset lists the cells by the rank of their asset; those of rank r are
// list[starts[r]:starts[r+1]].
func (s *flowSums) byAsset(ranks []uint32) (list, starts []uint32) {
	starts = make([]uint32, len(ranks)+1)
	for id := range s.count {
		starts[ranks[s.cell(id).asset>>2]+1]++
	}
	for r := range ranks {
		starts[r+1] += starts[r]
	}
	list = make([]uint32, s.count)
	next := slices.Clone(starts)
	for id := range s.count {
		r := ranks[s.cell(id).asset>>2]
		list[next[r]] = id
		next[r]++
	}
	return list, starts
}

// addressRanks gives each used address its place in the order of the text; it
// is indexed by address+1, and 0 is the rank of no address.
func addressRanks(b *ledger.Book, s *flowSums) []uint32 {
	ranks := make([]uint32, b.Addresses()+1)
	for i := range s.count {
		c := s.cell(i)
		ranks[c.from], ranks[c.to] = 1, 1
	}
	type entry struct {
		head uint64
		id   uint32
	}
	// Eight bytes decide nearly every comparison. On account chains they are
	// taken behind the common 0x.
	skip := 0
	if b.Chain().Family == chain.Account {
		skip = 2
	}
	var list []entry
	var text []byte
	for id, used := range ranks {
		if id == 0 || used == 0 {
			continue
		}
		text = b.AppendText(text[:0], ledger.AddressID(id-1))
		if skip > 0 && !bytes.HasPrefix(text, []byte("0x")) {
			skip = 0
		}
		list = append(list, entry{id: uint32(id)})
	}
	for i := range list {
		var head [8]byte
		text = b.AppendText(text[:0], ledger.AddressID(list[i].id-1))
		copy(head[:], text[skip:])
		list[i].head = binary.BigEndian.Uint64(head[:])
	}
	slices.SortFunc(list, func(x, y entry) int {
		if x.head != y.head {
			return cmp.Compare(x.head, y.head)
		}
		return b.Compare(ledger.AddressID(x.id-1), ledger.AddressID(y.id-1))
	})
	for rank, e := range list {
		ranks[e.id] = uint32(rank) + 1
	}
	ranks[0] = 0
	return ranks
}

func assetRanks(b *ledger.Book) []uint32 {
	ids := make([]uint32, b.Assets())
	for i := range ids {
		ids[i] = uint32(i)
	}
	slices.SortFunc(ids, func(x, y uint32) int {
		return cmp.Compare(b.Asset(ledger.AssetID(x)), b.Asset(ledger.AssetID(y)))
	})
	ranks := make([]uint32, len(ids))
	for rank, id := range ids {
		ranks[id] = uint32(rank)
	}
	return ranks
}
