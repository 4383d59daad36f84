package calldata

import (
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// Call encodes a call: a signature, and its arguments.
func Call(signature string, args ...any) []byte {
	return append(crypto.Keccak256([]byte(signature))[:4:4], Encode(args...)...)
}

// Encode encodes arguments. Each is a word: an address, a hash, or a number that
// is not negative; a list of addresses, and a text of at most 32 bytes, are the
// offset of what follows behind all words. It panics on others.
func Encode(args ...any) []byte {
	var head, tail []byte
	for _, a := range args {
		switch v := a.(type) {
		case common.Address:
			head = append(head, common.LeftPadBytes(v[:], 32)...)
		case common.Hash:
			head = append(head, v[:]...)
		case *big.Int:
			head = append(head, common.LeftPadBytes(v.Bytes(), 32)...)
		case int:
			head = append(head, number(v)...)
		case string:
			head = append(head, number(32*len(args)+len(tail))...)
			tail = append(append(tail, number(len(v))...), common.RightPadBytes([]byte(v), 32)...)
		case []common.Address:
			head = append(head, number(32*len(args)+len(tail))...)
			tail = append(tail, number(len(v))...)
			for i := range v {
				tail = append(tail, common.LeftPadBytes(v[i][:], 32)...)
			}
		default:
			panic("an argument that this encoder does not know")
		}
	}
	return append(head, tail...)
}

func number(n int) []byte { return common.LeftPadBytes(big.NewInt(int64(n)).Bytes(), 32) }
