package node

import (
	"context"
	"errors"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/rpc"
	"github.com/scamtrace/scamtrace/internal/fetch"
)

// way is how it is found out what transactions spend.
type way int

const (
	// byWindow looks at what the blocks of the span made before.
	byWindow way = iota
	// byIndex asks for the transactions that made it.
	byIndex
	// byUndo asks for blocks with what they spend (Bitcoin Core 23).
	byUndo
)

// firstWithPrevouts is the version of Bitcoin Core whose getblock tells what a
// block spends.
const firstWithPrevouts = 230_000

// What is noted about a server that cannot do something.
const (
	noVersion = "getnetworkinfo is not there"
	noIndex   = "there is no index of transactions"
)

// way finds out what the node can do. The answers are kept under the pin.
func (s *Server) way(ctx context.Context, pin string, head chain.Block) (way, error) {
	var version int64
	has, err := s.try(ctx, pin, noVersion, rpc.Query{Pin: pin, Method: "getnetworkinfo", Read: func(v jsontext.Value) error {
		var info struct {
			Version int64 `json:"version"`
		}
		err := json.Unmarshal(v, &info)
		version = info.Version
		return err
	}})
	if err != nil {
		return byWindow, err
	}
	if has && version >= firstWithPrevouts {
		return byUndo, nil
	}
	contents, err := s.Contents(ctx, []chain.Hash{head.Hash})
	if err != nil {
		return byWindow, err
	}
	var ignored output
	has, err = s.try(ctx, pin, noIndex, madeBy(pin, contents[0].Transactions[0], map[chain.Outpoint]*output{{}: &ignored}))
	if err != nil || !has {
		return byWindow, err
	}
	return byIndex, nil
}

// try puts a query that the node may not know, and remembers if it does not.
func (s *Server) try(ctx context.Context, pin, note string, q rpc.Query) (has bool, err error) {
	if pin != "" && s.Noted(pin, note) {
		return false, nil
	}
	err = s.Ask(ctx, q)
	var failed *fetch.Error
	if errors.As(err, &failed) && failed.Class == fetch.Unsupported {
		if pin == "" {
			return false, nil
		}
		return false, s.Note(pin, note)
	}
	return err == nil, err
}
