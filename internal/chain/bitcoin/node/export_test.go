package node

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin"
)

// DecodePrevouts reads an answer about a block.
func DecodePrevouts(text []byte, b *bitcoin.Block) error {
	need := map[chain.Outpoint]*output{}
	for i := range b.Transactions {
		for k := range b.Transactions[i].Inputs {
			need[b.Transactions[i].Inputs[k].Spends] = &output{}
		}
	}
	return decodePrevouts(jsontext.Value(text), b, need)
}
