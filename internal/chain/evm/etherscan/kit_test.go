package etherscan_test

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/core/types"
	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/dataset"
	"github.com/scamtrace/scamtrace/internal/chain/evm/etherscan"
	"github.com/scamtrace/scamtrace/internal/chaintest/evmnode"
	gateway "github.com/scamtrace/scamtrace/internal/chaintest/gateway/etherscan"
)

// canary is the key in tests: no output may hold it.
const canary = "CANARY7f3a9c"

func ethereum(t testing.TB) chain.Chain {
	t.Helper()
	c, err := chain.Lookup("ethereum")
	require.NoError(t, err)
	return c
}

// story is a node with a story, and a gateway over it.
type story struct {
	node    *evmnode.Node
	gateway *gateway.Gateway
	url     string
}

// shared is a node that no test changes, and a gateway over it.
var shared = sync.OnceValues(func() (*story, error) {
	s, err := evmnode.Tell(evmnode.Plot{})
	if err != nil {
		return nil, err
	}
	n, err := evmnode.Open(s, evmnode.Limits{})
	if err != nil {
		return nil, err
	}
	return &story{node: n, gateway: gateway.New(n.URL(), gateway.Options{})}, nil
})

// read has a gateway over the node that tests share.
func read(t testing.TB, o gateway.Options) *story {
	t.Helper()
	s, err := shared()
	require.NoError(t, err)
	g := s.gateway.Sibling(o)
	return &story{node: s.node, gateway: g, url: gateway.Start(t, g)}
}

// tell has a gateway over a node of its own.
func tell(t testing.TB, o gateway.Options) *story {
	t.Helper()
	s, err := evmnode.Tell(evmnode.Plot{})
	require.NoError(t, err)
	n := evmnode.Start(t, s, evmnode.Limits{})
	g := gateway.New(n.URL(), o)
	return &story{node: n, gateway: g, url: gateway.Start(t, g)}
}

func (s *story) cast() *evmnode.Cast { return &s.node.Story().Cast }

// options are those of a source that asks the gateway.
func (s *story) options(t testing.TB, args string) chain.Options {
	return chain.Options{
		Args: "explorer" + args, Cache: t.TempDir(), Workers: 4,
		Endpoint: chain.Endpoint{
			Name: "explorer", URL: s.url, Key: chain.NewSecret(canary), Rate: 100_000, Patience: 30 * time.Second, Timeout: time.Minute,
		},
	}
}

func open(t testing.TB, o chain.Options) chain.Source {
	t.Helper()
	src, err := etherscan.Driver().Open(context.Background(), ethereum(t), o)
	require.NoError(t, err)
	t.Cleanup(func() { _ = src.Close() }) // a test may have closed it
	return src
}

func question(addresses []chain.Address, kinds ...chain.Kind) chain.Question {
	q := chain.Question{Addresses: map[chain.Address]struct{}{}, Kinds: kinds}
	for _, a := range addresses {
		q.Addresses[a] = struct{}{}
	}
	return q
}

// answer is what a source told.
type answer struct {
	transfers []chain.Transfer
	gaps      []chain.Gap
}

// ask puts a question up to the final block, a few parts at a time.
func ask(t testing.TB, src chain.Source, q chain.Question) (answer, error) {
	t.Helper()
	ctx := context.Background()
	if q.Span.To == 0 {
		head, err := src.Head(ctx)
		if err != nil {
			return answer{}, err
		}
		q.Span.To = head.Height
	}
	parts, err := src.Plan(ctx, q)
	require.NoError(t, err)
	var mu sync.Mutex
	var wg sync.WaitGroup
	var out answer
	var first error
	slots := make(chan struct{}, 4)
	for _, p := range parts {
		wg.Add(1)
		slots <- struct{}{}
		go func() {
			defer func() { <-slots; wg.Done() }()
			mu.Lock()
			stop := first != nil
			mu.Unlock()
			if stop {
				return
			}
			var told []chain.Transfer
			gaps, err := p.Ask(ctx, func(tr *chain.Transfer) error {
				c := *tr
				c.In, c.Out, c.Path = slices.Clone(tr.In), slices.Clone(tr.Out), slices.Clone(tr.Path)
				told = append(told, c)
				return nil
			})
			mu.Lock()
			defer mu.Unlock()
			if err != nil && first == nil {
				first = err
			}
			out.transfers, out.gaps = append(out.transfers, told...), append(out.gaps, gaps...)
		}()
	}
	wg.Wait()
	return out, first
}

