// Package cluster says which addresses of one chain belong together, and why.
//
//	book ─▶ heuristics ─▶ guards ─▶ links ─▶ union ─▶ clusters
//
// A heuristic reads the sealed book and gives links; every link names its rule
// and the transaction that shows it. A guard refuses transactions whose payers
// are not one owner. Uniting is a separate step, because a link worth showing
// is not always a link worth merging: a deposit address and the exchange that
// empties it have different customers.
//
// The package is pure: it reads a book and what the caller knows of addresses,
// opens nothing, and gives the same answer in whatever order the transfers were
// met. It errs towards not merging. A missed merge leaves two rows; a false one
// puts a stranger's money into a case.
package cluster
