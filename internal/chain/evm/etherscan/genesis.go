package etherscan

import (
	"context"
	"fmt"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// first is a chain and the hash of its block 0.
type first struct {
	id   chain.ID
	hash string
}

// firsts lists blocks 0 that belong to one chain alone (those of Avalanche and
// its kin are all the same).
func firsts() []first {
	return []first{
		{"eip155:1", "d4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3"},
		{"eip155:10", "7ca38a1916c42007829c55e69d3e9a73265554b586a499015373241b8a3fa48b"},
		{"eip155:56", "0d21840abff46b96c84b2ac9e10e4f5cdaeb5693cb665db62a2f3b02d2d57b5b"},
		{"eip155:100", "4f1dd23188aab3a76b463e4af801b52b1248ef073c648cbdc4c9333d3da79756"},
		{"eip155:137", "a9c28ce2141b56c474f1dc504bee9b01eb1bd7d1a507580d5519d4437a97de1b"},
		{"eip155:8453", "f712aa9241cc24369b143cf6dce85f0902a9731e70d66818a3a5845b296c73dd"},
		{"eip155:42161", "7ee576b35482195fc49205cec9af72ce14f003b9ae69f6ba0faef4514be8b442"},
		{"eip155:11155111", "25a5cc106eea7138acab33231d7160d69cb777ee0c2c553fcddf5138993e6dd9"},
	}
}

// checkChain asks for block 0. Servers for one chain ignore the number of the
// chain that each request names, so that nothing else tells a wrong URL. A block
// that is of none of the known chains passes: a copy of a chain has its own.
func (s *Server) checkChain(ctx context.Context) error {
	b, err := s.Block(ctx, 0)
	if err != nil {
		return err
	}
	has := b.Hash.Text(chain.UTXO)
	for _, f := range firsts() {
		if f.hash == has && f.id != s.chain.ID {
			c, err := chain.Lookup(string(f.id))
			if err != nil {
				return err
			}
			return fmt.Errorf("%w: endpoint %s is a server for %s, not for %s", chain.ErrInput, s.name, c.Name, s.chain.Name)
		}
	}
	return nil
}

// ownFirst reports whether the server has the chain's own block 0, where that is
// known.
func (s *Server) ownFirst(ctx context.Context) (own, known bool, err error) {
	for _, f := range firsts() {
		if f.id == s.chain.ID {
			b, err := s.Block(ctx, 0)
			return b.Hash.Text(chain.UTXO) == f.hash, true, err
		}
	}
	return false, false, nil
}
