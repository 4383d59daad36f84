package cluster

import (
	"cmp"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// coSpendConfidence is the same for every link: a signature for each input is
// all that the rule asks for. Seized ledgers show fewer than 0.5 % false links
// once CoinJoins are out (Ghost Clusters, USENIX Security 2025); PayJoin and
// custody shared by several people remain, hence not 100.
const coSpendConfidence = 90

// coSpend links the n distinct addresses that pay in one transaction by n-1
// links: a star around the smallest address by text, so that the links do not
// depend on the order of inputs. The star says the same as all n(n-1)/2 pairs.
func coSpend(s *search) []Link {
	out := newLinks(CoSpend)
	var payers []ledger.AddressID
	var named []namedAddress
	for i := range s.Book.Len() {
		t := s.Book.At(i)
		if t.Kind != chain.Output || t.Mid-t.First < 2 {
			continue
		}
		payers = distinctPayers(s.Book, t, s.nameless, payers[:0])
		if len(payers) < 2 || s.vetoed(t) {
			continue
		}
		named = named[:0]
		for _, id := range payers {
			named = append(named, namedAddress{s.Book.Text(id), id})
		}
		slices.SortFunc(named, func(a, b namedAddress) int { return cmp.Compare(a.text, b.text) })
		for _, other := range named[1:] {
			out.add(named[0].id, other.id, t.Tx, coSpendConfidence)
		}
	}
	return out.list
}

type namedAddress struct {
	text chain.Address
	id   ledger.AddressID
}
