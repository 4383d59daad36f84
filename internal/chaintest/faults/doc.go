// Package faults stands between a client and a real server and spoils what the
// server answers, after a schedule that a seed makes: request n gets this fault,
// once or for ever. It knows JSON-RPC, the Etherscan shape and the Esplora shape
// by looking at requests, so that it can spoil single answers of a batch and
// single rows of a list.
//
// The kinds of faults are those that peers have met in the wild; each is a value
// in a list, with a sentence and a reference.
//
// Package conform runs crawls through it and holds what they find against what
// they find without faults.
package faults
