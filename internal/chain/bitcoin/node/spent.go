package node

import (
	"context"
	"encoding/hex"
	"errors"
	"maps"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/rpc"
)

// output is what an outpoint names.
type output struct {
	value uint64
	lock  string // the locking script
	known bool
}

// spent finds what a block spends: it fills in what it can of need.
type spent func(ctx context.Context, b *bitcoin.Block, need map[chain.Outpoint]*output) error

var (
	errNotTransaction = errors.New("the transaction is not the one that was asked for")
	errNotBlock       = errors.New("the block is not the one that was asked for")
	errNoPrevout      = errors.New("the block does not say what it spends")
)

// byIndex asks for each transaction that made something.
func (s *Server) byIndex(ctx context.Context, _ *bitcoin.Block, need map[chain.Outpoint]*output) error {
	makers := map[chain.Hash]map[chain.Outpoint]*output{}
	for at, out := range need {
		if makers[at.Tx] == nil {
			makers[at.Tx] = map[chain.Outpoint]*output{}
		}
		makers[at.Tx][at] = out
	}
	var queries []rpc.Query
	for _, hash := range slices.SortedFunc(maps.Keys(makers), compareHashes) {
		// A transaction is the same whenever it is asked for, so it is kept under
		// its own hash.
		queries = append(queries, madeBy(hash.Text(chain.UTXO), hash, makers[hash]))
	}
	return s.Ask(ctx, queries...)
}

func compareHashes(a, b chain.Hash) int { return slices.Compare(a[:], b[:]) }

// madeBy asks for a transaction and takes outputs from it.
func madeBy(pin string, hash chain.Hash, need map[chain.Outpoint]*output) rpc.Query {
	return rpc.Query{Pin: pin, Method: "getrawtransaction", Params: []any{hash.Text(chain.UTXO), 0}, Read: func(v jsontext.Value) error {
		if v == nil {
			return nil // not there: the outputs stay unknown
		}
		raw, err := unhex(v)
		if err != nil {
			return err
		}
		tx, err := bitcoin.ParseTransaction(raw)
		if err != nil {
			return err
		}
		if tx.Hash != hash {
			return errNotTransaction
		}
		for at, out := range need {
			if int(at.Index) < len(tx.Outputs) {
				o := &tx.Outputs[at.Index]
				*out = output{o.Value, string(o.Script), true}
			}
		}
		return nil
	}}
}

// unhex reads a JSON string of hex digits.
func unhex(v jsontext.Value) ([]byte, error) {
	if len(v) < 2 || v[0] != '"' || v[len(v)-1] != '"' {
		return nil, errors.New("it is not a text")
	}
	raw := make([]byte, (len(v)-2)/2)
	_, err := hex.Decode(raw, v[1:len(v)-1])
	return raw, err
}

// byUndo asks for the block with what it spends.
func (s *Server) byUndo(ctx context.Context, b *bitcoin.Block, need map[chain.Outpoint]*output) error {
	pin := b.Hash.Text(chain.UTXO)
	return s.Ask(ctx, rpc.Query{Pin: pin, Method: "getblock", Params: []any{pin, 3}, Read: func(v jsontext.Value) error {
		return decodePrevouts(v, b, need)
	}})
}

// decodePrevouts takes what a block spends from getblock's third form.
func decodePrevouts(v jsontext.Value, b *bitcoin.Block, need map[chain.Outpoint]*output) error {
	var block struct {
		Tx []struct {
			Txid string `json:"txid"`
			Vin  []struct {
				Prevout *struct {
					Value        jsontext.Value `json:"value"`
					ScriptPubKey struct {
						Hex string `json:"hex"`
					} `json:"scriptPubKey"`
				} `json:"prevout"`
			} `json:"vin"`
		} `json:"tx"`
	}
	if v == nil {
		return errNotBlock
	}
	if err := json.Unmarshal(v, &block); err != nil {
		return err
	}
	if len(block.Tx) != len(b.Transactions) {
		return errNotBlock
	}
	for i := range b.Transactions {
		tx, said := &b.Transactions[i], &block.Tx[i]
		if said.Txid != tx.Hash.Text(chain.UTXO) || len(said.Vin) != len(tx.Inputs) {
			return errNotBlock
		}
		for k := range tx.Inputs {
			out := need[tx.Inputs[k].Spends]
			if out == nil {
				continue
			}
			p := said.Vin[k].Prevout
			if p == nil {
				return errNoPrevout
			}
			lock, err := hex.DecodeString(p.ScriptPubKey.Hex)
			if err != nil {
				return err
			}
			value, err := bitcoin.ParseCoins(string(p.Value))
			if err != nil {
				return err
			}
			*out = output{value, string(lock), true}
		}
	}
	return nil
}

// mostCoins bounds the memory of a window: about 300 MB.
const mostCoins = 2_000_000

// window remembers what the blocks of a span made and did not spend yet.
type window struct {
	coins map[chain.Outpoint]output
}

func (w *window) spent(_ context.Context, _ *bitcoin.Block, need map[chain.Outpoint]*output) error {
	for at, out := range need {
		*out = w.coins[at]
	}
	return nil
}

// add takes a block in, after it was looked at.
func (w *window) add(b *bitcoin.Block) {
	for i := range b.Transactions {
		tx := &b.Transactions[i]
		for k := range tx.Outputs {
			if o := &tx.Outputs[k]; len(w.coins) < mostCoins {
				w.coins[chain.Outpoint{Tx: tx.Hash, Index: uint32(k)}] = output{o.Value, string(o.Script), true}
			}
		}
		for k := range tx.Inputs {
			delete(w.coins, tx.Inputs[k].Spends)
		}
	}
}
