// Package rpc asks a Bitcoin node, btcd or Bitcoin Core, by JSON-RPC: what the
// drivers that speak to one have in common.
package rpc

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin"
	"github.com/scamtrace/scamtrace/internal/fetch"
	"github.com/scamtrace/scamtrace/internal/fetch/jsonrpc"
)

// Depth is how many blocks above it a block needs to be final: with six
// confirmations, as merchants wait for.
const Depth = 5

// batch is how many calls go in one HTTP request: btcd works them off one after
// the other.
const batch = 20

// Server is a node of one chain. It is safe for concurrent use.
type Server struct {
	chain   chain.Chain
	client  *fetch.Client
	rpc     *jsonrpc.Client
	checked atomic.Bool // the chain is the right one
}

// New returns the node that a client asks.
func New(c chain.Chain, client *fetch.Client) *Server {
	return &Server{chain: c, client: client, rpc: jsonrpc.New(client, Classify, batch)}
}

// Name is what errors call the server.
func (s *Server) Name() string { return s.client.Name() }

// Noted reports whether something was noted about the server under a pin, Note
// does so. A note is a way of asking that a later run must repeat, such as that
// a method is not there.
func (s *Server) Noted(pin, what string) bool {
	return s.client.Archive().Split(fetch.Question{Pin: pin, Text: "note " + what})
}

// Note notes it.
func (s *Server) Note(pin, what string) error {
	return s.client.Archive().MarkSplit(fetch.Question{Pin: pin, Text: "note " + what})
}

// Pin is a block as the archive names it.
func Pin(b chain.Block) string { return b.Hash.Text(chain.UTXO) }

// Head implements live.Server: the newest block with six confirmations, in three
// requests. The first call checks that the chain is the right one.
func (s *Server) Head(ctx context.Context) (chain.Block, error) {
	tries := s.client.Tries("getblockcount")
	for {
		b, err := s.head(ctx)
		if !errors.Is(err, errTip) {
			return b, err
		}
		if err := tries.Again(ctx, fetch.Verdict{Class: fetch.Broken, Reason: err.Error()}); err != nil {
			return chain.Block{}, err
		}
	}
}

// head asks in two ways how long the chain is, since all else rests on it and
// nothing proves a number.
func (s *Server) head(ctx context.Context) (b chain.Block, err error) {
	var height uint64
	var best, genesis, final chain.Hash
	queries := []Query{
		{Method: "getblockcount", Read: func(v jsontext.Value) error { return json.Unmarshal(v, &height) }},
		{Method: "getbestblockhash", Read: readHash(&best)},
	}
	first := !s.checked.Load()
	if first {
		queries = append(queries, Query{Method: "getblockhash", Params: []any{0}, Read: readHash(&genesis)})
	}
	if err := s.Ask(ctx, queries...); err != nil {
		return b, err
	}
	if first {
		if text := genesis.Text(chain.UTXO); !bitcoin.Genesis(s.chain, text) {
			return b, WrongChain(s.Name(), s.chain, text)
		}
		s.checked.Store(true)
	}
	b.Height = height - min(height, Depth)
	var top, h Header
	if err := s.Ask(ctx, HeaderQuery("", best, &top),
		Query{Method: "getblockhash", Params: []any{b.Height}, Read: readHash(&final)}); err != nil {
		return b, err
	}
	if err := s.Ask(ctx, HeaderQuery("", final, &h)); err != nil {
		return b, err
	}
	if top.Height != height || h.Height != b.Height {
		return b, errTip
	}
	b.Hash, b.Time = h.Hash, h.Time
	return b, nil
}

func readHash(to *chain.Hash) func(jsontext.Value) error {
	return func(v jsontext.Value) error {
		var text string
		err := json.Unmarshal(v, &text)
		if err == nil {
			*to, err = chain.ParseHash(text)
		}
		return err
	}
}

// WrongChain says that a server is of another chain.
func WrongChain(server string, c chain.Chain, genesis string) error {
	for _, other := range chain.List() {
		if bitcoin.Genesis(other, genesis) {
			return fmt.Errorf("%w: %s serves %s, not %s: name the right endpoint in sources", chain.ErrInput, server, other.Name, c.Name)
		}
	}
	return fmt.Errorf("%w: %s does not serve %s: its first block is %.64s", chain.ErrInput, server, c.Name, genesis)
}

