package table

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// order lists the cells by the text of asset, payer and payee, then split rule.
func (s *flowSums) order(b *ledger.Book) []uint32 {
	ranks := addressRanks(b, s)
	assets := assetRanks(b)
	list := make([]uint32, s.count)
	for i := range list {
		list[i] = uint32(i)
	}
	spare := make([]uint32, s.count)
	var most uint32
	for _, r := range ranks {
		most = max(most, r)
	}
	// A radix sort, from the least key to the greatest.
	list, spare = radix(list, spare, 3, func(i uint32) uint32 { return s.cell(i).asset & 3 })
	list, spare = radix(list, spare, most, func(i uint32) uint32 { return ranks[s.cell(i).to] })
	list, spare = radix(list, spare, most, func(i uint32) uint32 { return ranks[s.cell(i).from] })
	list, _ = radix(list, spare, uint32(len(assets)), func(i uint32) uint32 { return assets[s.cell(i).asset>>2] })
	return list
}

// radix sorts the list by a key of at most most, keeping the order of equals.
func radix(list, spare []uint32, most uint32, key func(uint32) uint32) (sorted, other []uint32) {
	const digit = 1<<12 - 1
	for shift := 0; shift == 0 || most>>shift != 0; shift += 12 {
		var starts [digit + 2]uint32
		for _, i := range list {
			starts[key(i)>>shift&digit+1]++
		}
		for d := range digit {
			starts[d+1] += starts[d]
		}
		for _, i := range list {
			d := key(i) >> shift & digit
			spare[starts[d]] = i
			starts[d]++
		}
		list, spare = spare, list
		if shift >= 24 {
			break
		}
	}
	return list, spare
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
	for id, used := range ranks {
		if id == 0 || used == 0 {
			continue
		}
		text := string(b.Text(ledger.AddressID(id - 1)))
		if skip > 0 && !strings.HasPrefix(text, "0x") {
			skip = 0
		}
		list = append(list, entry{id: uint32(id)})
	}
	for i := range list {
		var head [8]byte
		copy(head[:], string(b.Text(ledger.AddressID(list[i].id - 1)))[skip:])
		list[i].head = binary.BigEndian.Uint64(head[:])
	}
	slices.SortFunc(list, func(x, y entry) int {
		if x.head != y.head {
			return cmp.Compare(x.head, y.head)
		}
		return cmp.Compare(b.Text(ledger.AddressID(x.id-1)), b.Text(ledger.AddressID(y.id-1)))
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
