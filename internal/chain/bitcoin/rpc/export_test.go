package rpc

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// DecodeHeader reads an answer about a block.
func DecodeHeader(text []byte, hash chain.Hash, transactions bool) (Header, error) {
	return decodeHeader(jsontext.Value(text), hash, transactions)
}
