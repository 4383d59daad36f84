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
// Nothing can be added afterwards. It sorts by counting, from the last of the
// four to the first.
func (s *flowSums) order(b *ledger.Book) []uint32 {
	s.slots = nil
	addresses, assets := addressRanks(b, s), assetRanks(b)
	list := make([]uint32, s.count)
	for i := range list {
		list[i] = uint32(i)
	}
	other := make([]uint32, s.count)
	by := func(ranks int, rank func(c *flowCell) uint32) {
		if ranks < 2 {
			return
		}
		next := make([]uint32, ranks+1)
		for id := range s.count {
			next[rank(s.cell(id))+1]++
		}
		for r := range ranks {
			next[r+1] += next[r]
		}
		for _, id := range list {
			r := rank(s.cell(id))
			other[next[r]] = id
			next[r]++
		}
		list, other = other, list
	}
	if b.Chain().Family == chain.UTXO {
		by(int(splitUnknown)+1, func(c *flowCell) uint32 { return c.asset & 3 })
	}
	by(len(addresses), func(c *flowCell) uint32 { return addresses[c.to] })
	by(len(addresses), func(c *flowCell) uint32 { return addresses[c.from] })
	by(len(assets), func(c *flowCell) uint32 { return assets[c.asset>>2] })
	return list
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
