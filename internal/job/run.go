package job

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/config"
	"github.com/scamtrace/scamtrace/internal/report"
	"github.com/scamtrace/scamtrace/internal/table"
)

// Process is what a run takes from the world around it.
type Process struct {
	Tool table.Tool
	// Now is the clock; only the manifest's volatile part depends on it.
	Now func() time.Time
	// Progress takes one line of text at a time.
	Progress func(string)
	// Status, if set, is kept up to date for whoever watches.
	Status *Status
	// Offline answers from the archives of former runs alone.
	Offline bool
}

// Outcome is a published run.
type Outcome struct {
	// Dir is the folder of the run, Latest the link that always leads to the
	// last one.
	Dir, Latest string
	RunID       string
	// Gaps is the number of declared gaps; 0 means complete.
	Gaps   int
	Report *report.Report
	// Took is the time of each step, for people.
	Took []Step
}

// Step is how long one step took.
type Step struct {
	Name string
	Took time.Duration
}

// Run does the whole job. It publishes a complete run or nothing: the error is
// an *InputError when nothing was asked, wraps chain.ErrContradiction or
// taint.ErrNotConserved when the data cannot be true, ErrLocked when another run
// has the output folder, and ctx's error when it was interrupted.
func Run(ctx context.Context, cfg config.Config, p Process) (*Outcome, error) {
	r := &run{cfg: cfg, process: p, started: p.Now(), workers: cfg.Workers}
	if r.workers == 0 {
		r.workers = runtime.GOMAXPROCS(0)
	}
	out, err := r.do(ctx)
	for _, t := range r.trails {
		err = errors.Join(err, t.close())
	}
	if r.outbox != nil {
		err = errors.Join(err, r.outbox.close())
	}
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, err
	}
	return out, nil
}

type run struct {
	cfg     config.Config
	process Process
	started time.Time
	lap     time.Time
	took    []Step
	workers int
	in      *inputs
	trails  []*trail
	outbox  *outbox
}

func (r *run) step(name string) {
	now := r.process.Now()
	r.took = append(r.took, Step{name, now.Sub(r.lap)})
	r.lap = now
}

func (r *run) do(ctx context.Context) (*Outcome, error) {
	r.lap = r.started
	var err error
	if r.in, err = readInputs(r.cfg); err != nil {
		return nil, err
	}
	if r.trails, err = openTrails(ctx, r.cfg, r.in, r.workers, func(o *chain.Options) { o.Offline = r.process.Offline }); err != nil {
		return nil, err
	}
	if r.outbox, err = openOutbox(r.cfg.Out); err != nil {
		return nil, err
	}
	r.step("read inputs")
	w := &writing{folder: table.Folder{Dir: r.outbox.workspace(), Tool: r.process.Tool}, workers: r.workers}
	var rows []table.Coverage
	for _, t := range r.trails {
		if err := r.chain(ctx, t, w); err != nil {
			return nil, err
		}
		rows = append(rows, t.coverage()...)
	}
	if err := write(ctx, w, 0, seedRows(r.in.seeds)); err != nil {
		return nil, err
	}
	if err := write(ctx, w, 0, rows); err != nil {
		return nil, err
	}
	r.step("write findings")
	return r.publish(ctx, w, rows)
}

// chain does one chain from the first question to its last table.
func (r *run) chain(ctx context.Context, t *trail, w *writing) error {
	say := r.process.Progress
	r.process.Status.begin(t)
	defer r.process.Status.begin(nil)
	if t.server && !r.process.Offline {
		say(fmt.Sprintf("%s: asking %s for its newest final block", t.chain.Name, t.endpoint))
	}
	if err := t.pin(ctx, r.cfg); err != nil {
		return err
	}
	r.step("read inputs")
	if err := t.follow(ctx, r.cfg, r.in.labels, r.workers, r.process.Status, say); err != nil {
		return err
	}
	r.process.Status.begin(nil)
	var err error
	if t.inputs, err = t.source.Inputs(ctx); err != nil {
		return err
	}
	if err := t.close(); err != nil {
		return err
	}
	// What crawl and source held is garbage now, and the largest step is next.
	debug.FreeOSMemory()
	r.step("crawl " + t.chain.Name)
	say(fmt.Sprintf("%s: tracing %d transfers of %d addresses by %d methods, clustering, writing tables",
		t.chain.Name, t.book.Len(), t.book.Addresses(), len(r.cfg.Trace.Methods)))
	// Neither of the two needs the other, and both only read the book.
	err = parallel(ctx, r.workers, 2, func(ctx context.Context, i int) error {
		if i == 0 {
			return w.trace(ctx, t, r.cfg.Trace.Methods, t.hidden(r.cfg))
		}
		if err := t.attribute(r.cfg, r.in.labels); err != nil {
			return err
		}
		return w.tables(ctx, t, r.in.labels)
	})
	if err != nil {
		return err
	}
	t.summarize(r.in.labels)
	r.step("trace " + t.chain.Name)
	return nil
}

// publish writes the manifest and the report, and gives the run its name.
func (r *run) publish(ctx context.Context, w *writing, rows []table.Coverage) (*Outcome, error) {
	gaps := 0
	for _, row := range rows {
		if !row.Complete {
			gaps++
		}
	}
	settings, err := r.cfg.Canonical()
	if err != nil {
		return nil, err
	}
	m := table.Manifest{
		SchemaVersion: table.SchemaVersion, Tool: r.process.Tool, Case: r.cfg.Case, Config: settings,
		Inputs: r.in.files, Tables: table.Group(w.files), Status: table.Complete, Gaps: int64(gaps),
		Volatile: table.Volatile{
			Started:  r.started.UTC().Format(time.RFC3339),
			Finished: r.process.Now().UTC().Format(time.RFC3339), Workers: r.workers,
		},
	}
	if gaps > 0 {
		m.Status = table.Gaps
	}
	for _, t := range r.trails {
		m.Chains = append(m.Chains, asOf(t))
		for _, f := range t.inputs {
			m.Inputs = append(m.Inputs, table.Input{Role: "source:" + t.chain.Name, Name: f.Name, Bytes: f.Bytes, SHA256: f.SHA256})
		}
	}
	m.RunID = table.RunID(m)
	out := &Outcome{RunID: m.RunID, Gaps: gaps, Latest: filepath.Join(r.cfg.Out, "latest")}
	out.Report = r.report(m.RunID, rows)
	dir := r.outbox.workspace()
	if m.Report, err = table.WriteReport(dir, "report.md", out.Report.Markdown()); err != nil {
		return nil, err
	}
	if err := table.WriteManifest(dir, m); err != nil {
		return nil, err
	}
	if err := errors.Join(syncDir(dir), ctx.Err()); err != nil {
		return nil, err
	}
	if out.Dir, err = r.outbox.publish(m.RunID); err != nil {
		return nil, err
	}
	r.step("publish")
	out.Took = r.took
	return out, nil
}

func asOf(t *trail) table.AsOf {
	a := table.AsOf{Name: t.chain.Name, ID: t.chain.ID, Height: t.asOf.Height}
	if t.asOf.Hash != (chain.Hash{}) {
		a.Hash = t.asOf.Hash.Text(t.chain.Family)
	}
	if t.asOf.Time != 0 {
		a.Time = time.Unix(t.asOf.Time, 0).UTC().Format(time.RFC3339)
	}
	return a
}
