package synth_test

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/config"
	"github.com/scamtrace/scamtrace/internal/job"
	"github.com/scamtrace/scamtrace/internal/label"
	"github.com/scamtrace/scamtrace/internal/synth"
	"github.com/scamtrace/scamtrace/internal/synth/rows"
	"github.com/scamtrace/scamtrace/internal/synth/scenario"
	"github.com/scamtrace/scamtrace/internal/table"
)

func options(dir string, n int64, change func(*synth.Options)) synth.Options {
	o := synth.Options{Scenario: scenario.Default(), Rows: n, Seed: 1, Dir: dir, Format: rows.Parquet}
	if change != nil {
		change(&o)
	}
	return o
}

func generate(t *testing.T, n int64, change func(*synth.Options)) (dir string, s synth.Summary) {
	dir = filepath.Join(t.TempDir(), "set")
	s, err := synth.Generate(t.Context(), options(dir, n, change))
	require.NoError(t, err)
	require.NoDirExists(t, dir+".inprogress")
	return dir, s
}

// A run of the case finds, to the unit, what the reference says that a tracer
// has to find, and nothing else.
func TestGenerate_tracedAsExpected(t *testing.T) {
	tables := func(names ...string) func(*synth.Options) {
		return func(o *synth.Options) { o.Scenario.Tables = names }
	}
	for _, c := range []struct {
		name   string
		rows   int64
		change func(*synth.Options)
	}{
		{"a thousand", 1_000, nil},
		{"ten thousand", 10_000, nil},
		{"another seed", 3_000, func(o *synth.Options) { o.Seed = 5 }},
		{"CSV", 1_000, func(o *synth.Options) { o.Format = rows.CSV }},
		{"tokens only", 2_000, tables("blocks", "token_transfers")},
		{"without traces", 2_000, tables("transactions", "token_transfers")},
		{"no bitcoin", 1_000, func(o *synth.Options) { o.Scenario.Bitcoin = 0 }},
		{"only bitcoin", 2_000, func(o *synth.Options) { o.Scenario.Bitcoin = 1_000_000 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir, s := generate(t, c.rows, c.change)
			require.GreaterOrEqual(t, s.Rows, c.rows)
			want := readCSV(t, filepath.Join(dir, "truth", "expected_taint.csv"))
			require.Len(t, want, s.Expected)
			got, gaps := traced(t, filepath.Join(dir, "case.yaml"))
			require.Zero(t, gaps)
			slices.Sort(want)
			slices.Sort(got)
			require.Equal(t, strings.Join(want, "\n"), strings.Join(got, "\n"))
			require.NotEmpty(t, want)
		})
	}
}

// traced runs a case and gives its endpoints.
func traced(t *testing.T, path string) (lines []string, gaps int) {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	cfg, err := config.Load(path, text, nil)
	require.NoError(t, err)
	out, err := job.Run(t.Context(), cfg, job.Process{Now: func() time.Time { return time.Unix(0, 0) }, Progress: func(string) {}})
	require.NoError(t, err)
	paths, err := table.Paths(out.Dir, "endpoints")
	require.NoError(t, err)
	for e, err := range table.Read[table.Endpoint](t.Context(), paths...) {
		require.NoError(t, err)
		lines = append(lines, strings.Join([]string{e.CaseID, e.Seed, e.Method, e.Chain, e.Asset, e.Address, e.Stop, e.ValueLossless}, ","))
	}
	return lines, out.Gaps
}

// readCSV gives a file's lines without its header.
func readCSV(t *testing.T, path string) (lines []string) {
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	for _, cells := range all[1:] {
		lines = append(lines, strings.Join(cells, ","))
	}
	return lines
}

// digests are the files of a folder and what is in them. The case file names
// the folder, and is left out.
func digests(t *testing.T, dir string) map[string]string {
	out := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "case.yaml" {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		out[name] = fmt.Sprintf("%x", sha256.Sum256(data))
		return err
	}))
	return out
}

