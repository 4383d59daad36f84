// Package evmnode runs a real Ethereum node inside a test: go-ethereum, with
// HTTP on a free local port, on a small chain of its own that is generated from
// a seed. The node's own limits can be set low, so that real errors of a real
// node can be met.
//
// A Story is the chain: a scam with all that the drivers must tell right. It
// can be written as files in the layout of ethereum-etl, from the node's own
// blocks, receipts and a live trace of its execution, without any code of the
// drivers. A Blank story has no plot: package replay lets a synthetic play happen
// on it.
//
// The contracts are in contracts/Story.sol; contracts/README.md says how their
// code was made.
package evmnode
