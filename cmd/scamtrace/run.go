package main

import (
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/scamtrace/scamtrace/internal/job"
)

func runCommand() *cobra.Command {
	var flags caseFlags
	var quiet, steps, offline, asJSON bool
	c := &cobra.Command{
		Use:   "run",
		Short: "Crawl, cluster, trace and publish the tables of a case",
		Long: `Crawl, cluster, trace and publish the tables of a case.

OUT/latest/TABLE/**/*.parquet always reads the last published run;
OUT/runs/RUN_ID keeps each. A run appears whole or not at all.

Exit codes: 0 complete, 2 bad input (nothing published, and nothing asked if it is
in the case, the seeds or the labels), 3 complete with declared gaps, 4 the data
contradicts itself (nothing published), 11 another run holds the output folder,
75 the quota of a server is used up (nothing published; run again when it is
renewed, what was answered is kept), 130 or 143 interrupted, 1 any other failure.

Progress goes to stderr: on a terminal one line that is kept up to date, elsewhere
a line every ten seconds, with --json one JSON object a line.`,
		Example: `  scamtrace run -c case.yaml
  scamtrace run --seeds s.csv --source ethereum=dataset:DIR --source bitcoin=dataset:DIR \
      --labels l.csv --out DIR --set crawl.max_hops=5
  scamtrace run --seeds s.csv --source ethereum=node:http://127.0.0.1:8545 --out DIR
  scamtrace run -c case.yaml --offline                   # again, from the archive alone
  scamtrace run -c case.yaml --set crawl.rules=none      # no stop rule but time order`,
		Args: exactly(0, "no arguments, only flags"),
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := flags.config(c.Context())
			if err != nil {
				return err
			}
			status := &job.Status{}
			log := watch(c, status, quiet, asJSON)
			out, err := job.Run(c.Context(), cfg, job.Process{
				Tool: tool(), Now: time.Now, Progress: log.line, Status: status, Offline: offline,
			})
			log.stop()
			if err != nil {
				return err
			}
			if steps {
				for _, s := range out.Took {
					c.PrintErrf("%-20s %8.2f s\n", s.Name, s.Took.Seconds())
				}
			}
			announce(c, out)
			if out.Gaps > 0 {
				return &exitError{job.ExitGaps}
			}
			return nil
		},
	}
	flags.add(c)
	c.Flags().BoolVarP(&quiet, "quiet", "q", false, "no progress lines")
	c.Flags().BoolVar(&asJSON, "json", false, "progress as JSON, one object a line")
	c.Flags().BoolVar(&steps, "steps", false, "say how long each step took")
	c.Flags().BoolVar(&offline, "offline", false, "ask no server: answer from what former runs were answered")
	return c
}

// announce is what a run ends with: the numbers a person wants, and where the
// rest lies.
func announce(c *cobra.Command, out *job.Outcome) {
	if len(out.Report.Money) == 0 {
		c.Println("nothing arrived at the seeds in what the sources tell")
	}
	c.Print(out.Report.Headline())
	const most = 10
	for i, note := range out.Report.Ignored {
		if i == most {
			c.PrintErrf("note: and %d more, see the report\n", len(out.Report.Ignored)-most)
			break
		}
		c.PrintErrf("note: %s\n", note)
	}
	if out.Gaps > 0 {
		c.Printf("declared incomplete: %d gaps, see the report or the table coverage\n", out.Gaps)
	}
	c.Printf("tables  %s\n", filepath.Join(out.Latest, "TABLE", "**", "*.parquet"))
	c.Printf("report  %s\n", filepath.Join(out.Latest, "report.md"))
	c.Printf("run     %s\n", out.RunID)
}
