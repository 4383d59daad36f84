package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scamtrace/scamtrace/internal/job"
	"github.com/scamtrace/scamtrace/internal/table"
)

func schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema [TABLE]",
		Short: "Print the columns of a table, or of all: types, units, meaning",
		Example: `  scamtrace schema endpoints
  scamtrace schema`,
		RunE: func(c *cobra.Command, args []string) error {
			var names []string
			for _, t := range table.All() {
				names = append(names, t.Name)
			}
			if len(args) > 0 {
				names = args
			}
			for _, name := range names {
				t, ok := table.Find(name)
				if !ok {
					return &job.InputError{Problems: []string{fmt.Sprintf("there is no table %q: `scamtrace list tables` shows them", strings.TrimSpace(name))}}
				}
				c.Println(table.Schema(t))
			}
			return nil
		},
	}
}
