package esplora

import "github.com/scamtrace/scamtrace/internal/chain/bitcoin"

// DecodePage reads an answer and returns how many transactions it has.
func DecodePage(text []byte, s bitcoin.Scripts) (int, error) {
	page, err := decodePage(text, s)
	return len(page), err
}