func mustAsk(t testing.TB, src chain.Source, q chain.Question) answer {
	t.Helper()
	a, err := ask(t, src, q)
	require.NoError(t, err)
	return a
}

// lines are transfers as text, sorted, each once, with what all of them say of
// their transaction. blur takes out what a source does not know.
func lines(transfers []chain.Transfer, blur func(*chain.Transfer)) []string {
	txs := map[chain.Hash]chain.Tx{}
	for _, tr := range transfers {
		tx, ok := txs[tr.Tx.Hash]
		if !ok {
			tx = tr.Tx
		}
		if tr.Tx.Pos.Index != chain.UnknownIndex {
			tx.Pos.Index = tr.Tx.Pos.Index
		}
		tx.Status = max(tx.Status, tr.Tx.Status)
		txs[tr.Tx.Hash] = tx
	}
	var out []string
	for _, tr := range transfers {
		tr.Tx = txs[tr.Tx.Hash]
		if blur != nil {
			blur(&tr)
		}
		var b strings.Builder
		fmt.Fprintf(&b, "%d.%d %x %d %s %s %d %v %v", tr.Tx.Pos.Height, tr.Tx.Pos.Index, tr.Tx.Hash[:8], tr.Tx.Time,
			[]string{"?", "ok", "failed"}[tr.Tx.Status], tr.Kind, tr.Ordinal, tr.Path, tr.Asset)
		for i, side := range [][]chain.Entry{tr.In, tr.Out} {
			for _, e := range side {
				fmt.Fprintf(&b, " %d:%s=%s,%t", i, e.Address, e.Amount.Dec(), e.Contract)
			}
		}
		out = append(out, b.String())
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// files is what the files of the same chain tell.
func (s *story) files(t testing.TB, q chain.Question) []chain.Transfer {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, s.node.Story().Export(dir))
	src, err := dataset.Driver().Open(context.Background(), ethereum(t), chain.Options{Args: dir})
	require.NoError(t, err)
	defer src.Close()
	if q.Span.To == 0 {
		q.Span.To = math.MaxInt64
	}
	return mustAsk(t, src, q).transfers
}

// blobs are the transactions that also pay for blobs, which txlist does not
// tell.
func (s *story) blobs() map[chain.Hash]bool {
	out := map[chain.Hash]bool{}
	for _, b := range s.node.Story().Blocks {
		for _, tx := range b.Transactions() {
			if tx.Type() == types.BlobTxType {
				out[chain.Hash(tx.Hash())] = true
			}
		}
	}
	return out
}

// withoutBlobFees leaves out the fees of blob transactions.
func (s *story) withoutBlobFees(transfers []chain.Transfer) []chain.Transfer {
	blobs := s.blobs()
	return slices.DeleteFunc(slices.Clone(transfers), func(tr chain.Transfer) bool {
		return tr.Kind == chain.Fee && blobs[tr.Tx.Hash]
	})
}

// blocks serves one block for every tag but 0x0.
func blocks(t testing.TB, block string) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		result := block
		switch q := r.URL.Query(); {
		case q.Get("action") == "eth_blockNumber":
			result = `"0x10d8f"`
		case q.Get("tag") == "0x0":
			result = fmt.Sprintf(`{"number":"0x0","timestamp":"0x5","hash":"0x%064x"}`, 7)
		}
		fmt.Fprintf(w, `{"jsonrpc":"2.0","id":1,"result":%s}`, result)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/api"
}
