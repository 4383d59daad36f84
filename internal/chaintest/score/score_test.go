package score_test

import (
	"encoding/csv"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chaintest/score"
)

// Each file of testdata is a truth, the tables of a run, and the rows that they
// score. What is not named in a table is empty.
func TestRows(t *testing.T) {
	measures := map[string]func(truth *score.Truth, run, unguarded *score.Run) []score.Row{
		"clusters": func(truth *score.Truth, run, unguarded *score.Run) []score.Row {
			return append(score.Clusters(truth, named(t, "bitcoin"), run, unguarded, ""),
				score.Clusters(truth, named(t, "ethereum"), run, unguarded, ", no decoys")...)
		},
		"deposits": func(truth *score.Truth, run, _ *score.Run) []score.Row {
			return score.Deposits(truth, run, named(t, "ethereum"))
		},
		"cashout": func(truth *score.Truth, run, _ *score.Run) []score.Row {
			return slices.Concat(score.CashOut(truth, run), score.Endpoints(truth, run), score.Deposited(truth, run, "fifo"))
		},
		"victims": func(truth *score.Truth, run, _ *score.Run) []score.Row { return score.Victims(truth, run) },
		"noise":   func(truth *score.Truth, run, _ *score.Run) []score.Row { return score.Noise(truth, run) },
		"seeds": func(truth *score.Truth, run, _ *score.Run) []score.Row {
			return score.Seeds(truth, run, map[score.Place]bool{{Chain: "ethereum", Address: "0xO1"}: true})
		},
		"hops": func(truth *score.Truth, run, _ *score.Run) []score.Row {
			deposits, wallets := truth.CashOutPlaces("ethereum")
			return append(score.Hops("deposit addresses", deposits, run, 3), score.Hops("hot wallets", wallets, run, 3)...)
		},
		"mixes": func(_ *score.Truth, run, _ *score.Run) []score.Row {
			return []score.Row{
				score.Mixes("mixes", run, "bitcoin", map[string]bool{"m1": true, "m2": true, "alone": true}),
				score.Largest("largest cluster", run),
			}
		},
		"flow": func(_ *score.Truth, run, _ *score.Run) []score.Row {
			return []score.Row{
				score.Arrived("arrived, fifo", run, "fifo", map[score.Place]bool{{Chain: "ethereum", Address: "0xe1"}: true}, score.N(100)),
				score.Conserved("conserved", run),
			}
		},
	}
	for name, measure := range measures {
		t.Run(name, func(t *testing.T) {
			truth, run, unguarded, want := example(t, filepath.Join("testdata", name+".txtar"))
			require.Equal(t, want, score.Markdown(measure(truth, run, unguarded)))
		})
	}
}

func named(t *testing.T, name string) chain.Chain {
	t.Helper()
	c, err := chain.Lookup(name)
	require.NoError(t, err)
	return c
}

func example(t *testing.T, path string) (truth *score.Truth, run, unguarded *score.Run, want string) {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	require.NoError(t, err)
	dir := fstest.MapFS{}
	for _, name := range []string{"entities", "addresses", "transfers", "victims", "deposits", "seeds", "expected_taint"} {
		dir[name+".csv"] = &fstest.MapFile{Data: []byte("none\n")}
	}
	files := map[string]string{}
	for _, f := range archive.Files {
		files[f.Name] = string(f.Data)
		if name, ok := strings.CutPrefix(f.Name, "truth/"); ok {
			require.Contains(t, dir, name)
			dir[name] = &fstest.MapFile{Data: f.Data}
		}
	}
	truth, err = score.ReadTruth(dir)
	require.NoError(t, err)
	return truth, tables(t, files, "run/"), tables(t, files, "unguarded/"), files["want"]
}

func tables(t *testing.T, files map[string]string, folder string) *score.Run {
	t.Helper()
	out := &score.Tables{}
	fill(t, files[folder+"visits.csv"], &out.Visits)
	fill(t, files[folder+"transfers.csv"], &out.Transfers)
	fill(t, files[folder+"entries.csv"], &out.Entries)
	fill(t, files[folder+"labels.csv"], &out.Labels)
	fill(t, files[folder+"links.csv"], &out.Links)
	fill(t, files[folder+"clusters.csv"], &out.Clusters)
	fill(t, files[folder+"taint.csv"], &out.Taint)
	fill(t, files[folder+"endpoints.csv"], &out.Endpoints)
	fill(t, files[folder+"conservation.csv"], &out.Conservation)
	return score.NewRun(out)
}

// fill reads rows of a table whose columns the first line names.
func fill[T any](t *testing.T, text string, to *[]T) {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	for n, cells := range lines {
		if n == 0 {
			continue
		}
		var row T
		fields := map[string]reflect.Value{}
		for i := range reflect.TypeFor[T]().NumField() {
			column, _, _ := strings.Cut(reflect.TypeFor[T]().Field(i).Tag.Get("parquet"), ",")
			fields[column] = reflect.ValueOf(&row).Elem().Field(i)
		}
		for i, cell := range cells {
			field, ok := fields[lines[0][i]]
			require.True(t, ok, "%T has no column %s", row, lines[0][i])
			set(t, field, cell)
		}
		*to = append(*to, row)
	}
}

func set(t *testing.T, field reflect.Value, cell string) {
	t.Helper()
	if field.Kind() == reflect.Pointer {
		if cell == "" {
			return
		}
		field.Set(reflect.New(field.Type().Elem()))
		field = field.Elem()
	}
	switch field.Kind() {
	case reflect.Int64:
		n, err := strconv.ParseInt(cell, 10, 64)
		require.NoError(t, err)
		field.SetInt(n)
	case reflect.Bool:
		field.SetBool(cell == "true")
	default:
		field.SetString(cell)
	}
}
