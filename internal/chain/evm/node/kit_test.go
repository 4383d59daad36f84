package node_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/dataset"
	"github.com/scamtrace/scamtrace/internal/chain/evm/node"
	"github.com/scamtrace/scamtrace/internal/chaintest/evmnode"
)

// canary is the key in tests: no output may hold it.
const canary = "CANARY91be07"

func lookup(t testing.TB, name string) chain.Chain {
	t.Helper()
	c, err := chain.Lookup(name)
	require.NoError(t, err)
	return c
}

// shared is a node that no test changes.
var shared = sync.OnceValues(func() (*evmnode.Node, error) {
	s, err := evmnode.Tell(evmnode.Plot{})
	if err != nil {
		return nil, err
	}
	return evmnode.Open(s, evmnode.Limits{})
})

// read is the node that tests share.
func read(t testing.TB) *evmnode.Node {
	t.Helper()
	n, err := shared()
	require.NoError(t, err)
	return n
}

// tell starts a node of the test's own.
func tell(t testing.TB, l evmnode.Limits) *evmnode.Node {
	t.Helper()
	s, err := evmnode.Tell(evmnode.Plot{})
	require.NoError(t, err)
	return evmnode.Start(t, s, l)
}

// options are those of a source that asks a server.
func options(t testing.TB, url, args string) chain.Options {
	return chain.Options{
		Args: "mynode" + args, Cache: t.TempDir(), Workers: 4,
		Endpoint: chain.Endpoint{Name: "mynode", URL: url, Rate: 100_000, Patience: 3 * time.Second, Timeout: 20 * time.Second},
	}
}

func open(t testing.TB, o chain.Options) chain.Source {
	t.Helper()
	return openChain(t, "ethereum", o)
}

func openChain(t testing.TB, name string, o chain.Options) chain.Source {
	t.Helper()
	src, err := node.Driver().Open(context.Background(), lookup(t, name), o)
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
	if err != nil {
		return answer{}, err
	}
	told := make([]answer, len(parts))
	errs := make([]error, len(parts))
	var wg sync.WaitGroup
	slots := make(chan struct{}, 4)
	for i, p := range parts {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			told[i].gaps, errs[i] = p.Ask(ctx, func(tr *chain.Transfer) error {
				c := *tr
				c.In, c.Out, c.Path = slices.Clone(tr.In), slices.Clone(tr.Out), slices.Clone(tr.Path)
				told[i].transfers = append(told[i].transfers, c)
				return nil
			})
		})
	}
	wg.Wait()
	var out answer
	for i := range told {
		if errs[i] != nil {
			return out, errs[i]
		}
		out.transfers, out.gaps = append(out.transfers, told[i].transfers...), append(out.gaps, told[i].gaps...)
	}
	return out, nil
}

func mustAsk(t testing.TB, src chain.Source, q chain.Question) answer {
	t.Helper()
	a, err := ask(t, src, q)
	require.NoError(t, err)
	return a
}

// lines are transfers as text, sorted, each once.
func lines(transfers []chain.Transfer) []string {
	var out []string
	for _, tr := range transfers {
		var b strings.Builder
		fmt.Fprintf(&b, "%d.%d %x %d %s %s %d %v %v", tr.Tx.Pos.Height, int32(tr.Tx.Pos.Index), tr.Tx.Hash[:8], tr.Tx.Time,
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
func files(t testing.TB, s *evmnode.Story, q chain.Question) []chain.Transfer {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, s.ExportRewards(dir))
	src, err := dataset.Driver().Open(context.Background(), lookup(t, "ethereum"), chain.Options{Args: dir})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, src.Close()) })
	return mustAsk(t, src, q).transfers
}

// all are the kinds of an account chain.
func all() []chain.Kind {
	return []chain.Kind{chain.Fee, chain.NativeKind, chain.Internal, chain.Token, chain.Reward}
}

func address(s string) chain.Address { return chain.Address(strings.ToLower(s)) }

// covers reports whether a gap speaks of a line of difference.
func covers(g chain.Gap, line string) bool {
	var height uint64
	var mark string
	if _, err := fmt.Sscanf(line, "%1s %d.", &mark, &height); err != nil {
		return false
	}
	return g.Span.Has(height) && (g.Address == "" || strings.Contains(line, string(g.Address))) &&
		(g.Kind == 0 || strings.Contains(line, " "+g.Kind.String()+" "))
}
