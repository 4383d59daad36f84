package node_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/btcsuite/btcd/wire/v2"
	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/dataset"
	"github.com/scamtrace/scamtrace/internal/chaintest/btcnode"
)

func files(t testing.TB, s *btcnode.Story) chain.Source {
	dir := t.TempDir()
	require.NoError(t, s.Export(dir, s.Height()))
	source, err := dataset.Driver().Open(context.Background(), btcnode.Chain(), chain.Options{Args: dir, Workers: 2})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, source.Close()) })
	return source
}

// core stands before a btcd and answers two questions as Bitcoin Core 23 does,
// which cannot be had here: its version, and a block with what it spends.
type core struct {
	*httptest.Server
	third atomic.Int64
	story *btcnode.Story
	node  string
}

func serveCore(t testing.TB, s *btcnode.Story, node string) *core {
	c := &core{story: s, node: node}
	c.Server = httptest.NewServer(c)
	t.Cleanup(c.Close)
	return c
}

type call struct {
	ID     json.RawMessage   `json:"id"`
	Method string            `json:"method"`
	Params []json.RawMessage `json:"params"`
}

func (c *core) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var calls []call
	batch := len(body) > 0 && body[0] == '['
	if batch {
		_ = json.Unmarshal(body, &calls)
	} else {
		calls = make([]call, 1)
		_ = json.Unmarshal(body, &calls[0])
	}
	var replies []any
	for _, one := range calls {
		reply := map[string]any{"jsonrpc": "2.0", "id": one.ID}
		switch {
		case one.Method == "getnetworkinfo":
			reply["result"] = map[string]any{"version": 250_000, "subversion": "/Satoshi:25.0.0/"}
		case one.Method == "getblock" && len(one.Params) > 1 && string(one.Params[1]) == "3":
			c.third.Add(1)
			var hash string
			_ = json.Unmarshal(one.Params[0], &hash)
			reply["result"] = c.block(hash)
		default:
			params := make([]any, len(one.Params))
			for i := range params {
				params[i] = one.Params[i]
			}
			result, err := btcnode.Ask(c.node, one.Method, params...)
			if err != nil {
				reply["error"] = map[string]any{"code": -5, "message": err.Error()}
			} else {
				reply["result"] = result
			}
		}
		replies = append(replies, reply)
	}
	out := replies[0]
	if batch {
		out = replies
	}
	_ = json.NewEncoder(w).Encode(out)
}

// block is a block in the third form of getblock.
func (c *core) block(hash string) any {
	made := map[wire.OutPoint]*wire.TxOut{}
	for _, b := range c.story.Blocks {
		for _, tx := range b.Transactions {
			for k, out := range tx.TxOut {
				made[wire.OutPoint{Hash: tx.TxHash(), Index: uint32(k)}] = out
			}
		}
		if b.BlockHash().String() != hash {
			continue
		}
		var txs []any
		for i, tx := range b.Transactions {
			var vin []any
			for _, in := range tx.TxIn {
				if i == 0 {
					vin = append(vin, map[string]any{"coinbase": "00"})
					continue
				}
				out := made[in.PreviousOutPoint]
				vin = append(vin, map[string]any{
					"txid": in.PreviousOutPoint.Hash.String(), "vout": in.PreviousOutPoint.Index,
					"prevout": map[string]any{
						"generated": false, "height": 1, "value": json.Number(fmt.Sprintf("%d.%08d", out.Value/1e8, out.Value%1e8)),
						"scriptPubKey": map[string]any{"hex": hex.EncodeToString(out.PkScript)},
					},
				})
			}
			var raw bytes.Buffer
			_ = tx.Serialize(&raw)
			txs = append(txs, map[string]any{"txid": tx.TxHash().String(), "hex": hex.EncodeToString(raw.Bytes()), "vin": vin})
		}
		return map[string]any{"hash": hash, "tx": txs}
	}
	return nil
}
