package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/gofrs/flock"
	"github.com/klauspost/compress/gzip"
	"github.com/parquet-go/parquet-go"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/synth"
	"github.com/scamtrace/scamtrace/internal/synth/scenario"
)

// root is the project's folder, wherever a test goes.
var root, _ = filepath.Abs("../..")

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"scamtrace": main}) }

// buildProgram builds the program as it is shipped.
func buildProgram(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "scamtrace")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", path, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))
	return path
}

// invoke runs the program in this process.
func invoke(args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = run(args, &out, &err)
	return code, out.String(), err.String()
}

// writeDemo writes the set of make run, in files that a reader can open.
func writeDemo(dir string) error {
	const rows = 6_000
	name := filepath.Join(root, "configs", "demo.yaml")
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	sc, err := scenario.Load(name, text, nil, rows)
	if err != nil {
		return err
	}
	_, err = synth.Generate(context.Background(), synth.Options{Scenario: sc, Rows: rows, Seed: 5, Dir: dir, Format: "csv"})
	return err
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: true, RequireUniqueNames: true,
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
		Setup: func(e *testscript.Env) error {
			e.Setenv("GOGC", "100") // the program's own 20 costs what is small half its time
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if cond != "root" {
				return false, fmt.Errorf("unknown condition %s", cond)
			}
			return os.Geteuid() == 0 && runtime.GOOS == "linux", nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"demo": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Check(writeDemo(ts.MkAbs(args[0])))
			},
			"exits": exits, "lock": lock, "smalldisk": smallDisk, "sums": sums, "foreign": foreign,
			"halve": rewrite(func(b []byte) []byte { return b[:len(b)/2] }),
			"flip":  rewrite(func(b []byte) []byte { b[len(b)/2] ^= 1; return b }),
			"gzip": rewrite(func(b []byte) []byte {
				var z bytes.Buffer
				w := gzip.NewWriter(&z)
				_, _ = w.Write(b)
				_ = w.Close()
				return z.Bytes()
			}),
		},
	})
}

// exits is "exits CODE COMMAND ARGS...": the command must end with this code.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		e, ok := err.(*exec.ExitError) //nolint:errorlint // testscript returns it as it is
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = e.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d\n%s%s", got, want, ts.ReadFile("stdout"), ts.ReadFile("stderr"))
	}
}

// lock is "lock FILE": another process would hold it until the script ends.
func lock(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o755))
	l := flock.New(path)
	ts.Check(l.Lock())
	ts.Defer(func() { _ = l.Unlock() })
}

// rewrite is "NAME FILE...": each file is changed in its place.
func rewrite(change func([]byte) []byte) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, _ bool, args []string) {
		for _, name := range args {
			path := ts.MkAbs(name)
			b, err := os.ReadFile(path)
			ts.Check(err)
			ts.Check(os.WriteFile(path, change(b), 0o644))
		}
	}
}

// foreign is "foreign FILE": a Parquet file of nobody's schema.
func foreign(ts *testscript.TestScript, _ bool, args []string) {
	type row struct{ Sku, Colour string }
	path := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o755))
	ts.Check(parquet.WriteFile(path, []row{{"7", "red"}}))
}

// smallDisk is "smalldisk DIR SIZE": a file system of its own, which root can
// make in memory; the script is skipped where that is refused.
func smallDisk(ts *testscript.TestScript, neg bool, args []string) {
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(dir, 0o755))
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size="+args[1], "tmpfs", dir).CombinedOutput(); err != nil {
		if neg {
			return
		}
		ts.Fatalf("no small disk: %v %s", err, out)
	}
	ts.Defer(func() { _ = syscall.Unmount(dir, 0) })
}

// sums is "sums FILE OUT": the SHA-256 of every data file of the last run, its
// report and its id.
func sums(ts *testscript.TestScript, _ bool, args []string) {
	text, err := fileSums(ts.MkAbs(args[1]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}

func fileSums(out string) (string, error) {
	dir, err := filepath.EvalSymlinks(filepath.Join(out, "latest"))
	if err != nil {
		return "", err
	}
	lines := []string{filepath.Base(dir)}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "manifest.json" {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		lines = append(lines, fmt.Sprintf("%x %s", sha256.Sum256(b), name))
		return err
	})
	sort.Strings(lines[1:])
	return strings.Join(lines, "\n") + "\n", err
}
