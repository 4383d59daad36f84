// Package strategy has the published ways to choose what to look at around an
// address, written anew from their definitions: breadth-first search, poison and
// haircut by address, approximate personalized PageRank, the Transaction Tracing
// Rank family (TRacer), and MFTracer's flow. They are what the tracer is compared
// with, and part of nothing else. Where an original has a quirk that changes what
// it finds, the quirk is kept and said.
//
// They count in floating point, mix the units of all tokens and mostly ignore
// time, as the originals do: that is what a comparison shows. Equal transfers
// give equal results, whatever the machine.
package strategy
