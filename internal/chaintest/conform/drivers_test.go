package conform_test

import (
	"context"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/evm/etherscan"
	"github.com/scamtrace/scamtrace/internal/chain/evm/node"
	"github.com/scamtrace/scamtrace/internal/chaintest/anvil"
	"github.com/scamtrace/scamtrace/internal/chaintest/conform"
	"github.com/scamtrace/scamtrace/internal/chaintest/evmnode"
	"github.com/scamtrace/scamtrace/internal/chaintest/faults"
	gateway "github.com/scamtrace/scamtrace/internal/chaintest/gateway/etherscan"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// shared is a node that no test changes.
var shared = sync.OnceValues(func() (*evmnode.Node, error) {
	s, err := evmnode.Tell(evmnode.Plot{})
	if err != nil {
		return nil, err
	}
	return evmnode.Open(s, evmnode.Limits{Final: 95})
})

func sharedNode(t testing.TB) *evmnode.Node {
	t.Helper()
	n, err := shared()
	require.NoError(t, err)
	return n
}

// opener opens a driver on a URL.
func opener(t testing.TB, d chain.Driver, args string) func(url, cache string, patience time.Duration) (chain.Source, error) {
	t.Helper()
	ethereum, err := chain.Lookup("ethereum")
	require.NoError(t, err)
	return func(url, cache string, patience time.Duration) (chain.Source, error) {
		return d.Open(context.Background(), ethereum, chain.Options{
			Args: "server" + args, Cache: cache, Workers: 4,
			Endpoint: chain.Endpoint{Name: "server", URL: url, Rate: 100_000, Patience: patience, Timeout: 5 * time.Second},
		})
	}
}

func account() []chain.Kind {
	return []chain.Kind{chain.Fee, chain.NativeKind, chain.Internal, chain.Token}
}

// trials is how many seeds are tried: as many as SCAMTRACE_TRIALS says, else a
// few.
func trials(t testing.TB) int {
	t.Helper()
	if testing.Short() {
		t.Skip("waits for retries")
	}
	if n, err := strconv.Atoi(os.Getenv("SCAMTRACE_TRIALS")); err == nil {
		return n
	}
	return 6
}

// only are the kinds of faults that SCAMTRACE_FAULTS names, joined by commas, to
// look at one more closely; all if it names none.
func only() []string {
	return strings.FieldsFunc(os.Getenv("SCAMTRACE_FAULTS"), func(r rune) bool { return r == ',' })
}

// begin is the first seed, SCAMTRACE_FIRST or 0.
func begin() uint64 {
	n, _ := strconv.ParseUint(os.Getenv("SCAMTRACE_FIRST"), 10, 64)
	return n
}

func TestNodeSurvives(t *testing.T) {
	seeds := trials(t)
	n := sharedNode(t)
	kinds := append(account(), chain.Reward)
	k := conform.KnownStory(t, n.Story(), 95, kinds...)
	conform.Survive(t, conform.Trial{
		Case: conform.Case{Chain: k.Chain, Seeds: n.Story().Cast.Seeds, Kinds: kinds, From: 1}, Target: n.URL(), Speaks: faults.JSONRPC,
		Open: opener(t, node.Driver(), ""), Truth: conform.StoryTruth(t, n.Story(), kinds...), Only: only(), First: begin(),
	}, seeds)
}

func TestEtherscanSurvives(t *testing.T) {
	seeds := trials(t)
	n := sharedNode(t)
	g := gateway.Start(t, gateway.New(n.URL(), gateway.Options{Flavour: gateway.Plain()}))
	k := conform.KnownStory(t, n.Story(), 95, account()...)
	conform.Survive(t, conform.Trial{
		Case: conform.Case{Chain: k.Chain, Seeds: n.Story().Cast.Seeds, Kinds: account()}, Target: g, Speaks: faults.Etherscan,
		// To whom somebody paid who is followed, if that is nobody who is followed
		// himself, stands in one list only: an explorer's word is all there is.
		Without: []string{"altered-party"},
		Open:    opener(t, etherscan.Driver(), ",proof=all"), Truth: conform.StoryTruth(t, n.Story(), account()...), Only: only(), First: begin(),
	}, seeds)
}

// anvil lists calls by address, where go-ethereum has blocks read: the same
// transactions must lead to the same books.
func TestAnvilLeadsToTheSameBooks(t *testing.T) {
	server := anvil.Start(t, 1)
	s, err := evmnode.Tell(evmnode.Plot{Plain: true})
	require.NoError(t, err)
	n := evmnode.Start(t, s, evmnode.Limits{Final: 30})
	require.NoError(t, server.Replay(context.Background(), s))
	k := conform.KnownStory(t, s, 30, account()...)
	accounts := conform.Set(s.Cast.All()...)
	delete(accounts, s.Cast.Miner) // who has tips, which are not asked for
	books := make([]*ledger.Book, 2)
	for i, url := range []string{n.URL(), server.URL()} {
		source, err := opener(t, node.Driver(), "")(url, t.TempDir(), 5*time.Second)
		require.NoError(t, err)
		_, err = source.Head(context.Background())
		require.NoError(t, err)
		var gaps []chain.Gap
		books[i], gaps, err = conform.Book(context.Background(), k.Chain, source, chain.Question{
			Addresses: accounts, Span: chain.Span{From: 1, To: 30}, Kinds: k.Kinds,
		})
		require.NoError(t, err)
		require.Empty(t, gaps, url)
		require.NoError(t, source.Close())
	}
	require.Greater(t, books[0].Len(), 200)
	conform.SameBooks(t, books[0], books[1])
}
