package main

import (
	"github.com/spf13/cobra"

	"github.com/scamtrace/scamtrace/internal/job"
)

func planCommand() *cobra.Command {
	var flags caseFlags
	c := &cobra.Command{
		Use:     "plan",
		Short:   "Check the inputs of a case and say what a run would ask; ask nothing",
		Example: "  scamtrace plan -c case.yaml",
		Args:    exactly(0, "no arguments, only flags"),
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := flags.config(c.Context())
			if err != nil {
				return err
			}
			return job.Plan(c.Context(), cfg, c.OutOrStdout())
		},
	}
	flags.add(c)
	return c
}
