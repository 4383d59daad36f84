package replay

import (
	"embed"
	"encoding/hex"
	"math/big"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

//go:embed contracts/*.hex
var compiled embed.FS

// creation is a contract's creation code.
func creation(name string) []byte {
	text, err := compiled.ReadFile("contracts/" + name + ".hex")
	if err != nil {
		panic(err) // a contract that was not committed
	}
	code, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		panic(err)
	}
	return code
}

// selector is the beginning of the call data of a function.
func selector(signature string) []byte { return crypto.Keccak256([]byte(signature))[:4:4] }

// transferTopic is that of Transfer events.
func transferTopic() common.Hash {
	return crypto.Keccak256Hash([]byte("Transfer(address,address,uint256)"))
}

// words encodes addresses, numbers and texts as the contract ABI does, each in a
// word of its own. A text is its offset, and length and content in the end; here
// it has at most 32 bytes.
func words(args ...any) []byte {
	var head, tail []byte
	for _, a := range args {
		switch v := a.(type) {
		case common.Address:
			head = append(head, common.LeftPadBytes(v[:], 32)...)
		case *big.Int:
			head = append(head, common.LeftPadBytes(v.Bytes(), 32)...)
		case int:
			head = append(head, common.LeftPadBytes(big.NewInt(int64(v)).Bytes(), 32)...)
		case string:
			head = append(head, words(32*len(args)+len(tail))...)
			tail = append(append(tail, words(len(v))...), common.RightPadBytes([]byte(v), 32)...)
		default:
			panic("an argument that this encoder does not know")
		}
	}
	return append(head, tail...)
}

// step is one thing that an Actor does.
type step struct {
	coin, from, to common.Address // coin is zero for ether
	value          *big.Int
}

// perform is the call that lets an Actor do things in order.
func perform(steps []step) []byte {
	data := append(selector("perform((address,address,address,uint256)[])"), words(32, len(steps))...)
	for _, s := range steps {
		data = append(data, words(s.coin, s.from, s.to, s.value)...)
	}
	return data
}

// airdrop is the call that lets a Coin mint for many.
func airdrop(steps []step) []byte {
	data := append(selector("airdrop(address[],uint256[])"), words(64, 64+32*(1+len(steps)), len(steps))...)
	for _, s := range steps {
		data = append(data, words(s.to)...)
	}
	data = append(data, words(len(steps))...)
	for _, s := range steps {
		data = append(data, words(s.value)...)
	}
	return data
}
