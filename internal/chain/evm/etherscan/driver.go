package etherscan

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/live"
	"github.com/scamtrace/scamtrace/internal/fetch"
)

// The free plan of Etherscan, which is the narrowest of the known servers.
const (
	defaultRate     = 3
	defaultParallel = 4
)

// Driver returns the driver.
func Driver() chain.Driver {
	return chain.Driver{
		Name:   "etherscan",
		Server: true,
		Doc:    "Asks an explorer that speaks the Etherscan interface (Etherscan, Blockscout, Routescan) for the lists of each address.",
		Ref:    "https://docs.etherscan.io/etherscan-v2",
		Open:   open,
	}
}

func open(_ context.Context, c chain.Chain, o chain.Options) (chain.Source, error) {
	client, err := live.Client("etherscan", c, o, live.Defaults{
		Rate: defaultRate, Burst: defaultRate, Parallel: defaultParallel, KeyQuery: "apikey",
	})
	if err != nil {
		return nil, err
	}
	s, err := New(c, o, client)
	if err != nil {
		client.Close()
		return nil, err
	}
	return live.Source(c, "etherscan", s, client, o)
}

// Server asks one explorer about one chain. It is safe for concurrent use.
type Server struct {
	chain  chain.Chain
	number string // of the chain, for the parameter chainid
	name   string // of the endpoint
	client *fetch.Client
	set    settings
}

// New makes a server of a client. The error wraps chain.ErrInput if the chain is
// not an EVM chain, or the arguments are not those of the package comment.
func New(c chain.Chain, o chain.Options, client *fetch.Client) (*Server, error) {
	number, ok := strings.CutPrefix(string(c.ID), "eip155:")
	if _, err := strconv.ParseUint(number, 10, 63); !ok || err != nil || c.Family != chain.Account {
		return nil, fmt.Errorf("%w: etherscan: %s is not an EVM chain", chain.ErrInput, c.Name)
	}
	set, err := parseSettings(o.Args)
	if err != nil {
		return nil, err
	}
	return &Server{chain: c, number: number, name: o.Endpoint.Name, client: client, set: set}, nil
}