// Block implements live.Server.
func (s *Server) Block(ctx context.Context, height uint64) (chain.Block, error) {
	tries := s.client.Tries("getblockhash")
	for {
		hash, err := s.HashAt(ctx, "", height)
		if err != nil {
			return chain.Block{}, err
		}
		var h Header
		if err := s.Ask(ctx, HeaderQuery("", hash, &h)); err != nil {
			return chain.Block{}, err
		}
		if h.Height == height {
			return chain.Block{Height: h.Height, Hash: h.Hash, Time: h.Time}, nil
		}
		if err := tries.Again(ctx, fetch.Verdict{Class: fetch.Broken, Reason: errNoBlock.Error()}); err != nil {
			return chain.Block{}, err
		}
	}
}

// HashAt is the hash of the block at a height.
func (s *Server) HashAt(ctx context.Context, pin string, height uint64) (hash chain.Hash, err error) {
	err = s.Ask(ctx, Query{Pin: pin, Method: "getblockhash", Params: []any{height}, Read: readHash(&hash)})
	return hash, err
}

// Header is a block header whose hash was computed from it, with its height.
type Header struct {
	Hash, Previous chain.Hash
	Height         uint64
	Time           int64
	// Transactions are the block's, in its order, if they were asked for: their
	// merkle root is the header's.
	Transactions []chain.Hash
}

// header is what getblockheader and getblock say.
type header struct {
	Confirmations int64    `json:"confirmations"`
	Height        int64    `json:"height"`
	Version       int32    `json:"version"`
	Merkle        string   `json:"merkleroot"`
	Time          int64    `json:"time"`
	Nonce         uint32   `json:"nonce"`
	Bits          string   `json:"bits"`
	Previous      string   `json:"previousblockhash"`
	Tx            []string `json:"tx"`
}

var (
	errTip       = errors.New("the newest block does not stand where the count of blocks says")
	errNoBlock   = errors.New("the block asked for is not there")
	errStale     = errors.New("the block is no longer on the chain")
	errNotHeader = errors.New("the block's hash is not that of its header")
	errNotMerkle = errors.New("the block's transactions are not those that its header names")
)

// decodeHeader reads and proves a header.
func decodeHeader(v jsontext.Value, hash chain.Hash, transactions bool) (out Header, err error) {
	if v == nil {
		return out, errNoBlock
	}
	var h header
	if err := json.Unmarshal(v, &h); err != nil {
		return out, err
	}
	if h.Confirmations < 0 {
		return out, errStale
	}
	if h.Height < 0 || h.Time < 0 {
		return out, errNotHeader
	}
	fields := bitcoin.Header{Version: h.Version, Time: h.Time, Bits: h.Bits, Nonce: h.Nonce}
	if fields.Merkle, err = chain.ParseHash(h.Merkle); err != nil {
		return out, err
	}
	if h.Previous != "" {
		if fields.Previous, err = chain.ParseHash(h.Previous); err != nil {
			return out, err
		}
	}
	computed, err := fields.Hash()
	if err != nil {
		return out, err
	}
	if computed != hash {
		return out, errNotHeader
	}
	out = Header{Hash: hash, Previous: fields.Previous, Height: uint64(h.Height), Time: h.Time}
	if !transactions {
		return out, nil
	}
	out.Transactions = make([]chain.Hash, len(h.Tx))
	for i, text := range h.Tx {
		if out.Transactions[i], err = chain.ParseHash(text); err != nil {
			return out, err
		}
	}
	if root, ok := bitcoin.MerkleRoot(out.Transactions); !ok || root != fields.Merkle {
		return out, errNotMerkle
	}
	return out, nil
}

// HeaderQuery asks for the header of a block, which must be on the chain.
func HeaderQuery(pin string, hash chain.Hash, to *Header) Query {
	return Query{Pin: pin, Method: "getblockheader", Params: []any{hash.Text(chain.UTXO), true}, Read: func(v jsontext.Value) (err error) {
		*to, err = decodeHeader(v, hash, false)
		return err
	}}
}

// Contents are headers with the lists of transactions. They cannot change, so
// the archive keeps them under the blocks' own hashes: once for all nights.
func (s *Server) Contents(ctx context.Context, hashes []chain.Hash) ([]Header, error) {
	out := make([]Header, len(hashes))
	queries := make([]Query, len(hashes))
	for i, hash := range hashes {
		pin := hash.Text(chain.UTXO)
		queries[i] = Query{Pin: pin, Method: "getblock", Params: []any{pin, 1}, Read: func(v jsontext.Value) (err error) {
			out[i], err = decodeHeader(v, hash, true)
			return err
		}}
	}
	return out, s.Ask(ctx, queries...)
}
