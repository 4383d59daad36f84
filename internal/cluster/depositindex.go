package cluster

import (
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// depositIndex lists the movements of every account that may be a deposit
// address: one that paid an exchange and that nothing rules out at once. Few
// accounts of a crawl did, so the index is far smaller than one over all
// addresses, and never larger than twelve bytes for each side of each transfer.
type depositIndex struct {
	// candidates are in the order of their ids. The movements of candidate k are
	// sides[starts[k]:ends[k]], in chain order.
	candidates   []ledger.AddressID
	starts, ends []uint32
	sides        []side

	class  []class // per address
	actors map[ledger.AddressID]string
}

// side is a movement seen from a candidate.
type side struct {
	transfer uint32
	other    ledger.AddressID // or nobody
	what     uint32           // asset<<4 | flags
}

// The flags of a side.
const (
	outgoing uint32 = 1 << iota
	dusty
	counting
	rounded
	assetShift = iota
)

// real reports whether a movement is evidence: of an asset that counts, and not
// dust.
func (x side) real() bool { return x.what&(dusty|counting) == counting }

func (x side) out() bool { return x.what&outgoing != 0 }

func (x side) asset() ledger.AssetID { return ledger.AssetID(x.what >> assetShift) }

func (s *search) txOf(x side) ledger.TxID { return s.Book.TxOf(int(x.transfer)) }

// class is what is known of an address; the zero class was never looked at.
type class uint8

const (
	ordinary  class = 1 << iota // looked at, and no exchange
	exchange                    // a labelled wallet of an exchange
	candidate                   // may be a deposit address
	rejected                    // paid an exchange, but is no deposit address
	miner                       // was paid by a block
)

func (x *depositIndex) of(k int) []side { return x.sides[x.starts[k]:x.ends[k]] }

// exchange gives the exchange whose wallet the address is.
func (s *search) exchange(x *depositIndex, a ledger.AddressID) (actor string, ok bool) {
	if a == nobody {
		return "", false
	}
	if x.class[a]&(exchange|ordinary) == 0 {
		x.class[a] |= ordinary
		if s.Exchange != nil {
			if actor, ok := s.Exchange(a); ok {
				x.class[a] ^= ordinary | exchange
				x.actors[a] = actor
			}
		}
	}
	if x.class[a]&exchange == 0 {
		return "", false
	}
	return x.actors[a], true
}

// depositIndex makes the index in three passes over the book: find the
// candidates, count their transfers, list them. The first two look at payer and
// payee only, unless an exchange is paid.
func (s *search) depositIndex() *depositIndex {
	if s.index != nil {
		return s.index
	}
	x := &depositIndex{class: make([]class, s.Book.Addresses()), actors: map[ledger.AddressID]string{}}
	s.index = x
	for i := range s.Book.Len() {
		kind, from, to := s.Book.Sides(i)
		switch kind {
		case chain.Fee:
			continue
		case chain.Reward:
			if _, ok := s.movement(i); ok {
				x.class[to] |= miner
			}
			continue
		default:
		}
		if x.class[to]&ordinary != 0 || x.class[from]&(candidate|rejected) != 0 {
			continue
		}
		m, ok := s.movement(i)
		if !ok || m.dust || !m.counts {
			continue
		}
		if _, ok := s.exchange(x, to); ok {
			x.class[from] |= s.judge(x, from)
		}
	}
	number := make([]uint32, len(x.class)) // per address: a candidate's number
	for a, c := range x.class {
		if c&candidate != 0 {
			number[a] = uint32(len(x.candidates))
			x.candidates = append(x.candidates, ledger.AddressID(a))
		}
	}
	s.count(x, number)
	s.fill(x, number)
	return x
}

// count reserves a place for each transfer of a candidate that is no fee.
func (s *search) count(x *depositIndex, number []uint32) {
	x.starts = make([]uint32, len(x.candidates))
	for i := range s.Book.Len() {
		kind, from, to := s.Book.Sides(i)
		if kind == chain.Fee {
			continue
		}
		if kind != chain.Reward && x.class[from]&candidate != 0 {
			x.starts[number[from]]++
		}
		if x.class[to]&candidate != 0 {
			x.starts[number[to]]++
		}
	}
	total := uint32(0)
	for k, n := range x.starts {
		x.starts[k] = total
		total += n
	}
	x.ends = slices.Clone(x.starts)
	x.sides = make([]side, total)
}

// fill lists the movements of each candidate.
func (s *search) fill(x *depositIndex, number []uint32) {
	put := func(a, other ledger.AddressID, i int, what uint32) {
		k := number[a]
		x.sides[x.ends[k]] = side{transfer: uint32(i), other: other, what: what}
		x.ends[k]++
	}
	for i := range s.Book.Len() {
		kind, from, to := s.Book.Sides(i)
		if kind == chain.Fee {
			continue
		}
		payer := kind != chain.Reward && x.class[from]&candidate != 0
		payee := x.class[to]&candidate != 0
		if !payer && !payee {
			continue
		}
		m, ok := s.movement(i)
		if !ok {
			continue
		}
		what := uint32(s.Book.AssetOf(i)) << assetShift
		if m.dust {
			what |= dusty
		}
		if m.counts {
			what |= counting
		}
		if s.Book.At(i).Inexact {
			what |= rounded
		}
		if payer {
			put(m.from, m.to, i, what|outgoing)
		}
		if payee {
			put(m.to, m.from, i, what)
		}
	}
}

// judge says whether an account that paid an exchange may be a deposit address.
func (s *search) judge(x *depositIndex, a ledger.AddressID) class {
	_, known := s.exchange(x, a)
	if known || a == s.nameless ||
		s.Stops != nil && s.Stops(a) ||
		s.Seed != nil && s.Seed(a) ||
		s.Expanded != nil && !s.Expanded(a) ||
		s.Book.Contract(a) {
		return rejected
	}
	return candidate
}
