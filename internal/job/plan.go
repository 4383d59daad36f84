package job

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/live"
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
	trails, err := openTrails(ctx, cfg, in, 1, func(o *chain.Options) { o.Offline = true })
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
		for _, line := range t.estimate(ctx, cfg) {
			p("  estimate    %s", line)
		}
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

// estimate says what the first question will cost a server, and what every
// further thousand addresses will: how many there will be nobody knows.
func (t *trail) estimate(ctx context.Context, cfg config.Config) []string {
	e, ok := t.source.(live.Estimator)
	if !ok || !t.server {
		return nil
	}
	span := chain.Span{From: cfg.Crawl.FromBlock[t.chain.Name]}
	head, err := t.source.Head(ctx) // the last one seen: nothing is asked here
	to, given := cfg.Crawl.ToBlock[t.chain.Name]
	switch {
	case given && (err != nil || to < head.Height):
		span.To = to
	case err != nil:
		return []string{"none: the last block is not known; run scamtrace doctor once, or set crawl.to_block"}
	default:
		span.To = head.Height
	}
	var lines []string
	for _, q := range []struct {
		addresses int
		what      string
	}{{len(t.seeds), "question 1"}, {1000, "every 1,000 addresses after it"}} {
		n, note := e.Estimate(q.addresses, span, t.kinds)
		line := fmt.Sprintf("%s: about %d requests for blocks %d to %d", q.what, n, span.From, span.To)
		if t.rate > 0 {
			line += fmt.Sprintf(", %v at %g a second", time.Duration(float64(n)/t.rate*float64(time.Second)).Round(time.Second), t.rate)
		}
		if t.daily > 0 {
			line += fmt.Sprintf(", %.1f %% of the day's quota", 100*float64(n)/float64(t.daily))
		}
		if note != "" {
			line += " (" + note + ")"
		}
		lines = append(lines, line)
	}
	return append(lines, "what the archive already holds is not asked again")
}
