// Command score measures scamtrace against the truth: on a synthetic compound of
// which everything is known, and on real sets of which somebody knows something.
// It prints one table, and compares it with the one that the README keeps: a row
// that got worse is an error. See package score.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"github.com/scamtrace/scamtrace/internal/chaintest/score"
)

// errWorse says that a row got worse.
var errWorse = errors.New("worse than the kept table: mend it, or keep the new one with make score KEEP=-update if it is meant")

type options struct {
	bin, data, readme string
	scenario          scenario
	update            bool
}

func main() {
	var o options
	flag.StringVar(&o.bin, "bin", "bin/scamtrace", "the program to score")
	flag.StringVar(&o.scenario.file, "scenario", "configs/scenario.yaml", "the scenario of the synthetic compound")
	flag.Int64Var(&o.scenario.rows, "rows", 10_000, "its size in rows")
	// With this seed both chains have reports, CoinJoins and peel chains.
	flag.Uint64Var(&o.scenario.seed, "seed", 5, "its seed; equal seeds give equal data")
	flag.StringVar(&o.data, "data", os.Getenv("SCAMTRACE_DATA"), "the folder of the real sets; those that are missing are left out")
	flag.StringVar(&o.readme, "readme", "README.md", "the file that keeps the table")
	flag.BoolVar(&o.update, "update", false, "keep this table")
	flag.Parse()
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "score:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	doc, err := readKept(o.readme)
	if err != nil {
		return err
	}
	before, err := score.Parse(doc.table)
	if err != nil && !o.update {
		return fmt.Errorf("%s: %w", o.readme, err)
	}
	work, err := os.MkdirTemp("", "score")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	rows, missing, err := measure(ctx, program{o.bin, work}, o)
	if err != nil {
		return err
	}
	rows = carry(before, rows, missing)
	table := score.Markdown(rows)
	fmt.Print(table)
	if o.update {
		return doc.write(table)
	}
	if tellChanges(os.Stderr, score.Compare(before, rows)) {
		return errWorse
	}
	return nil
}

func measure(ctx context.Context, p program, o options) (rows []score.Row, missing []string, err error) {
	fmt.Fprintf(os.Stderr, "synthetic compound, %d rows\n", o.scenario.rows)
	if rows, err = scoreScenario(ctx, p, o.scenario); err != nil {
		return nil, nil, err
	}
	more, missing, err := scoreReal(ctx, p, o.data, os.Stderr)
	return append(rows, more...), missing, err
}
