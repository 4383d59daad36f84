package crawl

import (
	"math"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

type state uint8

const (
	unmet     state = iota
	tentative       // met, but only by transfers that do not lead on
	candidate       // to be decided
	asked           // asked
	stopped         // decided: not asked
)

// node is what the crawl knows of an address. There is one for every address of
// the ledger, so it is small.
type node struct {
	arrival   uint64 // forward: the first, see early; never if it was not reached
	departure uint64 // backward: the last plus one, see late; 0 if it was not reached
	since     uint32 // time of the first arrival
	until     uint32 // time of the last departure
	hop       int32
	parent    ledger.AddressID
	tx        ledger.TxID
	state     state
	stop      uint8 // rule index + 1
	backward  bool  // met backward
	watch     bool
	start     bool // a start that is followed
	dirty     bool // to be walked again
}

const never = math.MaxUint64

// early is the smallest key that a position may have, late the greatest: they
// differ where the place in the block is unknown.
func early(p chain.Pos) uint64 {
	if p.Index == chain.UnknownIndex {
		return p.Height << 32
	}
	return p.Height<<32 | uint64(p.Index)
}

func late(p chain.Pos) uint64 { return p.Height<<32 | uint64(p.Index) }

// node returns the state of an address, valid until the next call.
func (c *crawl) node(id ledger.AddressID) *node {
	for int(id) >= len(c.nodes) {
		c.nodes = append(c.nodes, make([]node, max(1024, len(c.nodes)/4))...)
	}
	return &c.nodes[id]
}
