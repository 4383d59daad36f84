package taint

import (
	"errors"
	"math/big"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// ErrNotConserved marks a trace that lost or made tainted units. It is an error
// in this package, never in the data; nothing of such a trace may be published.
var ErrNotConserved = errors.New("tainted value is not conserved")

// Result is what is known at the end of a trace.
type Result struct {
	// Endpoints say where tainted value is: by source, asset and address text.
	Endpoints []Endpoint
	// Conservation has one balance for each source and asset that had any, in
	// this order; it is nil for a method that does not conserve.
	Conservation []Balance
	// Unknown lists accounts that held taint and paid more than the book shows
	// them to hold, by asset and address text. Order-dependent methods are less
	// certain there.
	Unknown []Opening
	// Unsplit lists the taint that entered transactions which cannot be split,
	// in chain order.
	Unsplit []Unsplit
	// Oversized are the assets that a source touches but that were not traced,
	// because their amounts add up to more than 256 bits. No honest token does.
	Oversized []ledger.AssetID
}

// Endpoint is tainted value at an address when the book ends.
type Endpoint struct {
	Source  int
	Asset   ledger.AssetID
	Address ledger.AddressID
	// Stopped says that it stopped there; otherwise it rests, unspent. An
	// address has both if it spent into a transaction that cannot be split.
	Stopped bool
	// Amount is in base units. Under poison it is the whole balance that is
	// still there, or the whole value that arrived at a stop.
	Amount chain.Amount
}

// Balance accounts for one source in one asset. Each amount is a sum of its own.
type Balance struct {
	Source                           int
	Asset                            ledger.AssetID
	Injected, Resting, Stopped, Fees chain.Amount
}

// Difference is injected less resting, stopped and fees. It is zero, or Trace
// has failed.
func (b *Balance) Difference() *big.Int {
	d := b.Injected.ToBig()
	for _, part := range []*chain.Amount{&b.Resting, &b.Stopped, &b.Fees} {
		d.Sub(d, part.ToBig())
	}
	return d
}

// Opening is what an account paid beyond what the book shows it to hold: it had
// that before, neither clean nor tainted.
type Opening struct {
	Address ledger.AddressID
	Asset   ledger.AssetID
	Amount  chain.Amount
}

// Reason says why a transaction was not split.
type Reason string

const (
	// UnknownAmount is the reason of a transaction of which an amount is not
	// known.
	UnknownAmount Reason = "unknown amount"
	// OpaqueTx is the reason of a transaction that Input.Opaque names.
	OpaqueTx Reason = "opaque"
)

// Unsplit is taint that stopped where it was because the transaction that spends
// it cannot be split.
type Unsplit struct {
	Transfer int
	// Entry is the input that brought the taint. If its own amount is unknown,
	// or it is an output of unknown amount to a seed, Amount is zero and stands
	// for an unknown amount of the source that could not be injected.
	Entry  ledger.EntryID
	Source int
	Amount chain.Amount
	Reason Reason
}
