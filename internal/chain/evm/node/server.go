package node

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/live"
	"github.com/scamtrace/scamtrace/internal/fetch"
	"github.com/scamtrace/scamtrace/internal/fetch/jsonrpc"
)

// Driver opens an EVM node as a source, "node:NAME" or
// "node:NAME,internal=auto|trace_filter|debug|none". NAME is an endpoint of the
// case. Opening sends nothing. Errors of Open wrap chain.ErrInput.
func Driver() chain.Driver {
	return chain.Driver{
		Name: "node", Server: true,
		Doc:  "An EVM node asked by JSON-RPC: tokens by eth_getLogs, native and internal movements by trace_filter or by a scan of blocks; with \",internal=auto|trace_filter|debug|none\" after the endpoint's name to choose.",
		Ref:  "https://ethereum.github.io/execution-apis/",
		Open: open,
	}
}

// Rates at which a server is asked if the case says nothing: a node of one's
// own bears more, a hosted one refuses and is then asked more slowly.
const (
	standardRate     = 25
	standardBurst    = 25
	standardParallel = 8
)

func open(_ context.Context, c chain.Chain, o chain.Options) (chain.Source, error) {
	client, err := live.Client("node", c, o, live.Defaults{Rate: standardRate, Burst: standardBurst, Parallel: standardParallel})
	if err != nil {
		return nil, err
	}
	s, err := New(c, o, client)
	if err != nil {
		return nil, errors.Join(err, client.Close())
	}
	source, err := live.Source(c, "node", s, client, o)
	if err != nil {
		return nil, errors.Join(err, client.Close())
	}
	return source, nil
}

// Ways to internal movements.
const (
	wayAuto   = "auto"
	wayFilter = "trace_filter"
	wayDebug  = "debug"
	wayNone   = "none"
)

// Server is a node. It implements live.Server, live.Doctor and live.Estimator,
// and is safe for concurrent use.
type Server struct {
	chain  chain.Chain
	number uint64 // the chain id
	name   string // of the endpoint
	way    string // to internal movements, as the case says
	client *fetch.Client
	// light is for calls that go well in batches, heavy for those that do not;
	// ranged is for questions about a range of blocks, which can be cut in two.
	light, heavy, ranged *jsonrpc.Client

	logs, rows caps
	// trusted says that a header of this chain was hashed as told, strange counts
	// those before that were not.
	trusted atomic.Bool
	// traceless says that the server was found to have no traces.
	traceless atomic.Bool
	strange   atomic.Int32
	loading   locks
	blocks    *shelf[block]
	headers   *shelf[header]
}

// Batches: a hundred headers are 0.2 MB, the traces of eight blocks up to 50 MB.
const (
	lightBatch = 100
	heavyBatch = 8
)

// New returns the server behind a client. It sends nothing. The error wraps
// chain.ErrInput.
func New(c chain.Chain, o chain.Options, client *fetch.Client) (*Server, error) {
	text, ok := strings.CutPrefix(string(c.ID), "eip155:")
	number, err := strconv.ParseUint(text, 10, 63)
	if !ok || err != nil {
		return nil, fmt.Errorf("%w: node: %s is no EVM chain", chain.ErrInput, c.Name)
	}
	s := &Server{
		chain: c, number: number, name: client.Name(), way: wayAuto, client: client,
		blocks: newShelf[block](blocksKept), headers: newShelf[header](headersKept),
	}
	_, args, _ := strings.Cut(o.Args, ",")
	for _, arg := range strings.Split(args, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(arg), "=")
		switch {
		case key == "":
		case key == "internal" && (value == wayAuto || value == wayFilter || value == wayDebug || value == wayNone):
			s.way = value
		default:
			return nil, fmt.Errorf("%w: node: %q is not understood: write internal=auto, trace_filter, debug or none", chain.ErrInput, arg)
		}
	}
	faults := newTable()
	plain := func(f jsonrpc.Fault) fetch.Verdict { return faults.classify(f, false) }
	s.light = jsonrpc.New(client, plain, lightBatch)
	s.heavy = jsonrpc.New(client, plain, heavyBatch)
	s.ranged = jsonrpc.New(client, func(f jsonrpc.Fault) fetch.Verdict { return faults.classify(f, true) }, 1)
	return s, nil
}
