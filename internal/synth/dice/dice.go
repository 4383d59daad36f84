// Package dice draws an entity's random numbers from whole numbers alone: the
// last bit of a float may differ between processors, and equal arguments have
// to give equal bytes everywhere. Fractions are fixed point.
package dice

import (
	"math/bits"
	"math/rand/v2"
)

// Micro is a decimal number in millionths: 0.35 is 350,000.
type Micro int64

// One is 1 as a Micro.
const One Micro = 1_000_000

// Dice are the random numbers of one entity.
type Dice struct{ *rand.Rand }

// New are the dice of the entity with a number. Equal arguments give equal
// numbers.
func New(seed uint64, kind string, number uint64) Dice {
	h := Mix(seed)
	for _, c := range []byte(kind) {
		h = Mix(h ^ uint64(c))
	}
	h = Mix(h ^ number)
	return Dice{rand.New(rand.NewPCG(h, Mix(h)))}
}

// Mix is a bijection that scatters its argument (splitmix64, Steele et al. 2014).
func Mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Between draws from lo to hi, both included; lo if there is nothing between.
func (d Dice) Between(lo, hi int64) int64 {
	if hi <= lo {
		return lo
	}
	return lo + d.Int64N(hi-lo+1)
}

// Chance is true in a share of all cases.
func (d Dice) Chance(share Micro) bool { return d.Int64N(int64(One)) < int64(share) }

// Pick draws a place in a list of weights.
func (d Dice) Pick(weights ...Micro) int {
	var sum Micro
	for _, w := range weights {
		sum += w
	}
	if sum <= 0 {
		return 0
	}
	n := Micro(d.Int64N(int64(sum)))
	for i, w := range weights {
		if n -= w; n < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// Times is v times a Micro, rounded down; v may be up to 9 * 10^18 / f.
func Times(v int64, f Micro) int64 {
	hi, lo := bits.Mul64(uint64(v), uint64(f))
	q, _ := bits.Div64(hi, lo, uint64(One))
	return int64(q)
}
