package main

import (
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/scamtrace/scamtrace/internal/crawl"
	"github.com/scamtrace/scamtrace/internal/explain"
	"github.com/scamtrace/scamtrace/internal/job"
	"github.com/scamtrace/scamtrace/internal/table"
	"github.com/scamtrace/scamtrace/internal/taint"
)

func checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check DIR",
		Short: "Check a published run against its manifest and the invariants",
		Long: `Check a published run: every file against its size, row count and SHA-256, and the
rows against the invariants: one visit for each address, money conserved,
amounts exact. DIR is an output folder (its last run) or one run. One wrong byte,
row or file is found. Exit code 0 if all is well, 4 if not.`,
		Example: "  scamtrace check out\n  scamtrace check out/runs/0be1570f35458c02",
		Args:    exactly(1, "a folder"),
		RunE: func(c *cobra.Command, args []string) error {
			dir, err := explain.RunDir(args[0])
			if err != nil {
				return err
			}
			var known table.Known
			for _, r := range crawl.Rules() {
				known.Stops = append(known.Stops, r.Name)
			}
			for _, m := range taint.Methods() {
				if !m.Conserves {
					known.Unconserved = append(known.Unconserved, m.Name)
				}
			}
			folder, err := filepath.EvalSymlinks(dir) // a walk does not enter a link
			if err != nil {
				return err
			}
			found, err := table.Verify(c.Context(), folder, known)
			if err != nil {
				return err
			}
			for _, f := range found {
				c.Printf("%s: %s: %s\n", f.Path, f.Rule, f.Detail)
			}
			if len(found) > 0 {
				c.PrintErrf("scamtrace: %d findings: this run must not be used; publish it again from its inputs\n", len(found))
				return &exitError{job.ExitContradiction}
			}
			c.Printf("%s: every file and every invariant holds\n", dir)
			return nil
		},
	}
}
