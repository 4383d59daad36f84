package score_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/scamtrace/scamtrace/internal/chaintest/score"
)

// A row is worse where less is found, more is missed, more is wrong, or it is
// gone; a rate that is rounded away does not hide it.
func TestCompare(t *testing.T) {
	const head = "| row | found | of | wrong | precision | recall | F1 |\n|---|---:|---:|---:|---:|---:|---:|\n"
	const kept = head +
		"| pairs | 123,456 | 200,000 | 7 | 0.999 | 0.617 | 0.762 |\n" +
		"| error |  |  | 0 |  |  |  |\n"
	for _, x := range []struct {
		what, now string
		worse     bool
		changes   int
	}{
		{"nothing changed", kept, false, 0},
		{"one more is wrong", head + "| pairs | 123,456 | 200,000 | 8 | | | |\n| error |  |  | 0 | | | |\n", true, 1},
		{"one less is found", head + "| pairs | 123,455 | 200,000 | 7 | | | |\n| error |  |  | 0 | | | |\n", true, 1},
		{"more is found, and more is missed", head + "| pairs | 123,457 | 300,000 | 7 | | | |\n| error |  |  | 0 | | | |\n", true, 1},
		{"one more is found", head + "| pairs | 123,457 | 200,000 | 7 | | | |\n| error |  |  | 0 | | | |\n", false, 1},
		{"one less is wrong", head + "| pairs | 123,456 | 200,000 | 6 | | | |\n| error |  |  | 0 | | | |\n", false, 1},
		{"one unit off", head + "| pairs | 123,456 | 200,000 | 7 | | | |\n| error |  |  | 1 | | | |\n", true, 1},
		{"a row is gone", head + "| pairs | 123,456 | 200,000 | 7 | | | |\n", true, 1},
		{"a row is new", kept + "| more | 1 | 2 | 3 | | | |\n", false, 1},
		{"a column is gone", head + "| pairs | 123,456 | 200,000 |  | | | |\n| error |  |  | 0 | | | |\n", true, 1},
	} {
		t.Run(x.what, func(t *testing.T) {
			changes := score.Compare(parse(t, kept), parse(t, x.now))
			require.Len(t, changes, x.changes)
			for _, c := range changes {
				require.Equal(t, x.worse, c.Worse)
			}
		})
	}

	shown := parse(t, head+"| pairs | 1 | 200,000 | 9 | | | |\n| error |  |  | 0 | | | |\n")
	shown[0].Shown = true
	require.False(t, score.Compare(parse(t, kept), shown)[0].Worse, "a row for people is never worse")
}

func TestParse_refusesWhatIsNoTable(t *testing.T) {
	_, err := score.Parse("| row | found |\n|---|\n| pairs | many | 2 | 3 | | | |\n")
	require.ErrorContains(t, err, `line 3 of the kept table: "many" is no count; keep a new one with make score KEEP=-update`)
	_, err = score.Parse("| row | found |\n|---|\nwords\n")
	require.ErrorContains(t, err, "line 3 of the kept table is no row of it")
}

// A table that was written is read back, whatever its counts.
func TestMarkdown_isReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(0, 1<<62)
		var rows []score.Row
		for _, name := range rapid.SliceOfDistinct(rapid.StringMatching(`[a-z]+(, [a-z]+)*`), rapid.ID).Draw(t, "names") {
			r := score.Row{Name: name}
			if rapid.Bool().Draw(t, "found") {
				r.Found = score.N(n.Draw(t, "n"))
			}
			if rapid.Bool().Draw(t, "of") {
				r.Of = score.N(n.Draw(t, "n"))
			}
			if rapid.Bool().Draw(t, "wrong") {
				r.Wrong = score.N(n.Draw(t, "n"))
			}
			r.Amount = r.Wrong != nil && rapid.Bool().Draw(t, "amount")
			rows = append(rows, r)
		}
		back, err := score.Parse(score.Markdown(rows))
		require.NoError(t, err)
		require.Empty(t, score.Compare(rows, back))
		require.Equal(t, score.Markdown(rows), score.Markdown(back))
	})
}

func parse(t *testing.T, table string) []score.Row {
	t.Helper()
	rows, err := score.Parse(table)
	require.NoError(t, err)
	return rows
}
