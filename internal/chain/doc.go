// Package chain holds the words that every other package uses, and the Source
// interface that answers questions about one chain. It opens nothing.
//
// The one modelling idea: a transfer is a hyperedge. A Bitcoin transaction is
// one Transfer with many entries a side; an Ethereum transaction is many
// transfers with at most one entry a side, in execution order. So crawling,
// clustering and tracing are written once for all chains.
package chain
