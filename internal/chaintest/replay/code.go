package replay

import (
	"embed"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/scamtrace/scamtrace/internal/chaintest/calldata"
)

//go:embed contracts/*.hex
var compiled embed.FS

// creation is a contract's creation code.
func creation(name string) []byte { return calldata.Creation(compiled, name) }

// transferTopic is that of Transfer events.
func transferTopic() common.Hash {
	return crypto.Keccak256Hash([]byte("Transfer(address,address,uint256)"))
}

// step is one thing that an Actor does.
type step struct {
	coin, from, to common.Address // coin is zero for ether
	value          *big.Int
}

// perform is the call that lets an Actor do things in order.
func perform(steps []step) []byte {
	data := calldata.Call("perform((address,address,address,uint256)[])", 32, len(steps))
	for _, s := range steps {
		data = append(data, calldata.Encode(s.coin, s.from, s.to, s.value)...)
	}
	return data
}

// airdrop is the call that lets a Coin mint for many.
func airdrop(steps []step) []byte {
	data := calldata.Call("airdrop(address[],uint256[])", 64, 64+32*(1+len(steps)), len(steps))
	for _, s := range steps {
		data = append(data, calldata.Encode(s.to)...)
	}
	data = append(data, calldata.Encode(len(steps))...)
	for _, s := range steps {
		data = append(data, calldata.Encode(s.value)...)
	}
	return data
}
