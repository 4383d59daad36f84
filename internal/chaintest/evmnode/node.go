package evmnode

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"testing"

	"github.com/ethereum/go-ethereum/core/rawdb"
	"github.com/ethereum/go-ethereum/eth"
	"github.com/ethereum/go-ethereum/eth/ethconfig"
	"github.com/ethereum/go-ethereum/eth/filters"
	"github.com/ethereum/go-ethereum/eth/tracers"
	_ "github.com/ethereum/go-ethereum/eth/tracers/native" // callTracer
	"github.com/ethereum/go-ethereum/node"
	"github.com/ethereum/go-ethereum/p2p"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Limits are a node's own limits and gaps; 0 is go-ethereum's default.
type Limits struct {
	// LogQuery is the most addresses or topics a position of eth_getLogs.
	LogQuery int
	// Range is the most blocks of eth_getLogs.
	Range uint64
	// BatchRequests is the most requests in a batch, BatchBytes the most bytes
	// of its answers.
	BatchRequests, BatchBytes int
	// Body is the most bytes of a request.
	Body int
	// Pruned nodes keep the state of the last 128 blocks alone. The story gets
	// PrunedTail blocks more when it is served, since it is short.
	Pruned bool
	// Final is the height of the final block, 0 for the story's head at first.
	Final uint64
	// NeverFinal nodes know no final block, as chains without consensus layer.
	NeverFinal bool
	// NoTraces leaves the module debug out.
	NoTraces bool
}

// PrunedTail is how many blocks a pruned node appends: below the head of the
// story minus 28 no state is left.
const PrunedTail = 100

// Node is a running go-ethereum. It is not safe for concurrent use, but for its
// server, which of course is.
type Node struct {
	story  *Story
	limits Limits
	final  uint64
	port   int

	stack   *node.Node
	backend *eth.Ethereum
}

// Start serves a story until the test ends.
func Start(t testing.TB, s *Story, l Limits) *Node {
	t.Helper()
	n, err := Open(s, l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Stop(); err != nil {
			t.Error(err)
		}
	})
	return n
}

// Open serves a story until Stop.
func Open(s *Story, l Limits) (*Node, error) {
	n := &Node{story: s, limits: l, final: l.Final}
	if n.final == 0 {
		n.final = s.Head().Height
	}
	if l.Pruned {
		if err := s.Extend(PrunedTail); err != nil {
			return nil, err
		}
	}
	return n, n.Resume()
}

// URL is where the node answers, the same after Stop and Resume.
func (n *Node) URL() string { return "http://127.0.0.1:" + strconv.Itoa(n.port) }

// Story is the chain that the node serves.
func (n *Node) Story() *Story { return n.story }

// Final is the block that the node calls final.
func (n *Node) Final() chain.Block { return n.story.Block(n.final) }

// Stop ends the node; connections are refused until Resume.
func (n *Node) Stop() error {
	if n.stack == nil {
		return nil
	}
	err := n.stack.Close()
	n.stack, n.backend = nil, nil
	return err
}

// Resume starts the node again, on the same port.
func (n *Node) Resume() error {
	if n.stack != nil {
		return nil
	}
	stack, err := n.newStack()
	if err != nil {
		return err
	}
	backend, err := n.newBackend(stack)
	if err == nil {
		err = stack.Start()
	}
	if err != nil {
		return errors.Join(err, stack.Close())
	}
	n.stack, n.backend = stack, backend
	_, port, err := net.SplitHostPort(stack.HTTPEndpoint()[len("http://"):])
	if err != nil {
		return err
	}
	if n.port, err = strconv.Atoi(port); err != nil {
		return err
	}
	return n.insert(0)
}

// Extend appends blocks to the story and serves them. The final block stays.
func (n *Node) Extend(blocks int) error {
	from := len(n.story.Blocks)
	if err := n.story.Extend(blocks); err != nil {
		return err
	}
	return n.insert(from)
}

