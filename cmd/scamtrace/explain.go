package main

import (
	"github.com/spf13/cobra"

	"github.com/scamtrace/scamtrace/internal/explain"
)

func explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain DIR ADDRESS",
		Short: "Say why an address is in a published run, with the evidence",
		Long: `Say why an address is in a published run: the seed that led to it, the path with
transactions and amounts, the rule that stopped there, labels, cluster links, and
how much of whose money ends there by each method. DIR is an output folder (its
last run) or one run. Exit code 1 if the run never met the address.`,
		Example: "  scamtrace explain out 0x83a2eb63b6cc296529468afa85dbde4a469d8b37",
		Args:    exactly(2, "a folder and an address"),
		RunE: func(c *cobra.Command, args []string) error {
			return explain.Address(c.Context(), args[0], args[1], c.OutOrStdout())
		},
	}
}
