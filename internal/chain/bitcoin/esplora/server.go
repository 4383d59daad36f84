package esplora

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/go-json-experiment/json"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/byaddress"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/rpc"
	"github.com/scamtrace/scamtrace/internal/fetch"
)

// Server is an Esplora server. It is safe for concurrent use.
type Server struct {
	chain   chain.Chain
	client  *fetch.Client
	scripts bitcoin.Scripts
	// index says that the place of each transaction in its block is asked for.
	index   bool
	checked atomic.Bool // the chain is the right one
}

// New returns the server that a client asks. With index it also asks for the
// blocks of transactions, to know their places in them.
func New(c chain.Chain, client *fetch.Client, index bool) (*Server, error) {
	scripts, err := bitcoin.ScriptsOf(c)
	if err != nil {
		return nil, err
	}
	return &Server{chain: c, client: client, scripts: scripts, index: index}, nil
}

// get asks for a path and reads the reply. An error of read says that the reply
// is not what it should be: it is asked for again and not kept.
func (s *Server) get(ctx context.Context, pin, name, path string, read func(body []byte) error) error {
	reply, err := s.client.Ask(ctx, fetch.Call{Name: name, Path: path, Pin: pin, Judge: func(r fetch.Reply) fetch.Verdict {
		v := classify(r)
		if v.Class != fetch.Final {
			return v
		}
		if err := read(r.Body); err != nil {
			return fetch.Verdict{Class: fetch.Broken, Reason: err.Error()}
		}
		return v
	}})
	if err != nil {
		return err
	}
	if err := read(reply.Body); err != nil {
		return &fetch.Error{Server: s.client.Name(), Call: name, Class: fetch.Broken, Reason: err.Error()}
	}
	return nil
}

// block is what Esplora says of a block.
type block struct {
	ID       string `json:"id"`
	Height   uint64 `json:"height"`
	Version  int64  `json:"version"`
	Time     int64  `json:"timestamp"`
	Merkle   string `json:"merkle_root"`
	Previous string `json:"previousblockhash"`
	Nonce    uint32 `json:"nonce"`
	Bits     uint32 `json:"bits"`
}

var (
	errNoBlock   = errors.New("the block asked for is not there")
	errNotHeader = errors.New("the block's hash is not that of its header")
	errNotMerkle = errors.New("the block's transactions are not those that its header names")
)

// prove computes the hash of the block from its header.
func (b *block) prove() (chain.Block, chain.Hash, error) {
	h := bitcoin.Header{Version: int32(b.Version), Time: b.Time, Bits: fmt.Sprintf("%08x", b.Bits), Nonce: b.Nonce}
	var err error
	if h.Merkle, err = chain.ParseHash(b.Merkle); err != nil {
		return chain.Block{}, h.Merkle, err
	}
	if b.Previous != "" {
		if h.Previous, err = chain.ParseHash(b.Previous); err != nil {
			return chain.Block{}, h.Merkle, err
		}
	}
	hash, err := h.Hash()
	if err != nil {
		return chain.Block{}, h.Merkle, err
	}
	if hash.Text(chain.UTXO) != b.ID {
		return chain.Block{}, h.Merkle, errNotHeader
	}
	return chain.Block{Height: b.Height, Hash: hash, Time: b.Time}, h.Merkle, nil
}

// Head implements live.Server: the newest block with six confirmations, which
// is among the newest ten. The first call checks that the chain is the right one.
func (s *Server) Head(ctx context.Context) (head chain.Block, err error) {
	if !s.checked.Load() {
		var genesis string
		if err := s.get(ctx, "", "block-height", "/block-height/0", func(body []byte) error {
			genesis = strings.TrimSpace(string(body))
			_, err := chain.ParseHash(genesis)
			return err
		}); err != nil {
			return head, err
		}
		if !bitcoin.Genesis(s.chain, genesis) {
			return head, rpc.WrongChain(s.client.Name(), s.chain, genesis)
		}
		s.checked.Store(true)
	}
	err = s.get(ctx, "", "blocks", "/blocks", func(body []byte) (err error) {
		var list []block
		if err := json.Unmarshal(body, &list); err != nil {
			return err
		}
		if len(list) == 0 {
			return errNoBlock
		}
		at := min(rpc.Depth, len(list)-1)
		if at < rpc.Depth && list[at].Height > 0 || list[0].Height != list[at].Height+uint64(at) {
			return errNoBlock
		}
		head, _, err = list[at].prove()
		return err
	})
	return head, err
}

// Block implements live.Server.
func (s *Server) Block(ctx context.Context, height uint64) (b chain.Block, err error) {
	var hash string
	err = s.get(ctx, "", "block-height", "/block-height/"+strconv.FormatUint(height, 10), func(body []byte) error {
		hash = strings.TrimSpace(string(body))
		_, err := chain.ParseHash(hash)
		return err
	})
	if err != nil {
		return b, err
	}
	b, _, err = s.blockOf(ctx, "", hash)
	if err == nil && b.Height != height {
		err = &fetch.Error{Server: s.client.Name(), Call: "block", Class: fetch.Broken, Reason: errNoBlock.Error()}
	}
	return b, err
}

// blockOf is the block of a hash, and the root of its transactions.
func (s *Server) blockOf(ctx context.Context, pin, hash string) (b chain.Block, merkle chain.Hash, err error) {
	err = s.get(ctx, pin, "block", "/block/"+hash, func(body []byte) (err error) {
		var v block
		if err := json.Unmarshal(body, &v); err != nil {
			return err
		}
		if v.ID != hash {
			return errNoBlock
		}
		b, merkle, err = v.prove()
		return err
	})
	return b, merkle, err
}

// contents are the transactions of a block, in its order. They cannot change, so
// the archive keeps them under the block's own hash: once for all nights.
func (s *Server) contents(ctx context.Context, hash chain.Hash) (b chain.Block, list []chain.Hash, err error) {
	text := hash.Text(chain.UTXO)
	b, merkle, err := s.blockOf(ctx, text, text)
	if err != nil {
		return b, nil, err
	}
	err = s.get(ctx, text, "txids", "/block/"+text+"/txids", func(body []byte) error {
		var txids []string
		if err := json.Unmarshal(body, &txids); err != nil {
			return err
		}
		list = make([]chain.Hash, len(txids))
		for i := range txids {
			var err error
			if list[i], err = chain.ParseHash(txids[i]); err != nil {
				return err
			}
		}
		if root, ok := bitcoin.MerkleRoot(list); !ok || root != merkle {
			return errNotMerkle
		}
		return nil
	})
	return b, list, err
}

// Plan implements live.Server: a part asks for a share of the addresses.
func (s *Server) Plan(_ context.Context, q chain.Question, pin chain.Block) ([]chain.Part, error) {
	return byaddress.Plan(s, q, pin), nil
}
