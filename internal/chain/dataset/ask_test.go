package dataset

import (
	"context"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// everything is the span of all blocks.
func everything() chain.Span { return chain.Span{To: math.MaxUint64} }

func addressSet[S ~string](list ...S) map[chain.Address]struct{} {
	m := map[chain.Address]struct{}{}
	for _, a := range list {
		m[chain.Address(a)] = struct{}{}
	}
	return m
}

func mustChain(t testing.TB, name string) chain.Chain {
	t.Helper()
	c, err := chain.Lookup(name)
	require.NoError(t, err)
	return c
}

func openFolder(t testing.TB, name, dir, cache string) *source {
	t.Helper()
	s, err := Driver().Open(context.Background(), mustChain(t, name), chain.Options{Args: dir, Cache: cache})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s.(*source)
}

// clone is a copy that lives on after emit.
func clone(tr *chain.Transfer) chain.Transfer {
	c := *tr
	c.Path = append([]uint32(nil), tr.Path...)
	c.In = append([]chain.Entry(nil), tr.In...)
	c.Out = append([]chain.Entry(nil), tr.Out...)
	return c
}

// ask plans a question and asks its parts in order.
func ask(ctx context.Context, s chain.Source, q chain.Question) (told []chain.Transfer, gaps []chain.Gap, err error) {
	parts, err := s.Plan(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range parts {
		g, err := p.Ask(ctx, func(tr *chain.Transfer) error {
			told = append(told, clone(tr))
			return nil
		})
		if err != nil {
			return told, gaps, err
		}
		gaps = append(gaps, g...)
	}
	return told, gaps, nil
}

func mustAsk(t testing.TB, s chain.Source, q chain.Question) ([]chain.Transfer, []chain.Gap) {
	t.Helper()
	told, gaps, err := ask(context.Background(), s, q)
	require.NoError(t, err)
	return told, gaps
}

// allAddresses is every address that the text files of the source name.
func allAddresses(t testing.TB, s *source) map[chain.Address]struct{} {
	t.Helper()
	require.NoError(t, s.examine(context.Background()))
	m := map[chain.Address]struct{}{}
	for _, f := range s.files {
		in, _, rows, err := f.begin()
		require.NoError(t, err)
		r := f.newRow()
		for {
			if err := rows.next(r); err == io.EOF {
				break
			} else {
				require.NoError(t, err)
			}
			f.layout.touch(r)
			for _, a := range r.touched {
				m[chain.Address(a)] = struct{}{}
			}
		}
		require.NoError(t, in.Close())
	}
	return m
}

// realData is the folder of a real data set, or skips.
func realData(t testing.TB, name string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("real data is left out with -short")
	}
	root := os.Getenv("SCAMTRACE_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	dir := filepath.Join(root, name)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no real data set %s; set SCAMTRACE_DATA", name)
	}
	return dir
}

// write puts a file below dir, making its folders.
func write(t testing.TB, dir, name, content string) {
	t.Helper()
	at := filepath.Join(dir, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(at), 0o755))
	require.NoError(t, os.WriteFile(at, []byte(content), 0o600))
}

func line(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return string(b) + "\n"
}
