package cluster_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/cluster"
)

func TestCoSpend(t *testing.T) {
	for _, c := range []struct{ name, story, links, clusters string }{
		{"one payer", "t1: a 10 -> x 9", "", ""},
		{"one payer with two coins", "t1: a 10, a 20 -> x 9", "", ""},
		{"two payers", "t1: b 10, a 20 -> x 9", "a-b t1 90", "bitcoin:a: a b"},
		{"a star around the smallest", "t1: c 1, b 1, d 1, a 1, b 1 -> x 4", "a-b t1 90; a-c t1 90; a-d t1 90", "bitcoin:a: a b c d"},
		{"a coinbase has no payer", "t1: -> a 50, b 50", "", ""},
		{"payees are not linked", "t1: a 10 -> x 4, y 4", "", ""},
		{"inputs without an address are skipped", "t1: _ 10, _ 20, a 5 -> x 9", "", ""},
		{"they do not hide the others", "t1: _ 10, b 20, a 5 -> x 9", "a-b t1 90", "bitcoin:a: a b"},
		{"an unknown amount still was signed for", "t1: a ?, b ? -> x 9", "a-b t1 90", "bitcoin:a: a b"},
		{"the first transaction is the evidence", "t1: a 1 -> x 1\nt2: a 1, b 1 -> x 2\nt3: b 1, a 1 -> x 2", "a-b t2 90 x2", "bitcoin:a: a b"},
		{"transactions chain", "t1: b 1, c 1 -> x 2\nt2: c 1, a 1 -> x 2", "b-c t1 90; a-c t2 90", "bitcoin:a: a b c"},
		{"two owners", "t1: a 1, b 1 -> x 2\nt2: y 1, z 1 -> x 2", "a-b t1 90; y-z t2 90", "bitcoin:a: a b; bitcoin:y: y z"},
		{"a Whirlpool mix", "t1: a..e 5_000_000 -> v..z 5_000_000", "", ""},
		{"a mix does not spoil other evidence", "t1: a..e 5_000_000 -> v..z 5_000_000\nt2: a 1, b 1 -> x 2", "a-b t2 90", "bitcoin:a: a b"},
		{"Stonewall, two equal outputs, is linked", "t1: a 90_000, b 80_000 -> w 50_000, x 50_000, y 40_000, z 29_000", "a-b t1 90", "bitcoin:a: a b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := bitcoin(t, c.story)
			links := s.find(t, cluster.Input{Book: s.book}, cluster.Defaults(), all()...)
			require.Equal(t, list(c.links), s.show(links))
			require.Equal(t, list(c.clusters), clusters(s.book, cluster.Union(s.book, links, united())))
		})
	}
}

func TestGuardsCanBeLeftOut(t *testing.T) {
	s := bitcoin(t, "t1: a..c 5_000_000 -> x..z 5_000_000")
	cfg := cluster.Defaults()
	cfg.Guards = nil
	require.Equal(t, list("a-b t1 90; a-c t1 90"), s.show(s.find(t, cluster.Input{Book: s.book}, cfg, cluster.CoSpend)))
}

func TestFindRefuses(t *testing.T) {
	s := bitcoin(t, "t1: a 1 -> b 1")
	in := cluster.Input{Book: s.book}
	_, err := cluster.Find(cluster.Input{}, cluster.Defaults(), all())
	require.ErrorContains(t, err, "no book")
	_, err = cluster.Find(in, cluster.Config{}, all())
	require.ErrorContains(t, err, "at least 1 forward")
	_, err = cluster.Find(in, cluster.Defaults(), []string{"change"})
	require.ErrorContains(t, err, `no heuristic is called "change"`)
	cfg := cluster.Defaults()
	cfg.Guards = []string{"payjoin"}
	_, err = cluster.Find(in, cfg, all())
	require.ErrorContains(t, err, `no guard is called "payjoin"`)
}
