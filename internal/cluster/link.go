package cluster

import (
	"cmp"
	"slices"

	"github.com/scamtrace/scamtrace/internal/ledger"
)

// Link says that two addresses belong together, by which rule, and which
// transaction shows it.
//
// There is one link for a pair (A, B) and a heuristic, however many
// transactions show it: a busy wallet would otherwise have thousands of equal
// rows. The first transaction in chain order is kept as the evidence, because
// it stays the same when later blocks are added; Count says how many there are.
type Link struct {
	A, B ledger.AddressID
	// Tx is the evidence: the first transaction in chain order that shows the
	// link.
	Tx ledger.TxID
	// Count is the number of transactions that show it.
	Count uint32
	// Heuristic is the name of the rule.
	Heuristic string
	// Confidence is 0 to 100: how fully the evidence met the rule's conditions.
	// It orders the links of one heuristic. It is not a probability, and is not
	// comparable between heuristics; each documents its own.
	Confidence int
}

// links collects the links of one heuristic, one for each pair, in the order in
// which the pairs are first added.
type links struct {
	heuristic string
	list      []Link
	last      []ledger.TxID // per link: the newest transaction that shows it
	at        map[[2]ledger.AddressID]uint32
}

func newLinks(heuristic string) *links {
	return &links{heuristic: heuristic, at: map[[2]ledger.AddressID]uint32{}}
}

// add is called for one pair in chain order. The first call for a pair decides
// its evidence and confidence.
func (l *links) add(a, b ledger.AddressID, tx ledger.TxID, confidence int) {
	pair := [2]ledger.AddressID{a, b}
	i, ok := l.at[pair]
	if !ok {
		l.at[pair] = uint32(len(l.list))
		l.list = append(l.list, Link{A: a, B: b, Tx: tx, Count: 1, Heuristic: l.heuristic, Confidence: confidence})
		l.last = append(l.last, tx)
		return
	}
	if l.last[i] != tx {
		l.last[i] = tx
		l.list[i].Count++
	}
}

// sorted gives the links by evidence in chain order, then by the texts of A
// and B.
func (l *links) sorted(b *ledger.Book) []Link {
	place := make(map[ledger.TxID]int, len(l.list))
	for i := range l.list {
		place[l.list[i].Tx] = 0
	}
	n := 0
	for tx := range b.Transactions() {
		if _, used := place[tx]; used {
			place[tx] = n
			n++
		}
	}
	slices.SortFunc(l.list, func(x, y Link) int {
		if c := cmp.Compare(place[x.Tx], place[y.Tx]); c != 0 {
			return c
		}
		return cmp.Or(b.Compare(x.A, y.A), b.Compare(x.B, y.B))
	})
	return l.list
}
