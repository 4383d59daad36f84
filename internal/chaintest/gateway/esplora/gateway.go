// Package esplora is a gateway that speaks Esplora's HTTP protocol over a real
// btcd with its index of addresses.
package esplora

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/btcsuite/btcd/chaincfg/v2"
	"github.com/btcsuite/btcd/chainhash/v2"
	"github.com/btcsuite/btcd/txscript/v2"
	"github.com/btcsuite/btcd/wire/v2"

	"github.com/scamtrace/scamtrace/internal/chaintest/btcnode"
)

// pageSize is how many confirmed transactions Esplora gives at once.
const pageSize = 25

// Gateway is a running gateway. It may be asked from many goroutines.
type Gateway struct {
	URL string
	// Refuse is how many of the next requests are turned away for being too many.
	Refuse atomic.Int64
	// Forget, if set, makes an address lose its oldest transactions in the
	// listings, as many as it says, but not in the sums.
	Forget atomic.Int64

	node  string
	mu    sync.Mutex
	paths []string
	txs   map[string]*wire.MsgTx
	known map[string]block
	// past are the confirmed transactions of addresses, and sums theirs, as of
	// the block best.
	best string
	past map[string][]place
	sums map[string]sums
}

type block struct {
	ID       string  `json:"id"`
	Height   int64   `json:"height"`
	Version  int32   `json:"version"`
	Time     int64   `json:"timestamp"`
	Count    int     `json:"tx_count"`
	Size     int     `json:"size"`
	Weight   int     `json:"weight"`
	Merkle   string  `json:"merkle_root"`
	Previous *string `json:"previousblockhash"`
	Nonce    uint32  `json:"nonce"`
	Bits     uint32  `json:"bits"`
	txids    []string
}

// Start runs a gateway over the node at a URL until the test ends.
func Start(tb testing.TB, node string) *Gateway {
	g := &Gateway{node: node, txs: map[string]*wire.MsgTx{}, known: map[string]block{}}
	s := httptest.NewServer(g)
	tb.Cleanup(s.Close)
	g.URL = s.URL + "/api"
	return g
}

// Take returns the paths that were asked since the last time.
func (g *Gateway) Take() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	paths := g.paths
	g.paths = nil
	return paths
}

// trouble is an answer that is none.
type trouble struct {
	status int
	text   string
}

func fail(status int, format string, args ...any) {
	panic(trouble{status, fmt.Sprintf(format, args...)})
}

// ServeHTTP implements http.Handler.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/api")
	g.mu.Lock()
	g.paths = append(g.paths, path)
	g.mu.Unlock()
	if g.Refuse.Add(-1) >= 0 {
		http.Error(w, "Too Many Requests", http.StatusTooManyRequests)
		return
	}
	defer func() {
		switch p := recover().(type) {
		case nil:
		case trouble:
			http.Error(w, p.text, p.status)
		default:
			panic(p)
		}
	}()
	switch v := g.answer(strings.Split(strings.Trim(path, "/"), "/")).(type) {
	case string:
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write([]byte(v))
	default:
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
	}
}

func (g *Gateway) answer(p []string) any {
	at := func(i int) string {
		if i < len(p) {
			return p[i]
		}
		return ""
	}
	switch {
	case at(0) == "blocks" && at(1) == "tip" && at(2) == "height":
		return strconv.FormatInt(g.tip(), 10)
	case at(0) == "blocks" && at(1) == "tip" && at(2) == "hash":
		return g.hashAt(g.tip())
	case at(0) == "blocks":
		from := g.tip()
		if at(1) != "" {
			from, _ = strconv.ParseInt(at(1), 10, 64)
		}
		list := []block{}
		for h := from; h >= 0 && h > from-10; h-- {
			list = append(list, g.block(g.hashAt(h)))
		}
		return list
	case at(0) == "block-height":
		h, err := strconv.ParseInt(at(1), 10, 64)
		if err != nil || h < 0 || h > g.tip() {
			fail(http.StatusNotFound, "Block not found")
		}
		return g.hashAt(h)
	case at(0) == "block" && at(2) == "txids":
		return g.block(at(1)).txids
	case at(0) == "block" && at(2) == "":
		return g.block(at(1))
	case at(0) == "address" && at(2) == "":
		return g.stats(at(1))
	case at(0) == "address" && at(2) == "txs" && (at(3) == "chain" || at(3) == ""):
		return g.page(at(1), at(3) == "", at(4))
	case at(0) == "tx" && at(2) == "":
		return g.transaction(at(1), "")
	case at(0) == "tx" && at(2) == "hex":
		return serialized(g.raw(at(1)))
	}
	fail(http.StatusNotFound, "endpoint does not exist")
	return nil
}

