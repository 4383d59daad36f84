// Package btcnode is a real Bitcoin node for tests: the btcd of the tool line in
// go.mod, in regtest on loopback, with a chain that is made from a seed. The
// chain has what drivers get wrong: co-spends, a CoinJoin, a peel chain, spends
// inside one block, scripts without an address, and a hub. Export writes the
// same chain in the layout of bitcoin-etl, from the blocks themselves. A Blank
// chain has nothing yet: package replay lets a synthetic play happen on it.
package btcnode
