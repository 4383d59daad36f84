package cluster_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/cluster"
)

// list splits "a; b" as the tables of the tests write it.
func list(s string) []string {
	if s == "" {
		return []string{}
	}
	return strings.Split(s, "; ")
}

func TestListsAreDocumented(t *testing.T) {
	for _, h := range cluster.Heuristics() {
		documented(t, h.Name, h.Doc, h.Ref)
		require.NotZero(t, h.Family)
	}
	for _, g := range cluster.Guards() {
		documented(t, g.Name, g.Doc, g.Ref)
		require.NotNil(t, g.Vetoes)
	}
	require.True(t, slices.IsSorted(all()), "links are ordered by the name of the heuristic")
}

func documented(t *testing.T, name, doc, ref string) {
	require.NotEmpty(t, name)
	require.NotEmpty(t, ref, name)
	require.Equal(t, 1, strings.Count(doc, "."), "%s: one sentence", name)
	require.True(t, strings.HasSuffix(doc, "."), name)
}
