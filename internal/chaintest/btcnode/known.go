package btcnode

import (
	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chaintest/conform"
)

// stranger is an address that no story knows.
const stranger = "bcrt1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqdku202"

// Known is what the suite for every source needs to know of a story. It asks for
// at most so many addresses, 0 for all.
func Known(s *Story, most int) conform.Known {
	first := []chain.Address{
		s.Address("scammer"), s.Address("hub"), s.Address("second"), s.Address("joiner-3"), s.Address("miner-3"),
		s.Address("victim-2"), s.Address("customer-4"), s.Address("customer-5"), s.Address("saver"), s.Address("treasury"),
	}
	seen := conform.Set(first...)
	for _, a := range s.Addresses() {
		if _, ok := seen[a]; !ok {
			first = append(first, a)
		}
	}
	if most > 0 {
		first = first[:most]
	}
	return conform.Known{
		Chain: Chain(), Span: chain.Span{To: uint64(s.Height() - 6)}, Kinds: []chain.Kind{chain.Output},
		Addresses: first, Single: 10, Hub: s.Address("hub"), Stranger: stranger,
	}
}

// Questions are some of which each source must make the same book, the first for
// everyone.
func Questions(s *Story) []chain.Question {
	everyone := conform.Set(s.Addresses()...)
	final := uint64(s.Height() - 5)
	return []chain.Question{
		{Addresses: everyone, Span: chain.Span{To: final}},
		{Addresses: everyone, Span: chain.Span{From: 107, To: final - 3}},
		{Addresses: conform.Set(s.Address("scammer"), s.Address("second"), s.Address("customer-3")), Span: chain.Span{To: final}},
		{Addresses: conform.Set(s.Address("hub")), Span: chain.Span{From: 112, To: 116}, Kinds: []chain.Kind{chain.Output}},
	}
}
