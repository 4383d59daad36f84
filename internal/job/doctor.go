package job

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/live"
	"github.com/scamtrace/scamtrace/internal/config"
	"github.com/scamtrace/scamtrace/internal/space"
)

// Doctor looks at everything that a run of the case would need, asks each server
// a few questions, and writes one line for each thing with what to do about it.
// It reports whether all is well. It publishes nothing.
func Doctor(ctx context.Context, cfg config.Config, w io.Writer) (well bool, err error) {
	d := &doctor{w: w, well: true}
	in, err := readInputs(cfg)
	if err != nil {
		return false, err
	}
	d.say("case "+cfg.Case, live.Finding{What: "inputs", OK: true, Text: fmt.Sprintf("%d seeds, %d labels", len(in.seeds), in.labels.Len())})
	cache := cfg.Cache
	if cache == "" {
		cache = filepath.Join(cfg.Out, "cache")
	}
	d.folder("out", cfg.Out)
	d.folder("cache", cache)
	trails, err := openTrails(ctx, cfg, in, 1, func(o *chain.Options) {
		o.Endpoint.Patience = min(doctorPatience, cmp.Or(o.Endpoint.Patience, doctorPatience))
	})
	for _, t := range trails {
		defer func() { err = errors.Join(err, t.source.Close()) }()
	}
	if err != nil {
		return false, err
	}
	for _, t := range trails {
		if ctx.Err() == nil {
			d.source(ctx, t)
		}
	}
	return d.well, ctx.Err()
}

// doctorPatience is how long a failing request is repeated: whoever calls the
// doctor is waiting.
const doctorPatience = 5 * time.Second

type doctor struct {
	w    io.Writer
	well bool
}

func (d *doctor) say(where string, f live.Finding) {
	word := "ok  "
	if !f.OK {
		word, d.well = "FAIL", false
	}
	fmt.Fprintf(d.w, "%s  %s: %s: %s\n", word, where, f.What, f.Text)
	if f.Advice != "" {
		fmt.Fprintf(d.w, "      %s\n", f.Advice)
	}
}

// folder tries what a run does in a folder: make it, write, sync, rename.
func (d *doctor) folder(where, dir string) {
	f := live.Finding{What: "write and sync", OK: true, Text: dir}
	if err := tryFolder(dir); err != nil {
		f.OK, f.Text, f.Advice = false, err.Error(), "give "+where+" a folder on a local disk that this user may write to"
	}
	d.say(where, f)
	free, err := space.Free(dir)
	if err != nil {
		return
	}
	f = live.Finding{What: "free space", OK: free >= leastSpace, Text: fmt.Sprintf("%d MiB", free>>20)}
	if !f.OK {
		f.Advice = fmt.Sprintf("less than %d MiB: make room, or choose another folder", leastSpace>>20)
	}
	d.say(where, f)
}

// leastSpace is less than a small run writes: with less, a run is not worth
// beginning.
const leastSpace = 256 << 20

func tryFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString("scamtrace doctor\n")
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return err
	}
	moved := f.Name() + ".moved"
	defer os.Remove(moved)
	return errors.Join(os.Rename(f.Name(), moved), syncDir(dir))
}

// skewed is a source that knows how far this machine's clock is off.
type skewed interface {
	Skew() (time.Duration, bool)
}

// mostSkew is how far a clock may be off before "wait until" goes wrong.
const mostSkew = 30 * time.Second

func (d *doctor) source(ctx context.Context, t *trail) {
	where := strings.TrimSpace(t.chain.Name + " from " + t.driver + " " + t.endpoint)
	server, ok := t.source.(live.Doctor)
	if !ok || !t.server {
		_, err := t.source.Plan(ctx, chain.Question{})
		f := live.Finding{What: "files", OK: err == nil, Text: "every header and schema is as it should be"}
		if err != nil {
			f.Text, f.Advice = err.Error(), "mend or export the file again"
		}
		d.say(where, f)
		return
	}
	for _, f := range server.Doctor(ctx) {
		if ctx.Err() != nil {
			return
		}
		f.Text = strings.TrimSpace(f.Text)
		d.say(where, f)
	}
	// The source remembers the last block, for `plan`; what is wrong was told.
	_, _ = t.source.Head(ctx)
	if s, ok := t.source.(skewed); ok {
		if skew, known := s.Skew(); known {
			f := live.Finding{What: "clock", OK: skew.Abs() <= mostSkew, Text: fmt.Sprintf("%v off the server's", skew.Round(time.Second))}
			if !f.OK {
				f.Advice = "set this machine's clock (NTP)"
			}
			d.say(where, f)
		}
	}
}
