package cluster

import (
	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// depositIndex lists the movements of every account that may be a deposit
// address: one that paid an exchange and that nothing rules out at once. Few
// accounts of a crawl did, so the index is far smaller than one over all
// addresses, and never larger than four bytes for each side of each transfer.
type depositIndex struct {
	// candidates are in the order of their ids. The movements of candidate k are
	// transfers[starts[k]:starts[k+1]], in chain order.
	candidates []ledger.AddressID
	starts     []uint32
	transfers  []uint32

	class  []class // per address
	actors map[ledger.AddressID]string
}

// class is what is known of an address; the zero class was never looked at.
type class uint8

const (
	ordinary  class = 1 << iota // looked at, and no exchange
	exchange                    // a labelled wallet of an exchange
	candidate                   // may be a deposit address
	rejected                    // paid an exchange, but is no deposit address
	miner                       // was paid by a block
)

func (x *depositIndex) of(k int) []uint32 { return x.transfers[x.starts[k]:x.starts[k+1]] }

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

// depositIndex makes the index in two passes over the book: find the
// candidates, then list their transfers.
func (s *search) depositIndex() *depositIndex {
	if s.index != nil {
		return s.index
	}
	x := &depositIndex{class: make([]class, s.Book.Addresses()), actors: map[ledger.AddressID]string{}}
	s.index = x
	sides := make([]uint32, len(x.class)) // per address: its sides of transfers
	for i := range s.Book.Len() {
		t := s.Book.At(i)
		m, ok := s.movement(t)
		if t.Kind != chain.Fee {
			sides[m.to]++
			if m.from != nobody {
				sides[m.from]++
			}
		}
		switch {
		case !ok:
		case m.from == nobody:
			x.class[m.to] |= miner
		case m.dust || !m.counts || x.class[m.from]&(candidate|rejected) != 0:
		default:
			if _, ok := s.exchange(x, m.to); ok {
				x.class[m.from] |= s.judge(x, m.from)
			}
		}
	}
	// From here on, sides holds a candidate's number, from 1, or 0.
	x.starts = []uint32{0}
	total := uint32(0)
	for a, c := range x.class {
		n := sides[a]
		sides[a] = 0
		if c&candidate != 0 {
			x.candidates = append(x.candidates, ledger.AddressID(a))
			total += n
			x.starts = append(x.starts, total)
			sides[a] = uint32(len(x.candidates))
		}
	}
	s.fill(x, sides)
	return x
}

// fill lists the transfers of each candidate; number is 1 and more for a
// candidate.
func (s *search) fill(x *depositIndex, number []uint32) {
	x.transfers = make([]uint32, x.starts[len(x.candidates)])
	// Filling moves each start to its end, which is the next one's start.
	for i := range s.Book.Len() {
		t := s.Book.At(i)
		if t.Kind == chain.Fee {
			continue
		}
		for e := t.First; e < t.End; e++ {
			if k := number[s.Book.Entry(e).Address]; k > 0 {
				x.transfers[x.starts[k-1]] = uint32(i)
				x.starts[k-1]++
			}
		}
	}
	copy(x.starts[1:], x.starts)
	x.starts[0] = 0
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
