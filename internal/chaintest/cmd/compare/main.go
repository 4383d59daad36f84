// Command compare runs the built program on the real data sets and prints what
// it finds beside what others published of the same sets and beside what the
// published strategies find there; and it writes rows of transfers beside
// DuckDB's COPY. What is not there is left out, with a line that says so.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/scamtrace/scamtrace/internal/chaintest/compare"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func run() error {
	program := flag.String("program", "bin/scamtrace", "the built program")
	data := flag.String("data", os.Getenv("SCAMTRACE_DATA"), "folder of the real data sets")
	rows := flag.Int64("rows", 5_000_000, "rows of transfers to write as Parquet; 0 leaves it out")
	python := flag.String("python", "", "a python3 with duckdb; without it DuckDB is left out")
	threads := flag.Int("write", 0, "write what -bulk has with so many threads, below -out, and report as JSON (a part of the comparison, in a process of its own)")
	bulk := flag.String("bulk", "", "for -write")
	out := flag.String("out", "", "for -write")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if *threads > 0 {
		return writeParts(ctx, *bulk, *out, *threads, os.Stdout)
	}
	dir, err := os.MkdirTemp("", "scamtrace-compare-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path, err := filepath.Abs(*program)
	if err != nil {
		return err
	}
	c := &comparison{program: path, data: *data, dir: dir}
	for _, part := range []func(context.Context) error{c.easyfi, c.verifiedFlows, c.mixes, c.deposits} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	if *rows > 0 {
		if err := c.writers(ctx, *rows, *python); err != nil {
			return err
		}
	}
	return c.report.Print(os.Stdout)
}

// comparison collects the report.
type comparison struct {
	program string // path of the built program
	data    string // folder of the data sets
	dir     string // temporary
	runs    int
	report  compare.Report
}

func (c *comparison) measured(set, what string, count, of int) {
	c.report.Measured = append(c.report.Measured, compare.Measured{Set: set, What: what, Figure: compare.Figure{Count: count, Of: of}})
}

func (c *comparison) note(format string, args ...any) {
	c.report.Notes = append(c.report.Notes, fmt.Sprintf(format, args...))
}

func (c *comparison) skip(format string, args ...any) {
	c.report.Skipped = append(c.report.Skipped, fmt.Sprintf(format, args...))
}

// has tells whether a data set is there, and takes down if it is not.
func (c *comparison) has(set string) bool {
	_, err := os.Stat(filepath.Join(c.data, set))
	if c.data != "" && err == nil {
		fmt.Fprintln(os.Stderr, "compare:", set)
		return true
	}
	why := "SCAMTRACE_DATA has no such folder"
	if c.data == "" {
		why = "SCAMTRACE_DATA is not set"
	} else if !errors.Is(err, os.ErrNotExist) {
		why = err.Error()
	}
	c.skip("%s: %s.", set, why)
	return false
}
