package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scamtrace/scamtrace/internal/config"
	"github.com/scamtrace/scamtrace/internal/job"
)

// caseFlags are the ways to describe a case: a file, and flags that go over it.
type caseFlags struct {
	file    string
	seeds   []string
	labels  []string
	sources []string
	out     string
	sets    []string
}

func (f *caseFlags) add(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVarP(&f.file, "config", "c", "", "case file (YAML); configs/example.yaml explains every key")
	flags.StringArrayVar(&f.seeds, "seeds", nil, "seed list, CSV or TagPack YAML; may be repeated")
	flags.StringArrayVar(&f.labels, "labels", nil, "label file, CSV or TagPack YAML; may be repeated")
	flags.StringArrayVar(&f.sources, "source", nil, "CHAIN=DRIVER:ARGS, e.g. ethereum=dataset:DIR; may be repeated")
	flags.StringVar(&f.out, "out", "", "output folder")
	flags.StringArrayVar(&f.sets, "set", nil, "KEY=VALUE for any other key, e.g. crawl.max_hops=5 or crawl.rules=none; may be repeated")
}

// config reads the case file and puts the flags over it.
func (f *caseFlags) config(ctx context.Context) (config.Config, error) {
	var text []byte
	if f.file != "" {
		var err error
		if text, err = readSmall(ctx, f.file); ctx.Err() != nil {
			return config.Config{}, ctx.Err()
		} else if err != nil {
			return config.Config{}, &job.InputError{Problems: []string{err.Error()}}
		}
	}
	sets := f.sets
	list := func(key string, values []string) {
		if len(values) > 0 {
			sets = append(sets, key+"="+strings.Join(values, ","))
		}
	}
	list("seeds", f.seeds)
	list("labels", f.labels)
	for _, s := range f.sources {
		chain, spec, ok := strings.Cut(s, "=")
		if !ok {
			return config.Config{}, &job.InputError{Problems: []string{fmt.Sprintf("--source %s: write CHAIN=DRIVER:ARGS, e.g. ethereum=dataset:DIR", s)}}
		}
		sets = append(sets, "sources."+chain+"="+spec)
	}
	if f.out != "" {
		sets = append(sets, "out="+f.out)
	}
	cfg, err := config.Load(f.file, text, sets)
	if err != nil {
		return cfg, &job.InputError{Problems: strings.Split(err.Error(), "\n")}
	}
	return cfg, nil
}
