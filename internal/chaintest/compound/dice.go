package compound

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
)

// dice are one entity's own random numbers. They are whole numbers only: the
// last bit of a float may differ between processors.
type dice struct{ *rand.Rand }

func newDice(seed uint64, entity string) dice {
	h := digest(seed, "dice", entity)
	return dice{rand.New(rand.NewPCG(binary.LittleEndian.Uint64(h[:8]), binary.LittleEndian.Uint64(h[8:16])))}
}

// between draws from lo to hi, both included.
func (d dice) between(lo, hi int64) int64 { return lo + d.Int64N(hi-lo+1) }

// chance is true in percent of 100 cases.
func (d dice) chance(percent int64) bool { return d.Int64N(100) < percent }

// digest names things: it is the only source of addresses and hashes.
func digest(seed uint64, kind, entity string) [32]byte {
	return sha256.Sum256(fmt.Appendf(nil, "scamtrace demo %d\x00%s\x00%s", seed, kind, entity))
}
