package etherscan

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// place asks where in its block a row's transaction stands.
func (s *Server) place(ctx context.Context, pin string, r *row) (uint32, error) {
	hash := r.tx.Hash.Text(chain.Account)
	good := func(v jsontext.Value) error {
		_, err := readPlace(v, hash, r.tx.Pos.Height)
		return err
	}
	v, err := s.rpc(ctx, pin, "eth_getTransactionByHash", good, param{"txhash", hash})
	if err != nil {
		return 0, err
	}
	return readPlace(v, hash, r.tx.Pos.Height)
}

// readPlace reads a transaction, which must be the one that was asked for, in
// its block.
func readPlace(v jsontext.Value, hash string, height uint64) (uint32, error) {
	var tx struct {
		Hash   field `json:"hash"`
		Height field `json:"blockNumber"`
		Index  field `json:"transactionIndex"`
	}
	if err := json.Unmarshal(v, &tx); err != nil {
		return 0, fmt.Errorf("the result is not a transaction: %w", err)
	}
	at, err := hexNumber(tx.Height.text, "blockNumber")
	if err != nil {
		return 0, err
	}
	index, err := hexNumber(tx.Index.text, "transactionIndex")
	switch {
	case err != nil:
		return 0, err
	case tx.Hash.text != hash || at != height:
		return 0, errors.New("another transaction, or another block, than that of the row")
	case index >= math.MaxUint32:
		return 0, errors.New("transactionIndex is too big")
	}
	return uint32(index), nil
}
