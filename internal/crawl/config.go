package crawl

import (
	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// Direction says which way money is followed from the seeds.
type Direction string

// Forward goes to where the money went, Backward to where it came from.
const (
	Forward  Direction = "forward"
	Backward Direction = "backward"
	Both     Direction = "both"
)

// Config are the settings of one crawl. Zero values are not defaults.
type Config struct {
	Direction Direction
	// Rules are the names of the optional rules that apply; none leaves time
	// order alone.
	Rules []string
	// MaxHops is the greatest hop that is still asked.
	MaxHops int
	// Budget is the greatest number of addresses asked.
	Budget int
	// SuperNode is what makes an address a super-node.
	SuperNode SuperNode
	// Dust is, per asset, the smallest amount in base units that leads on.
	Dust map[chain.Asset]chain.Amount
	// Assets are the assets followed; none means all.
	Assets map[chain.Asset]bool
	// Window is for how many seconds after its first arrival an address is
	// followed, 0 for ever. Backward, before its last departure.
	Window int64
	// Span bounds the blocks asked for.
	Span chain.Span
	// Kinds are the kinds of movement asked for; none means all.
	Kinds []chain.Kind
	// Workers is how many parts of an answer are read at once.
	Workers int
}

// SuperNode is the greatest number of distinct counterparties, and of
// transfers, that an address may have and still be followed.
type SuperNode struct{ Counterparties, Transfers int }

// Start is one address to start from.
type Start struct {
	Address chain.Address
	// Watch asks for the address without following it.
	Watch bool
	// Payment, if set, is the transaction from which on the address is
	// followed; otherwise it is followed from the beginning.
	Payment *chain.Hash
}

// Input is what a crawl works on.
type Input struct {
	Source chain.Source
	Ledger *ledger.Ledger
	Starts []Start
	// Label returns the rule that the labels of an address call for, or "".
	Label func(chain.Address) string
	// Opaque reports whether the outputs of a transfer cannot be told apart (a
	// CoinJoin); nil for never. It is called from several goroutines at once.
	Opaque func(ledger.Movement) bool
	// Progress, if set, is called before every round.
	Progress func(Progress)
	// Answered, if set, is called when a share of a round's answer is there. It
	// is called by one goroutine at a time.
	Answered func(done, parts int)
}

// Progress is where a crawl stands.
type Progress struct {
	Round     int
	Frontier  int // addresses asked in this round
	Asked     int // addresses asked before it
	Met       int // addresses met so far
	Transfers int // transfers in the ledger
}

// Visit is what became of one address that was met.
type Visit struct {
	Address ledger.AddressID
	// Hop is the number of transfers of the shortest way in time from a seed.
	Hop int
	// Parent is the address before it on that way; a seed has none. A parent's
	// own hop is less than Hop-1 if it has a shorter way that arrives too late
	// for the transfer that leads on.
	Parent    ledger.AddressID
	HasParent bool
	// Direction is the side on which it was met first; of a seed, that of the
	// crawl, Forward for Both.
	Direction Direction
	// Tx is the transaction by which it was met; meaningless for a seed.
	Tx ledger.TxID
	// Stop is the rule that kept it from being followed, "" if it was.
	Stop string
}

// Result is what a crawl found out beside the ledger.
type Result struct {
	// Visits are in the order of the address text.
	Visits []Visit
	// Gaps are what the source could not tell, without repetition, in order.
	Gaps   []chain.Gap
	Rounds int
	Asked  int
	// Missing are the starts whose Payment the source does not have.
	Missing []Start
}
