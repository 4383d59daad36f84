package cluster

import (
	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// Input is what is known of one chain. The functions must give the same answer
// whenever they are asked; any of them may be nil.
type Input struct {
	Book *ledger.Book
	// Expanded reports whether the book has the whole history of an address.
	// Nil: of every address.
	Expanded func(ledger.AddressID) bool
	// Exchange gives the exchange whose wallet an address is labelled to be.
	// All wallets of one exchange have the same actor. Nil: no address is.
	Exchange func(ledger.AddressID) (actor string, ok bool)
	// Stops reports whether an address carries a label at which a crawl stops:
	// a service of any kind. Exchange wallets need not be repeated here. Nil: none.
	Stops func(ledger.AddressID) bool
	// Seed reports whether an address is a seed of the case. Nil: none.
	Seed func(ledger.AddressID) bool
	// Floor gives the least amount of an asset, in base units, that can be
	// evidence; less is dust. A transfer of nothing never is, since anyone can
	// make an honest token claim one. An asset counts only if its contract is
	// trusted: any other can claim any Transfer between any two addresses, and
	// would merge whom it likes. Nil: only the native asset counts, from one unit.
	Floor func(ledger.AssetID) (least chain.Amount, counts bool)
}