// ask asks the node.
func (g *Gateway) ask(to any, method string, params ...any) error {
	for {
		v, err := btcnode.Ask(g.node, method, params...)
		if err != nil && strings.Contains(err.Error(), "Too busy") {
			continue
		}
		if err != nil {
			return err
		}
		return json.Unmarshal(v, to)
	}
}

func (g *Gateway) must(to any, method string, params ...any) {
	if err := g.ask(to, method, params...); err != nil {
		fail(http.StatusInternalServerError, "%s", err)
	}
}

func (g *Gateway) tip() (height int64) {
	g.must(&height, "getblockcount")
	return height
}

func (g *Gateway) hashAt(height int64) (hash string) {
	g.must(&hash, "getblockhash", height)
	return hash
}

func (g *Gateway) block(hash string) block {
	g.mu.Lock()
	b, ok := g.known[hash]
	g.mu.Unlock()
	if ok {
		return b
	}
	var v struct {
		Height, Time            int64
		Version                 int32
		Size, Weight            int
		MerkleRoot              string
		PreviousBlockHash, Bits string
		Nonce                   uint32
		Tx                      []string
	}
	if err := g.ask(&v, "getblock", hash, 1); err != nil {
		fail(http.StatusNotFound, "Block not found")
	}
	bits, _ := strconv.ParseUint(v.Bits, 16, 32)
	b = block{
		ID: hash, Height: v.Height, Version: v.Version, Time: v.Time, Count: len(v.Tx), Size: v.Size, Weight: v.Weight,
		Merkle: v.MerkleRoot, Nonce: v.Nonce, Bits: uint32(bits), txids: v.Tx,
	}
	if v.Height > 0 {
		b.Previous = &v.PreviousBlockHash
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.known[hash] = b
	return b
}

func (g *Gateway) raw(txid string) *wire.MsgTx {
	g.mu.Lock()
	tx := g.txs[txid]
	g.mu.Unlock()
	if tx != nil {
		return tx
	}
	var text string
	if err := g.ask(&text, "getrawtransaction", txid, 0); err != nil {
		fail(http.StatusNotFound, "Transaction not found")
	}
	tx = &wire.MsgTx{}
	raw, err := hex.DecodeString(text)
	if err == nil {
		err = tx.Deserialize(bytes.NewReader(raw))
	}
	if err != nil {
		fail(http.StatusInternalServerError, "%s", err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.txs[txid] = tx
	return tx
}

func serialized(tx *wire.MsgTx) string {
	var b bytes.Buffer
	_ = tx.Serialize(&b)
	return hex.EncodeToString(b.Bytes())
}

// place is a transaction of an address and its block, none if unconfirmed.
type place struct{ Txid, BlockHash string }

// history is newest first, as Esplora has it.
func (g *Gateway) history(address string, pool bool) (chain, mempool []place) {
	var list []place
	var best string
	g.must(&best, "getbestblockhash")
	g.mu.Lock()
	if g.best != best {
		g.best, g.past, g.sums = best, map[string][]place{}, map[string]sums{}
	}
	past, known := g.past[address]
	g.mu.Unlock()
	if known && !pool {
		return past, nil
	}
	err := g.ask(&list, "searchrawtransactions", address, 1, 0, 1_000_000, 0, true)
	switch {
	case err != nil && strings.Contains(err.Error(), "No information"):
	case err != nil && strings.Contains(err.Error(), "Invalid address"):
		fail(http.StatusBadRequest, "Invalid Bitcoin address")
	case err != nil:
		fail(http.StatusInternalServerError, "%s", err)
	}
	for _, p := range list {
		if p.BlockHash == "" {
			mempool = append(mempool, p)
		} else {
			chain = append(chain, p)
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.best == best {
		g.past[address] = chain
	}
	return chain, mempool
}

func (g *Gateway) page(address string, mempool bool, last string) []any {
	chain, pool := g.history(address, mempool)
	chain = chain[:max(0, len(chain)-int(g.Forget.Load()))]
	if last != "" {
		for i, p := range chain {
			if p.Txid == last {
				chain = chain[i+1:]
				break
			}
		}
	}
	list := []any{}
	if mempool {
		for _, p := range pool[:min(len(pool), 50)] {
			list = append(list, g.transaction(p.Txid, ""))
		}
	}
	for _, p := range chain[:min(len(chain), pageSize)] {
		list = append(list, g.transaction(p.Txid, p.BlockHash))
	}
	return list
}

// sums are chain_stats and mempool_stats.
type sums struct {
	FundedCount int   `json:"funded_txo_count"`
	FundedSum   int64 `json:"funded_txo_sum"`
	SpentCount  int   `json:"spent_txo_count"`
	SpentSum    int64 `json:"spent_txo_sum"`
	Count       int   `json:"tx_count"`
}

func (g *Gateway) stats(address string) any {
	chain, pool := g.history(address, true)
	add := func(list []place) (s sums) {
		for _, p := range list {
			s.Count++
			tx := g.raw(p.Txid)
			for _, out := range tx.TxOut {
				if addressOf(out.PkScript) == address {
					s.FundedCount++
					s.FundedSum += out.Value
				}
			}
			for _, in := range tx.TxIn {
				if in.PreviousOutPoint.Hash == (chainhash.Hash{}) {
					continue
				}
				spent := g.raw(in.PreviousOutPoint.Hash.String()).TxOut[in.PreviousOutPoint.Index]
				if addressOf(spent.PkScript) == address {
					s.SpentCount++
					s.SpentSum += spent.Value
				}
			}
		}
		return s
	}
	return struct {
		Address string `json:"address"`
		Chain   sums   `json:"chain_stats"`
		Mempool sums   `json:"mempool_stats"`
	}{address, add(chain), add(pool)}
}

type output struct {
	Script  string `json:"scriptpubkey"`
	Kind    string `json:"scriptpubkey_type"`
	Address string `json:"scriptpubkey_address,omitempty"`
	Value   int64  `json:"value"`
}

type input struct {
	Txid     string   `json:"txid"`
	Vout     uint32   `json:"vout"`
	Prevout  *output  `json:"prevout"`
	Script   string   `json:"scriptsig"`
	Witness  []string `json:"witness,omitempty"`
	Coinbase bool     `json:"is_coinbase"`
	Sequence uint32   `json:"sequence"`
}

type status struct {
	Confirmed bool   `json:"confirmed"`
	Height    int64  `json:"block_height,omitempty"`
	Hash      string `json:"block_hash,omitempty"`
	Time      int64  `json:"block_time,omitempty"`
}

func (g *Gateway) transaction(txid, blockHash string) any {
	tx := g.raw(txid)
	if blockHash == "" {
		var v struct{ BlockHash string }
		g.must(&v, "getrawtransaction", txid, 1)
		blockHash = v.BlockHash
	}
	out := struct {
		Txid     string   `json:"txid"`
		Version  int32    `json:"version"`
		LockTime uint32   `json:"locktime"`
		Inputs   []input  `json:"vin"`
		Outputs  []output `json:"vout"`
		Size     int      `json:"size"`
		Weight   int      `json:"weight"`
		Fee      int64    `json:"fee"`
		Status   status   `json:"status"`
	}{Txid: txid, Version: tx.Version, LockTime: tx.LockTime, Size: tx.SerializeSize(), Weight: 3*tx.SerializeSizeStripped() + tx.SerializeSize()}
	for _, in := range tx.TxIn {
		v := input{
			Txid: in.PreviousOutPoint.Hash.String(), Vout: in.PreviousOutPoint.Index,
			Script: hex.EncodeToString(in.SignatureScript), Sequence: in.Sequence,
		}
		for _, item := range in.Witness {
			v.Witness = append(v.Witness, hex.EncodeToString(item))
		}
		if v.Coinbase = in.PreviousOutPoint.Hash == (chainhash.Hash{}); !v.Coinbase {
			spent := outputOf(g.raw(v.Txid).TxOut[v.Vout])
			v.Prevout = &spent
			out.Fee += spent.Value
		}
		out.Inputs = append(out.Inputs, v)
	}
	for _, o := range tx.TxOut {
		out.Outputs = append(out.Outputs, outputOf(o))
		out.Fee -= o.Value
	}
	if out.Inputs[0].Coinbase {
		out.Fee = 0
	}
	if blockHash != "" {
		b := g.block(blockHash)
		out.Status = status{true, b.Height, b.ID, b.Time}
	}
	return out
}

func outputOf(out *wire.TxOut) output {
	class := txscript.GetScriptClass(out.PkScript)
	kind := map[txscript.ScriptClass]string{
		txscript.PubKeyTy: "p2pk", txscript.PubKeyHashTy: "p2pkh", txscript.ScriptHashTy: "p2sh",
		txscript.WitnessV0PubKeyHashTy: "v0_p2wpkh", txscript.WitnessV0ScriptHashTy: "v0_p2wsh",
		txscript.WitnessV1TaprootTy: "v1_p2tr", txscript.NullDataTy: "op_return", txscript.MultiSigTy: "multisig",
	}[class]
	return output{hex.EncodeToString(out.PkScript), cmp.Or(kind, "unknown"), addressOf(out.PkScript), out.Value}
}

func addressOf(script []byte) string {
	class, found, _, err := txscript.ExtractPkScriptAddrs(script, &chaincfg.RegressionNetParams)
	if err != nil || len(found) != 1 || class == txscript.PubKeyTy || class == txscript.MultiSigTy {
		return ""
	}
	return found[0].EncodeAddress()
}
