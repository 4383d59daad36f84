package label_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/label"
)

// realFile opens a file of the real data sets, or skips the test without them.
func realFile(t *testing.T, path ...string) *os.File {
	root := os.Getenv("SCAMTRACE_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(append([]string{root}, path...)...))
	if os.IsNotExist(err) {
		t.Skip("the real data sets are not here")
	}
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, f.Close()) })
	return f
}

// A public collection of 235,171 labels of 90 chains, with rows that are wrong.
func TestRealLabels(t *testing.T) {
	if testing.Short() {
		t.Skip("half a minute under the race detector")
	}
	labels, problems := label.ReadLabels("labels.csv.gz", realFile(t, "labels_all", "labels.csv.gz"),
		[]chain.Chain{lookup(t, "bitcoin"), lookup(t, "ethereum")})
	refused := label.Refusals(problems)
	for _, p := range refused {
		t.Log(p)
	}
	for _, p := range label.Notes(problems) {
		t.Log(p)
	}
	require.Len(t, refused, 12)
	require.Len(t, labels, 129_856+103_421-len(refused))

	book := label.NewBook(labels, label.DefaultStops())
	rules := map[string]int{}
	conflicts := 0
	var last chain.Address
	for l := range book.All() {
		if l.Address == last {
			continue
		}
		last = l.Address
		rule, _ := book.Stop(l.Chain.ID, l.Address)
		rules[rule]++
		if book.Conflict(l.Chain.ID, l.Address) {
			conflicts++
		}
	}
	t.Log(rules, conflicts, "conflicts")
	for _, rule := range label.StopRules() {
		require.NotZero(t, rules[rule], rule)
	}
}

// The list has columns of its own, a case column of another name, and two
// chains that cannot be traced.
func TestRealSeeds(t *testing.T) {
	seeds, problems := label.ReadSeeds("seeds.csv.gz", realFile(t, "seeds_pig_butchering", "seeds.csv.gz"))
	refused := label.Refusals(problems)
	require.Len(t, refused, 2)
	require.Contains(t, refused[0].Reason+refused[1].Reason, "ripple")
	require.Contains(t, refused[0].Reason+refused[1].Reason, "tron")
	require.Len(t, seeds, 203-2)
}

func TestRealCaseLabels(t *testing.T) {
	for _, set := range []string{"eth_heist_easyfi", "eth_mftracer_54m", "eth_mftracer_atomic", "eth_mftracer_lifi", "eth_full_blocks_3300400"} {
		labels, problems := label.ReadLabels("labels.csv.gz", realFile(t, set, "labels.csv.gz"),
			[]chain.Chain{lookup(t, "ethereum")})
		require.Empty(t, problems, set)
		require.NotEmpty(t, labels, set)
	}
}
