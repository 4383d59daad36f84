package job

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/scamtrace/scamtrace/internal/config"
	"github.com/scamtrace/scamtrace/internal/label"
)

// Plan checks the inputs as a run would and writes what a run would ask. It asks
// no source anything and writes nothing to disk.
func Plan(ctx context.Context, cfg config.Config, w io.Writer) (err error) {
	in, err := readInputs(cfg)
	if err != nil {
		return err
	}
	trails, err := openTrails(ctx, cfg, in, 1)
	for _, t := range trails {
		defer func() { err = errors.Join(err, t.source.Close()) }()
	}
	if err != nil {
		return err
	}
	p := func(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }
	p("case %s: %d seeds, %d labels", cfg.Case, len(in.seeds), in.labels.Len())
	for _, t := range trails {
		roles := map[label.Role]int{}
		for _, s := range t.seeds {
			roles[s.Role]++
		}
		var kinds []string
		for _, k := range t.kinds {
			kinds = append(kinds, k.String())
		}
		p("%s (%s) from %s", t.chain.Name, t.chain.ID, cfg.Sources[t.chain.Name])
		p("  seeds       %d followed, %d payments of victims, %d only watched", roles[label.RoleSeed], roles[label.RoleVictimTx], roles[label.RoleWatch])
		p("  asked for   %s", strings.Join(kinds, ", "))
		p("  question 1  every transfer of %d addresses, in one pass; then the addresses these lead to, round by round", len(t.seeds))
	}
	p("crawl         %s, at most %d hops and %d addresses", cfg.Crawl.Direction, cfg.Crawl.MaxHops, cfg.Crawl.Budget)
	p("stop rules    %s", orNone(cfg.Crawl.Rules))
	p("heuristics    %s; united by %s", orNone(cfg.Cluster.Heuristics), orNone(cfg.Cluster.Accept))
	p("methods       %s", orNone(cfg.Trace.Methods))
	p("tables        %s", cfg.Out)
	for _, note := range in.notes {
		p("note: %s", note)
	}
	return nil
}

func orNone(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}
