package cluster

import (
	"slices"

	"github.com/scamtrace/scamtrace/internal/ledger"
)

// nobody is an id that no address has.
const nobody = ^ledger.AddressID(0)

// nameless is the id under which the book keeps entries without an address, or
// nobody. They are not one owner's, and never linked.
func nameless(b *ledger.Book) ledger.AddressID {
	if id, ok := b.Find(""); ok {
		return id
	}
	return nobody
}

// distinctPayers appends the addresses among the inputs to buf, each once.
func distinctPayers(b *ledger.Book, t ledger.Transfer, nameless ledger.AddressID, buf []ledger.AddressID) []ledger.AddressID {
	for e := t.First; e < t.Mid; e++ {
		if a := b.Entry(e).Address; a != nameless {
			buf = append(buf, a)
		}
	}
	slices.Sort(buf)
	return slices.Compact(buf)
}
