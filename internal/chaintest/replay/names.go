package replay

import (
	"encoding/hex"

	"github.com/btcsuite/btcd/txscript/v2"

	"github.com/scamtrace/scamtrace/internal/synth/names"
	"github.com/scamtrace/scamtrace/internal/synth/world"
)

// Names are those of a play on its nodes. They implement names.Namer. What is
// not on a chain has no name: its hash is zero.
type Names struct {
	ethereum *Ethereum
	bitcoin  *Bitcoin
}

var _ names.Namer = Names{}

// Ethereum implements names.Namer.
func (n Names) Ethereum(p world.Party) [20]byte { return n.ethereum.address(p) }

// Token implements names.Namer.
func (n Names) Token(t world.Token) [20]byte {
	if int(t) < len(n.ethereum.tokens) {
		return n.ethereum.tokens[t]
	}
	return [20]byte{}
}

// Transaction implements names.Namer.
func (n Names) Transaction(number int64) [32]byte {
	if number < 0 || number >= int64(len(n.ethereum.hashes)) {
		return [32]byte{}
	}
	return n.ethereum.hashes[number]
}

// Block implements names.Namer. Heights are the chain's.
func (n Names) Block(height int64) [32]byte {
	if height < 0 || height > int64(n.ethereum.story.Head().Height) {
		return [32]byte{}
	}
	return n.ethereum.story.Block(uint64(height)).Hash
}

// Bitcoin implements names.Namer.
func (n Names) Bitcoin(p world.Party) names.Script {
	if p == 0 {
		return names.Script{Hex: "6a0b" + hex.EncodeToString([]byte(note)), Type: "nulldata"}
	}
	party := n.bitcoin.party(p)
	script := party.Script()
	return names.Script{
		Address: string(party.Address), Hex: hex.EncodeToString(script), Type: txscript.GetScriptClass(script).String(),
	}
}

// BitcoinTransaction implements names.Namer.
func (n Names) BitcoinTransaction(number int64) (h [32]byte) {
	if number < 0 || number >= int64(len(n.bitcoin.hashes)) {
		return h
	}
	for i, c := range n.bitcoin.hashes[number] {
		h[31-i] = c
	}
	return h
}

// BitcoinBlock implements names.Namer. Heights are the chain's.
func (n Names) BitcoinBlock(height int64) (h [32]byte) {
	if height < 0 || height > int64(n.bitcoin.story.Height()) {
		return h
	}
	for i, c := range n.bitcoin.story.Blocks[height].BlockHash() {
		h[31-i] = c
	}
	return h
}
