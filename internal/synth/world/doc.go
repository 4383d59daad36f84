// Package world plays a scam compound and everybody around it, event by event,
// on an Ethereum and a Bitcoin chain. What happens is handed to a Sink in chain
// order and forgotten, so memory grows with the accounts alive, not with the
// rows. The generator knows who holds each key; what "the true coin" is it does
// not know, and nobody does.
//
// A play is a pure function of scenario, size and seed: each entity has dice of
// its own, and events of one second happen in the order in which they were
// planned.
package world
