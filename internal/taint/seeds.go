package taint

import (
	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// roles say what is special about each address, in one byte.
type roles []uint8

const (
	stopped uint8 = 1 << iota // the trace ends here
	seeded                    // it has sources
	reached                   // taint may come here; see survey
)

func newRoles(in *Input) roles {
	r := make(roles, in.Book.Addresses())
	if in.Stopped != nil {
		for a := range r {
			if in.Stopped(ledger.AddressID(a)) {
				r[a] |= stopped
			}
		}
	}
	if in.Book.Chain().Family == chain.Account {
		if null, ok := in.Book.Find(chain.NullAddress); ok {
			r[null] |= stopped
		}
	}
	for _, s := range in.Sources {
		r[s.Address] |= seeded | reached
	}
	return r
}

func (r roles) is(a ledger.AddressID, what uint8) bool { return r[a]&what != 0 }

// holds says that an address passes on what it received, and may have received
// taint.
func (r roles) holds(a ledger.AddressID) bool { return r[a]&(reached|stopped) == reached }

// seeds are the addresses of the sources, numbered in order of first mention.
type seeds struct {
	number map[ledger.AddressID]int
	list   []seed
	// left is what is still to inject of a payment with a Max, by source and
	// asset.
	left map[uint64]chain.Amount
}

type seed struct {
	sources []int
	inflow  int // the first source without a payment; -1 for none
}

func newSeeds(in *Input) seeds {
	s := seeds{number: map[ledger.AddressID]int{}, left: map[uint64]chain.Amount{}}
	for i, source := range in.Sources {
		n, ok := s.number[source.Address]
		if !ok {
			n = len(s.list)
			s.number[source.Address] = n
			s.list = append(s.list, seed{inflow: -1})
		}
		d := &s.list[n]
		d.sources = append(d.sources, i)
		if source.Payment == nil && d.inflow < 0 {
			d.inflow = i
		}
	}
	return s
}

// own is the code of clean units that seed address n put into the transaction at
// hand: they are nobody's payment when they come back to it.
func (t *tracer) own(n int) uint32 { return uint32(len(t.Sources)+1) + uint32(n) }

// opening is the code of units that an address spends and that the book does not
// show arriving: the seed's own money, or clean.
func (t *tracer) opening(a ledger.AddressID) uint32 {
	if t.roles.is(a, seeded) && !t.roles.is(a, stopped) {
		if i := t.seeds.list[t.seeds.number[a]].inflow; i >= 0 {
			return code(i)
		}
	}
	return clean
}

// claimant is the first source of seed address n that claims what a transaction
// pays it.
func (t *tracer) claimant(n int, tx ledger.TxID) (source int, ok bool) {
	for _, i := range t.seeds.list[n].sources {
		if pay := t.Sources[i].Payment; pay == nil || pay.Tx == tx {
			return i, true
		}
	}
	return 0, false
}
