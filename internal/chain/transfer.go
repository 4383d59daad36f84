package chain

// Kind says what moved. Its order is the order of movements inside one
// transaction: gas is bought before anything runs, the transaction's own value
// moves before its internal calls, and tokens are streams of their own.
type Kind uint8

const (
	// Fee is what the sender of an account-chain transaction pays for gas. Its
	// only entry is an input: the value leaves the traced world.
	Fee Kind = iota + 1
	// NativeKind is the value of an account-chain transaction itself.
	NativeKind
	// Internal is native value moved by a call inside a transaction.
	Internal
	// Token is an ERC-20 Transfer.
	Token
	// Output is a whole Bitcoin transaction: all inputs, all outputs.
	Output
	// Reward is native value that a block creates on an account chain.
	Reward
)

// String is the kind's name in the tables.
func (k Kind) String() string {
	switch k {
	case Fee:
		return "fee"
	case NativeKind:
		return "native"
	case Internal:
		return "internal"
	case Token:
		return "token"
	case Output:
		return "utxo"
	case Reward:
		return "reward"
	}
	return "unknown"
}

// Status is a transaction's outcome.
type Status uint8

const (
	// StatusUnknown is the status of a transaction whose receipt the source
	// does not have. Its movements are kept, and the doubt is declared as a gap.
	StatusUnknown Status = iota
	// Succeeded transactions moved what they say.
	Succeeded
	// Failed transactions moved nothing but their fee.
	Failed
)

// Tx is what is known of the transaction in which a transfer happened. Every
// source must tell the same Tx for the same Hash; the ledger refuses two
// different heights or times. An unknown Index or Status may be filled by a
// later transfer of the same transaction.
type Tx struct {
	Hash   Hash
	Pos    Pos
	Time   int64 // seconds since 1970 UTC
	Status Status
}

// Outpoint names an output: the transaction that made it and its index there.
type Outpoint struct {
	Tx    Hash
	Index uint32
}

// Entry is one side's share of a transfer.
type Entry struct {
	// Address is empty where the chain names none.
	Address Address
	// Amount is in base units; it means nothing when AmountUnknown is set.
	Amount Amount
	// AmountUnknown marks an input whose value the source does not have.
	AmountUnknown bool
	// Spends is the output that a UTXO input consumes. It is zero elsewhere.
	Spends Outpoint
	// Index is the place of a UTXO input or output among its side.
	Index uint32
	// Contract says that the address is known to carry code: it was created by
	// a transaction, or it made an internal call.
	Contract bool
}

// Transfer moves one asset from the In entries to the Out entries.
//
// Account chains: one entry a side with equal amounts; Fee has no Out, Reward
// has no In. UTXO chains: all inputs and outputs of the transaction; a coinbase
// has no In; the fee is what the outputs leave over. A transfer without entries
// moves nothing and only tells its Tx, e.g. that it failed.
//
// A transfer is identified by (Tx.Hash, Kind, Ordinal, Path). The same identity
// told twice must be the same transfer.
type Transfer struct {
	Tx   Tx
	Kind Kind
	// Ordinal orders transfers of one kind in a transaction: the log index of a
	// Token, the number of a Reward in its block; 0 for the rest.
	Ordinal uint32
	// Path is the trace address of an Internal transfer, in depth-first order.
	Path  []uint32
	Asset Asset
	In    []Entry
	Out   []Entry
	// Inexact says that the source gave a rounded amount (a float column).
	Inexact bool
}