// Reorg replaces the newest blocks, depth of them, by others.
func (n *Node) Reorg(depth, blocks int) error {
	if err := n.story.Fork(depth, blocks); err != nil {
		return err
	}
	n.final = min(n.final, n.story.Head().Height)
	return n.insert(len(n.story.Blocks) - blocks)
}

// SetFinal makes a block final.
func (n *Node) SetFinal(height uint64) error {
	if height > n.story.Head().Height {
		return fmt.Errorf("block %d is above the head", height)
	}
	n.final = height
	n.finalize()
	return nil
}

func (n *Node) finalize() {
	if n.backend == nil || n.limits.NeverFinal {
		return
	}
	header := n.story.root.Header()
	if n.final > 0 {
		header = n.story.Blocks[n.final-1].Header()
	}
	n.backend.BlockChain().SetFinalized(header)
	n.backend.BlockChain().SetSafe(header)
}

func (n *Node) insert(from int) error {
	if n.backend == nil {
		return nil
	}
	blocks := n.story.Blocks[from:]
	if len(blocks) > 0 {
		bc := n.backend.BlockChain()
		if at, err := bc.InsertChain(blocks); err != nil {
			return fmt.Errorf("block %d: %w", from+at+1, err)
		}
		if _, err := bc.SetCanonical(blocks[len(blocks)-1]); err != nil {
			return err
		}
	}
	n.finalize()
	n.backend.SetSynced()
	return nil
}

func (n *Node) newStack() (*node.Node, error) {
	c := node.DefaultConfig
	c.DataDir, c.IPCPath = "", ""
	c.P2P = p2p.Config{NoDiscovery: true, NoDial: true}
	c.HTTPHost, c.HTTPPort = "127.0.0.1", n.port
	c.HTTPModules = []string{"eth", "net", "web3", "debug"}
	if n.limits.NoTraces {
		c.HTTPModules = c.HTTPModules[:3]
	}
	set := func(to *int, value int) {
		if value > 0 {
			*to = value
		}
	}
	set(&c.BatchRequestLimit, n.limits.BatchRequests)
	set(&c.BatchResponseMaxSize, n.limits.BatchBytes)
	set(&c.HTTPBodyLimit, n.limits.Body)
	return node.New(&c)
}

func (n *Node) newBackend(stack *node.Node) (*eth.Ethereum, error) {
	c := ethconfig.Defaults
	c.Genesis, c.NetworkId, c.SyncMode = n.story.Genesis, n.story.Plot.ChainID, ethconfig.FullSync
	c.StateScheme, c.NoPruning = rawdb.HashScheme, true
	if n.limits.Pruned {
		c.StateScheme, c.NoPruning, c.StateHistory = rawdb.PathScheme, false, 1
	}
	c.TransactionHistory = 0
	c.LogNoHistory = true // an index of logs takes longer than to look through so few blocks
	c.TrieCleanCache, c.TrieDirtyCache, c.SnapshotCache, c.DatabaseCache = 16, 16, 0, 16
	c.BlobPool.Datadir = ""
	backend, err := eth.New(stack, &c)
	if err != nil {
		return nil, err
	}
	f := filters.Config{LogCacheSize: 128, LogQueryLimit: n.limits.LogQuery, RangeLimit: n.limits.Range}
	if f.LogQueryLimit == 0 {
		f.LogQueryLimit = c.LogQueryLimit
	}
	system := filters.NewFilterSystem(backend.APIBackend, f)
	stack.RegisterAPIs([]rpc.API{{Namespace: "eth", Service: filters.NewFilterAPI(system)}})
	stack.RegisterAPIs(tracers.APIs(backend.APIBackend))
	return backend, nil
}

// Call asks the node without its server, for tests that want to know what is
// true. The result is decoded into a pointer.
func (n *Node) Call(ctx context.Context, result any, method string, args ...any) error {
	client := n.stack.Attach()
	defer client.Close()
	return client.CallContext(ctx, result, method, args...)
}
