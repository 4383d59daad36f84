package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/scamtrace/scamtrace/internal/job"
	"github.com/scamtrace/scamtrace/internal/synth"
	"github.com/scamtrace/scamtrace/internal/synth/rows"
	"github.com/scamtrace/scamtrace/internal/synth/scenario"
)

func synthCommand() *cobra.Command {
	var file, format string
	var sets []string
	var quiet bool
	var o synth.Options
	c := &cobra.Command{
		Use:   "synth",
		Short: "Write a synthetic scam compound, and the truth about it",
		Long: `Write a synthetic scam compound, and the truth about it.

OUT/ethereum and OUT/bitcoin are chain data as exporters write them; seeds.csv and
labels.yaml are what the public knows, some of it wrong or late; seeds_raw.csv is
the list as it came in, with its typing errors; truth has who did what, and what a
tracer has to find. case.yaml traces it. Equal arguments give equal bytes.

configs/scenario.yaml has every key of a scenario, its default and where it is
from. The folder appears whole or not at all.`,
		Example: `  scamtrace synth --out small                              # 1,000 transfers
  scamtrace synth --rows 1000000 --seed 7 --out big && scamtrace run -c big/case.yaml
  scamtrace synth --format csv --out readable              # for people
  scamtrace synth -c scenario.yaml --set victim.growth=1.2 --rows 10000 --out mine`,
		Args: exactly(0, "no arguments, only flags"),
		RunE: func(c *cobra.Command, _ []string) error {
			var problems []string
			if o.Dir == "" {
				problems = append(problems, "no folder is given: --out DIR")
			}
			if file == "" && c.Flags().Changed("config") {
				problems = append(problems, "--config is empty: name a scenario, or leave it out")
			}
			if o.Format = rows.Format(format); !slices.Contains(rows.Formats(), o.Format) {
				problems = append(problems, fmt.Sprintf("--format %s: there are %s and %s", format, rows.Parquet, rows.CSV))
			}
			var err error
			if o.Scenario, err = readScenario(c.Context(), file, sets, o.Rows); c.Context().Err() != nil {
				return interrupted(c)
			} else if err != nil {
				problems = append(problems, strings.Split(err.Error(), "\n")...)
			}
			if len(problems) > 0 {
				return &job.InputError{Problems: problems}
			}
			if !quiet {
				o.Progress = told(c, o.Rows)
			}
			s, err := synth.Generate(c.Context(), o)
			switch {
			case err != nil && c.Context().Err() != nil: // a signal after the end changes nothing
				return interrupted(c)
			case errors.Is(err, synth.ErrInput):
				return &job.InputError{Problems: []string{strings.TrimPrefix(err.Error(), synth.ErrInput.Error()+": ")}}
			case err != nil:
				return err
			}
			summarise(c, s)
			return nil
		},
	}
	flags := c.Flags()
	flags.StringVarP(&file, "config", "c", "", "scenario (YAML); configs/scenario.yaml explains every key")
	o.Rows, o.Seed = scenario.MinRows, 1
	flags.Var(whole[int64]{&o.Rows}, "rows", "how many transfers, 1000 to 100000000")
	flags.Var(whole[uint64]{&o.Seed}, "seed", "decides everything that the scenario leaves open")
	flags.StringVar(&o.Dir, "out", "", "output folder; empty, or not there")
	flags.StringVar(&format, "format", string(rows.Parquet), "parquet, or csv for people")
	flags.StringArrayVar(&sets, "set", nil, "KEY=VALUE for any key of the scenario, e.g. victim.growth=1.2; may be repeated")
	flags.BoolVarP(&quiet, "quiet", "q", false, "no progress lines")
	return c
}

func interrupted(c *cobra.Command) error {
	c.PrintErrln("scamtrace: interrupted; nothing was written")
	return &exitError{job.ExitCode(c.Context(), c.Context().Err())}
}

func readScenario(ctx context.Context, file string, sets []string, n int64) (scenario.Scenario, error) {
	var text []byte
	if file != "" {
		var err error
		if text, err = readSmall(ctx, file); err != nil {
			return scenario.Scenario{}, err
		}
	}
	return scenario.Load(file, text, sets, n)
}

// told prints how far it is, every ten seconds.
func told(c *cobra.Command, all int64) func(int64) {
	last := time.Now()
	return func(n int64) {
		if time.Since(last) >= 10*time.Second {
			last = time.Now()
			c.PrintErrf("%d of %d rows\n", n, all)
		}
	}
}

func summarise(c *cobra.Command, s synth.Summary) {
	for _, t := range s.Tables {
		c.Printf("%-26s %d\n", t.Table, t.Rows)
	}
	c.Printf("%-26s %d, of the scam %d\n", "transfers", s.Rows, s.Scam)
	c.Printf("%-26s %d\n", "seeds", s.Seeds)
	if s.Expected >= 0 {
		c.Printf("%-26s %d\n", "expected taint", s.Expected)
	} else {
		c.Printf("%-26s none: more rows than truth.expected_taint_max_rows\n", "expected taint")
	}
	c.Printf("next: %s\n", s.Next)
}
