// Package synth writes a synthetic scam compound with everything that is true of
// it: the chain data as exporters write them, what the public knows, and who did
// what. Equal arguments give equal bytes, on every machine.
package synth