// Equal arguments give equal bytes, and another seed gives others.
func TestGenerate_repeats(t *testing.T) {
	for _, format := range rows.Formats() {
		set := func(o *synth.Options) { o.Format = format }
		a, _ := generate(t, 3_000, set)
		b, _ := generate(t, 3_000, set)
		require.Equal(t, digests(t, a), digests(t, b))
		c, _ := generate(t, 3_000, func(o *synth.Options) { o.Format, o.Seed = format, 2 })
		for name, digest := range digests(t, c) {
			if !strings.Contains(name, "tokens") {
				require.NotEqual(t, digests(t, a)[name], digest, name)
			}
		}
	}
}

// seeds_raw.csv is refused where its reporters erred, and only there.
func TestGenerate_rawSeeds(t *testing.T) {
	dir, _ := generate(t, 1_000, nil)
	read := func(name string) ([]label.Seed, []label.Problem) {
		f, err := os.Open(filepath.Join(dir, name))
		require.NoError(t, err)
		defer f.Close()
		return label.ReadSeeds(name, f)
	}
	good, problems := read("seeds.csv")
	require.Empty(t, label.Refusals(problems))
	same, problems := read("seeds_raw.csv")
	require.Len(t, label.Refusals(problems), int(scenario.Default().Public.Typos))
	require.Len(t, same, len(good))

	verdicts := map[string]int{}
	for _, line := range readCSV(t, filepath.Join(dir, "truth", "seeds.csv")) {
		verdicts[line[strings.LastIndex(line, ",")+1:]]++
	}
	require.Equal(t, 1, verdicts["typo"])
	require.Equal(t, 1, verdicts["wrong_chain"])
	require.Equal(t, len(good), verdicts["scam"]+verdicts["service"]+verdicts["spam_report"])
}

func TestGenerate_refuses(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "mine.txt"), []byte("precious"), 0o600))
	_, err := synth.Generate(t.Context(), options(dir, 1_000, nil))
	require.ErrorIs(t, err, synth.ErrInput)
	require.ErrorContains(t, err, dir+" is not empty: it has mine.txt; name another folder, or delete it")
	require.NoDirExists(t, dir+".inprogress")

	busy := filepath.Join(t.TempDir(), "busy")
	require.NoError(t, os.Mkdir(busy+".inprogress", 0o700))
	_, err = synth.Generate(t.Context(), options(busy, 1_000, nil))
	require.ErrorContains(t, err, "another synth writes into it, or was killed; if none runs, delete it")
	require.DirExists(t, busy+".inprogress")

	file := filepath.Join(dir, "mine.txt")
	for _, out := range []string{file, filepath.Join(file, "below"), ".", "/", "two\nlines", "two\rlines", "a\x00b", "no\xffname"} {
		_, err = synth.Generate(t.Context(), options(out, 1_000, nil))
		require.ErrorIs(t, err, synth.ErrInput, out)
	}
}

// An empty folder may be there, and folders above it are made.
func TestGenerate_emptyFolder(t *testing.T) {
	dir := t.TempDir()
	_, err := synth.Generate(t.Context(), options(dir, 1_000, nil))
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(dir, "case.yaml"))
	_, err = synth.Generate(t.Context(), options(filepath.Join(dir, "a", "b", "c"), 1_000, nil))
	require.NoError(t, err)
}

// An empty folder keeps its rights, also where nothing comes of the set.
func TestGenerate_emptyFolderStays(t *testing.T) {
	for _, stop := range []bool{true, false} {
		dir := filepath.Join(t.TempDir(), "private")
		require.NoError(t, os.Mkdir(dir, 0o700))
		ctx, cancel := context.WithCancel(t.Context())
		if stop {
			cancel()
		}
		_, err := synth.Generate(ctx, options(dir, 1_000, nil))
		cancel()
		require.Equal(t, stop, err != nil)
		at, err := os.Stat(dir)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o700), at.Mode().Perm())
		require.NoDirExists(t, dir+".inprogress")
		there, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Equal(t, stop, len(there) == 0)
	}
}

