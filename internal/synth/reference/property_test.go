package reference_test

import (
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/scamtrace/scamtrace/internal/synth/reference"
)

// Whatever the world: what was injected is what rests, stopped and was burnt; the
// order in which movements and seeds come does not matter; and no method finds
// more anywhere than poison does.
func TestExpect_properties(t *testing.T) {
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		here := filepath.Join(dir, fmt.Sprint(n))
		defer os.RemoveAll(here)
		w := newWorld(t)
		w.ethereum()
		w.bitcoin()
		w.public()
		c := question(t, w.write(here))
		r, err := reference.Expect(t.Context(), c, slices.Values(w.movements))
		require.NoError(t, err)
		conserved(t, r)
		bounded(t, r)

		c.Seeds = rapid.Permutation(c.Seeds).Draw(t, "seeds")
		again, err := reference.Expect(t.Context(), c, slices.Values(rapid.Permutation(w.movements).Draw(t, "movements")))
		require.NoError(t, err)
		require.Equal(t, lines(r), lines(again))
	})
}

// conserved adds up the rows and compares them with the sums.
func conserved(t require.TestingT, r reference.Result) {
	type key struct{ caseID, seed, method, asset string }
	rest, stopped := map[key]*big.Int{}, map[key]*big.Int{}
	add := func(to map[key]*big.Int, k key, v *big.Int) {
		if to[k] == nil {
			to[k] = new(big.Int)
		}
		to[k].Add(to[k], v)
	}
	for _, e := range r.Rows {
		require.Positive(t, e.Value.Sign(), e)
		k := key{e.CaseID, e.Seed, e.Method, e.Chain + e.Asset}
		switch {
		case e.Method == "poison":
		case e.Stop == "":
			add(rest, k, e.Value)
		default:
			add(stopped, k, e.Value)
		}
	}
	for _, s := range r.Sums {
		k := key{s.CaseID, s.Seed, s.Method, s.Chain + s.Asset}
		add(rest, k, new(big.Int))
		add(stopped, k, new(big.Int))
		require.Zero(t, s.Resting.Cmp(rest[k]), s)
		require.Zero(t, s.Stopped.Cmp(stopped[k]), s)
		left := new(big.Int).Sub(s.Injected, s.Fees)
		require.Zero(t, left.Cmp(new(big.Int).Add(s.Resting, s.Stopped)), s)
		delete(rest, k)
		delete(stopped, k)
	}
	require.Empty(t, rest)
	require.Empty(t, stopped)
}

// bounded compares each method with poison, row by row.
func bounded(t require.TestingT, r reference.Result) {
	most := map[reference.Row]*big.Int{}
	place := func(e reference.Row) reference.Row {
		e.Method, e.Value = "", nil
		return e
	}
	for _, e := range r.Rows {
		if e.Method == "poison" {
			most[place(e)] = e.Value
		}
	}
	for _, e := range r.Rows {
		require.Contains(t, most, place(e), e)
		require.LessOrEqual(t, e.Value.Cmp(most[place(e)]), 0, e)
	}
}
