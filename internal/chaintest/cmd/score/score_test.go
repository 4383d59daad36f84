package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chaintest/score"
)

// The test's own binary stands in for scamtrace: it refuses the first two lines
// of a seed list that say bad, as scamtrace refuses at most fifty, and the case
// with broken in it.
func TestMain(m *testing.M) {
	if os.Getenv("SCORE_TEST_PROGRAM") == "" {
		os.Exit(m.Run())
	}
	path := os.Args[3] // plan --seeds PATH
	raw, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	code, told := 0, 0
	for i, line := range strings.Split(string(raw), "\n") {
		if strings.Contains(line, "broken") {
			fmt.Fprintln(os.Stderr, "scamtrace: the case is broken")
			os.Exit(2)
		}
		if strings.Contains(line, "bad") && told < 2 {
			fmt.Fprintf(os.Stderr, "%s:%d: this is bad\n", path, i+1)
			code = 2
			told++
		}
	}
	os.Exit(code)
}

func testProgram(t *testing.T) program {
	t.Helper()
	bin, err := os.Executable()
	require.NoError(t, err)
	t.Setenv("SCORE_TEST_PROGRAM", "1")
	return program{bin, t.TempDir()}
}

// What the program refuses is taken out line by line, and known by its place in
// the list as it was.
func TestSift(t *testing.T) {
	p := testProgram(t)
	list := filepath.Join(t.TempDir(), "seeds.csv")
	require.NoError(t, os.WriteFile(list, []byte("chain,address\nbitcoin,a\nbitcoin,bad1\nbitcoin,b\nbitcoin,bad2\ntron,bad3\n"), 0o644))
	rest, lines, err := p.sift(t.Context(), list)
	require.NoError(t, err)
	left, err := os.ReadFile(rest)
	require.NoError(t, err)
	require.Equal(t, "chain,address\nbitcoin,a\nbitcoin,b\n", string(left))
	require.Equal(t, []int{3, 5, 6}, lines)

	refused, err := seedsAt(list, lines)
	require.NoError(t, err)
	require.Equal(t, map[score.Place]bool{
		{Chain: "bitcoin", Address: "bad1"}: true, {Chain: "bitcoin", Address: "bad2"}: true, {Chain: "tron", Address: "bad3"}: true,
	}, refused)

	require.NoError(t, os.WriteFile(list, []byte("chain,address\nbitcoin,broken\n"), 0o644))
	_, _, err = p.sift(t.Context(), list)
	require.ErrorContains(t, err, "refuses the case, and no line of it: scamtrace: the case is broken")
}

func TestKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "README.md")
	require.NoError(t, os.WriteFile(path, []byte("words\n<!-- score -->\nold\n<!-- end -->\nmore\n<!-- end -->\n"), 0o644))
	k, err := readKept(path)
	require.NoError(t, err)
	require.Equal(t, "old\n", k.table)
	require.NoError(t, k.write("new\n"))
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "words\n<!-- score -->\nnew\n<!-- end -->\nmore\n<!-- end -->\n", string(raw))

	require.NoError(t, os.WriteFile(path, []byte("words\n"), 0o644))
	_, err = readKept(path)
	require.ErrorContains(t, err, "there is no table between <!-- score --> and <!-- end -->")
}

// A set that is not here keeps its rows, in their place.
func TestCarry(t *testing.T) {
	row := func(name string) score.Row { return score.Row{Name: name, Found: score.N(1)} }
	before := []score.Row{row("a"), row("Wasabi 1: x"), row("Wasabi 1: y"), row("b"), row("gone")}
	now := []score.Row{row("new"), row("a"), row("b")}
	want := []score.Row{row("new"), row("a"), row("Wasabi 1: x"), row("Wasabi 1: y"), row("b")}
	require.Equal(t, want, carry(before, now, []string{"Wasabi 1", "Wasabi"}))
	require.Equal(t, now, carry(before, now, nil))
}

// A row that got worse is shown as it was and as it is.
func TestTellChanges(t *testing.T) {
	kept := []score.Row{{Name: "pairs", Found: score.N(9), Of: score.N(10)}}
	var told bytes.Buffer
	require.False(t, tellChanges(&told, score.Compare(kept, kept)))
	require.Empty(t, told.String())
	now := []score.Row{{Name: "pairs", Found: score.N(8), Of: score.N(10)}, {Name: "more", Found: score.N(1)}}
	require.True(t, tellChanges(&told, score.Compare(kept, now)))
	require.Equal(t, ""+
		"worse\n"+
		"  kept | pairs | 9 | 10 |  |  | 0.900 |  |\n"+
		"  now  | pairs | 8 | 10 |  |  | 0.800 |  |\n"+
		"new\n"+
		"  now  | more | 1 |  |  |  |  |  |\n", told.String())
}

// The README's table is one that this program wrote: its rates follow from its
// counts.
func TestReadme(t *testing.T) {
	k, err := readKept("../../../../README.md")
	require.NoError(t, err)
	rows, err := score.Parse(k.table)
	require.NoError(t, err)
	require.NotEmpty(t, rows)
	require.Equal(t, score.Markdown(rows), k.table)
}
