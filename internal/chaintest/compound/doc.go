// Package compound generates the demo: a small scam compound as chain data in
// the layouts of ethereum-etl and bitcoin-etl, with the truth beside it.
//
// It is a discrete-event simulation. Actors (exchanges, victims, two scam
// teams, innocents, poisoners) schedule what they do next; both chains execute
// it at once and refuse what is not covered by a balance or an unspent output.
// So the data is valid by construction, in every order a reader may check it.
//
// Nothing depends on a clock, on map order or on floating point: every choice
// is drawn from a generator keyed by (seed, entity), so the files of one seed
// are the same bytes on every machine, and one actor's choices do not move
// another's. Every name but the token contract of USDT is invented.
package compound
