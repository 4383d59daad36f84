package faults

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// Fault is a kind of fault at a place of a schedule.
type Fault struct {
	Kind Kind
	// At is the number of the first request that it may hit, from 1. It hits the
	// first from there on that it can spoil.
	At int
	// Sticky faults hit every request that asks what the first one asked. The
	// others hit once, so that asking again helps.
	Sticky bool
}

// String says what happens when.
func (f Fault) String() string {
	how := "once"
	switch {
	case f.Kind.Onward:
		how = "from then on"
	case f.Sticky:
		how = "whenever it is asked again"
	}
	return fmt.Sprintf("request %d: %s, %s", f.At, f.Kind.Name, how)
}

// Schedule is what goes wrong in a run.
type Schedule struct {
	Seed   uint64
	Faults []Fault
}

// String writes one line for each fault, under the seed.
func (s Schedule) String() string {
	lines := []string{fmt.Sprintf("seed %d", s.Seed)}
	for _, f := range s.Faults {
		lines = append(lines, "  "+f.String())
	}
	return strings.Join(lines, "\n")
}

// Plan makes the schedule of a seed: one to four faults of some kinds, in the
// first so many requests, every third of them sticky. The first fault's kind goes round with the seed,
// so that as many seeds as kinds try them all.
func Plan(seed uint64, among []Kind, requests int) Schedule {
	draw := rand.New(rand.NewPCG(seed, 0x5ca3))
	s := Schedule{Seed: seed}
	for i := range 1 + draw.IntN(4) {
		kind := among[draw.IntN(len(among))]
		if i == 0 {
			kind = among[seed%uint64(len(among))]
		}
		s.Faults = append(s.Faults, Fault{Kind: kind, At: 1 + draw.IntN(max(1, requests)), Sticky: draw.IntN(3) == 0})
	}
	slices.SortStableFunc(s.Faults, func(a, b Fault) int { return a.At - b.At })
	return s
}

// Harmless reports whether nothing may come of the schedule: each fault is gone
// when the question is asked again.
func (s Schedule) Harmless() bool {
	return !slices.ContainsFunc(s.Faults, func(f Fault) bool {
		return f.Kind.Nature > Passing || f.Kind.Nature == Passing && (f.Sticky || f.Kind.Onward)
	})
}