// What somebody puts into the place meanwhile is left alone.
func TestGenerate_placeTaken(t *testing.T) {
	for _, before := range []bool{false, true} {
		dir := filepath.Join(t.TempDir(), "set")
		if before {
			require.NoError(t, os.Mkdir(dir, 0o700))
		}
		o := options(dir, 20_000, func(o *synth.Options) { o.Scenario.Truth.TaintMaxRows = 0 })
		o.Progress = func(int64) { _ = os.WriteFile(dir, []byte("mine"), 0o600) }
		_, err := synth.Generate(t.Context(), o)
		require.ErrorIs(t, err, synth.ErrInput)
		require.ErrorContains(t, err, "somebody made "+dir+" while the set was written")
		data, err := os.ReadFile(dir)
		require.NoError(t, err)
		require.Equal(t, "mine", string(data))
		require.NoDirExists(t, dir+".inprogress")
	}
}

// The sums say the same whichever files are left out, and what the files say; the
// public labels are those of the timeline.
func TestGenerate_sums(t *testing.T) {
	whole, _ := generate(t, 3_000, nil)
	short, _ := generate(t, 3_000, func(o *synth.Options) {
		o.Scenario.Truth.Transfers, o.Scenario.Truth.Deposits, o.Scenario.Truth.Nights = false, false, false
	})
	told := func(dir, name string) []string { return readCSV(t, filepath.Join(dir, "truth", name+".csv")) }
	require.Equal(t, told(whole, "sums"), told(short, "sums"))
	for _, name := range []string{"transfers", "deposits", "nights"} {
		require.NoFileExists(t, filepath.Join(short, "truth", name+".csv"))
	}
	counted := map[string]int{}
	for _, line := range told(whole, "transfers") {
		cells := strings.Split(line, ",")
		for kind, what := range map[string]string{"stage": cells[5], "noise": cells[6]} {
			if what != "" {
				counted["transfers_"+kind+"_"+what]++
			}
		}
	}
	for _, line := range told(whole, "nights") {
		counted["alerts_"+strings.Split(line, ",")[1]]++
	}
	counted["deposits"] = len(told(whole, "deposits"))
	counted["alerts_victim"] = len(told(whole, "victims")) // each is told of once
	for name, n := range counted {
		require.Contains(t, told(whole, "sums"), fmt.Sprint(name, ",", n))
	}

	labels, err := os.ReadFile(filepath.Join(whole, "labels.yaml"))
	require.NoError(t, err)
	public := 0
	for _, line := range told(whole, "labels_timeline") {
		cells := strings.Split(line, ",")
		tag := fmt.Sprintf("address: %q\n    label: %q\n    category: %s\n", cells[1], cells[2], cells[3])
		require.Equal(t, cells[4] == "public", strings.Contains(string(labels), tag), line)
		if cells[4] == "public" {
			public++
		}
	}
	require.Equal(t, public, strings.Count(string(labels), "- address:"))
}

// Whoever interrupts finds nothing half-written.
func TestGenerate_interrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	above := t.TempDir()
	o := options(filepath.Join(above, "not", "there", "set"), 100_000, nil)
	o.Progress = func(n int64) {
		if n > 20_000 {
			cancel()
		}
	}
	_, err := synth.Generate(ctx, o)
	require.ErrorIs(t, err, context.Canceled)
	left, err := os.ReadDir(above)
	require.NoError(t, err)
	require.Empty(t, left)
}

// BenchmarkGenerate is the speed of a set without its expected taint, in
// transfers a second.
func BenchmarkGenerate(b *testing.B) {
	const n = 200_000
	for b.Loop() {
		o := options(filepath.Join(b.TempDir(), "set"), n, nil)
		o.Scenario.Truth.TaintMaxRows = 0
		_, err := synth.Generate(b.Context(), o)
		require.NoError(b, err)
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "transfers/s")
}
