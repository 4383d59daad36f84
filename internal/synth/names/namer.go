// Package names gives the parties, tokens, transactions and blocks of a play
// their names on the chains. Computed names follow from the seed and a number
// alone, so none is kept; real nodes give others.
package names

import "github.com/scamtrace/scamtrace/internal/synth/world"

// Namer knows the names of what is numbered in a play. Equal questions have
// equal answers.
type Namer interface {
	// Ethereum is the address of a party.
	Ethereum(world.Party) [20]byte
	// Token is the contract of a token; of ether the null address.
	Token(world.Token) [20]byte
	// Transaction is the hash of an Ethereum transaction by its number.
	Transaction(number int64) [32]byte
	// Block is the hash of an Ethereum block by its height.
	Block(height int64) [32]byte

	// Bitcoin is where a party is paid; party 0 is an output that carries data.
	Bitcoin(world.Party) Script
	// BitcoinTransaction is the id of a Bitcoin transaction by its number, in
	// the order of bytes in which it is shown.
	BitcoinTransaction(number int64) [32]byte
	// BitcoinBlock is the hash of a Bitcoin block by its height, likewise.
	BitcoinBlock(height int64) [32]byte
}

// Script is a locking script of Bitcoin.
type Script struct {
	// Address is empty if the script has none.
	Address string
	// Hex is the script, Type what bitcoin-etl calls it.
	Hex, Type string
}
