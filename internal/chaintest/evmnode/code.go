package evmnode

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

// call encodes a call: a signature, and arguments that are addresses, numbers,
// hashes, or a list of addresses.
func call(signature string, args ...any) []byte {
	head := crypto.Keccak256([]byte(signature))[:4:4]
	return append(head, encode(args...)...)
}

// encode encodes arguments after the contract ABI.
func encode(args ...any) []byte {
	var head, tail []byte
	for _, a := range args {
		switch v := a.(type) {
		case common.Address:
			head = append(head, common.LeftPadBytes(v[:], 32)...)
		case common.Hash:
			head = append(head, v[:]...)
		case *big.Int:
			head = append(head, common.LeftPadBytes(v.Bytes(), 32)...)
		case []common.Address:
			head = append(head, word(32*len(args)+len(tail))...)
			tail = append(tail, word(len(v))...)
			for i := range v {
				tail = append(tail, common.LeftPadBytes(v[i][:], 32)...)
			}
		default:
			panic("an argument that this encoder does not know")
		}
	}
	return append(head, tail...)
}

func word(n int) []byte { return common.LeftPadBytes(big.NewInt(int64(n)).Bytes(), 32) }
