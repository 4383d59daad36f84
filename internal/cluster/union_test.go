package cluster_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/cluster"
)

func TestUnionAcceptsByHeuristic(t *testing.T) {
	s := bitcoin(t, "t1: a 1, b 1, c 1, d 1 -> e 4")
	id := func(name string) cluster.Link {
		a, _ := s.book.Find("a")
		b, ok := s.book.Find("b")
		require.True(t, ok)
		return cluster.Link{A: a, B: b, Heuristic: name}
	}
	links := []cluster.Link{id("good")}
	c, _ := s.book.Find("c")
	d, _ := s.book.Find("d")
	links = append(links, cluster.Link{A: links[0].B, B: c, Heuristic: "bad"}, cluster.Link{A: c, B: d, Heuristic: "good"})
	for _, c := range []struct {
		accept map[string]bool
		want   string
	}{
		{nil, ""},
		{map[string]bool{"good": true}, "bitcoin:a: a b; bitcoin:c: c d"},
		{map[string]bool{"good": true, "bad": false}, "bitcoin:a: a b; bitcoin:c: c d"},
		{map[string]bool{"bad": true}, "bitcoin:b: b c"},
		{map[string]bool{"good": true, "bad": true}, "bitcoin:a: a b c d"},
	} {
		require.Equal(t, list(c.want), clusters(s.book, cluster.Union(s.book, links, c.accept)))
	}
}

// A cluster keeps its name when it grows by addresses that sort behind, and two
// clusters that become one get the smaller of their names.
func TestClusterNames(t *testing.T) {
	for _, c := range []struct{ story, want string }{
		{"t1: d 1, c 1 -> x 2", "bitcoin:c: c d"},
		{"t1: d 1, c 1 -> x 2\nt2: d 1, e 1 -> x 2", "bitcoin:c: c d e"},
		{"t1: d 1, c 1 -> x 2\nt2: b 1, a 1 -> x 2", "bitcoin:a: a b; bitcoin:c: c d"},
		{"t1: d 1, c 1 -> x 2\nt2: b 1, a 1 -> x 2\nt3: b 1, d 1 -> x 2", "bitcoin:a: a b c d"},
	} {
		s := bitcoin(t, c.story)
		links := s.find(t, cluster.Input{Book: s.book}, cluster.Defaults(), cluster.CoSpend)
		require.Equal(t, list(c.want), clusters(s.book, cluster.Union(s.book, links, united())))
	}
}
