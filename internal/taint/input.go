package taint

import (
	"fmt"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// Source is where tainted money enters: one seed of a case. A source is known by
// its number in Input.Sources. Where two sources could claim a unit, the lower
// number does.
type Source struct {
	// Address is the seed.
	Address ledger.AddressID
	// Payment narrows the source to one payment of a victim. Without it, all
	// that arrives at Address is injected, except what is tainted already and
	// what comes back from Address itself; and so is what Address spends beyond
	// what the book shows it to hold, as the seed's own money.
	Payment *Payment
}

// Payment is one transaction of a victim. Its transfers to the seed are
// injected, as far as they are not tainted already and do not come from the seed
// itself.
type Payment struct {
	Tx ledger.TxID
	// Max is how much of it is the victim's, in base units; nil for all. It is
	// filled in transfer order, and for each asset separately, because amounts
	// of two assets cannot be added.
	Max *chain.Amount
}

// Input is what a trace reads. Its functions must always give the same answer;
// several traces of one book may run concurrently if they allow it.
type Input struct {
	Book    *ledger.Book
	Sources []Source
	// Stopped says at which addresses the trace ends; nil for none. What arrives
	// there stays there: what a stopped address pays is clean, whatever the book
	// shows. The null address of an account chain is always stopped, because
	// what it receives is burnt and what it pays is minted.
	Stopped func(ledger.AddressID) bool
	// Followed says which assets are traced; nil for all. What is not followed
	// is neither injected nor passed on: a counterfeit token proves nothing.
	Followed func(ledger.AssetID) bool
	// Opaque says which UTXO transactions hide who paid whom, such as CoinJoins;
	// nil for none. Taint that enters one stops at the address that spends it,
	// and is listed in Result.Unsplit. It is not asked on account chains.
	Opaque func(ledger.TxID) bool
}

// Sink receives what a trace finds, in chain order. Either function may be nil.
// An error of theirs ends the trace and is returned as it is.
type Sink struct {
	Row       func(Row) error
	Injection func(Injection) error
}

// Row is one movement of tainted value: what of one output one source tainted
// before the output arrived. What a payment to a seed injects is no row.
type Row struct {
	// Transfer is its number in the book.
	Transfer int
	// Entry is the output, or NoEntry for a fee.
	Entry ledger.EntryID
	// Source is the number of the source.
	Source int
	// Amount is above zero, in base units.
	Amount chain.Amount
}

// Injection is value that became tainted. Under a method that does not conserve
// it is the whole payment whenever part of it may be new.
type Injection struct {
	Transfer int
	// Entry is the output that brought it to the seed, or, if Opening is set, the
	// input with which the seed spent what the book does not show arriving.
	Entry   ledger.EntryID
	Source  int
	Amount  chain.Amount
	Opening bool
}

func (in *Input) check() error {
	for i, s := range in.Sources {
		if int64(s.Address) >= int64(in.Book.Addresses()) {
			return fmt.Errorf("taint: source %d: the book has no address number %d", i, s.Address)
		}
	}
	return nil
}
