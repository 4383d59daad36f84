package main

import (
	"github.com/spf13/cobra"

	"github.com/scamtrace/scamtrace/internal/job"
)

func doctorCommand() *cobra.Command {
	var flags caseFlags
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Try what a run of a case needs: keys, servers, limits, disk",
		Long: `Try what a run of a case needs: the inputs, the folders (write, sync, space) and
each server (key, chain, finality, archive depth, limits, clock), one line each
with what to do. A server gets some dozen requests, one of them a batch of a
hundred calls to see whether it takes that. Nothing is published.

Exit code 0 if all is well, 1 if something is not, 2 for bad input.`,
		Example: "  scamtrace doctor -c case.yaml",
		Args:    exactly(0, "no arguments, only flags"),
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := flags.config(c.Context())
			if err != nil {
				return err
			}
			well, err := job.Doctor(c.Context(), cfg, c.OutOrStdout())
			if err != nil {
				return err
			}
			if !well {
				return &exitError{job.ExitFailed}
			}
			return nil
		},
	}
	flags.add(c)
	return c
}
