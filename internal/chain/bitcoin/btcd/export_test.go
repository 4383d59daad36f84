package btcd

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain/bitcoin"
)

// DecodePage reads an answer and returns how many transactions it has.
func DecodePage(text []byte, s bitcoin.Scripts, count int, reverse bool) (int, error) {
	page, err := decodePage(jsontext.Value(text), s, count, reverse)
	return len(page), err
}
