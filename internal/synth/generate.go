package synth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/scamtrace/scamtrace/internal/synth/names"
	"github.com/scamtrace/scamtrace/internal/synth/rows"
	"github.com/scamtrace/scamtrace/internal/synth/scenario"
	"github.com/scamtrace/scamtrace/internal/synth/truth"
	"github.com/scamtrace/scamtrace/internal/synth/world"
)

// Options say what is made.
type Options struct {
	// Scenario has been checked for Rows.
	Scenario scenario.Scenario
	// Rows is how many transfers there are.
	Rows int64
	// Seed decides everything that the scenario leaves open.
	Seed uint64
	// Dir is the folder; it must be empty or not there.
	Dir    string
	Format rows.Format
	// Progress is told now and then how many rows there are; nil for nobody.
	Progress func(rows int64)
}

// Summary is what was made.
type Summary struct {
	// Rows are the transfers, and Scam those of the scam.
	Rows, Scam int64
	// Tables are the files' rows.
	Tables []rows.Count
	// Seeds are the rows of seeds.csv, Expected those of expected_taint.csv,
	// -1 if there is none.
	Seeds, Expected int
	// Next is the command that traces the set.
	Next string
}

// Generate plays the scenario and writes the set. The folder appears whole or
// not at all. The error wraps ErrInput if it cannot be put there.
func Generate(ctx context.Context, o Options) (summary Summary, err error) {
	f, err := openFolder(o.Dir)
	if err != nil {
		return Summary{}, err
	}
	published := false
	defer func() {
		if !published { // also if the play panics
			err = errors.Join(err, f.discard())
		}
	}()
	if err := f.room(needs(o.Scenario, o.Rows)); err != nil {
		return Summary{}, err
	}
	if summary, err = o.write(ctx, f); err == nil {
		err = f.publish()
	}
	if err != nil {
		return Summary{}, cmp.Or(ctx.Err(), f.full(err), err)
	}
	published = true
	return summary, nil
}

// write plays into the folder.
func (o Options) write(ctx context.Context, f folder) (Summary, error) {
	w := world.New(o.Scenario.Sized(o.Rows), o.Rows, o.Seed)
	s := stage{names: names.New(o.Seed, w.Parties().Like), played: w, progress: o.Progress}
	s.rows = rows.New(f.work, o.Scenario.Tables, o.Format, s.names)
	defer s.rows.Abandon()
	var err error
	told := o.Scenario.Truth
	parts := truth.Parts{Transfers: told.Transfers, Deposits: told.Deposits, Nights: told.Nights}
	if s.truth, err = truth.New(filepath.Join(f.work, "truth"), s.names, w.Parties(), parts); err != nil {
		return Summary{}, err
	}
	defer s.truth.Abandon()
	s.Witness = s.truth
	if o.Rows <= o.Scenario.Truth.TaintMaxRows {
		s.expected = &expected{names: s.names, parties: w.Parties(), tables: o.Scenario.Tables}
	}
	if err := w.Play(ctx, &s); err != nil {
		return Summary{}, err
	}
	if err := s.rows.Close(); err != nil {
		return Summary{}, err
	}
	start, _ := w.Span()
	all, scam := w.Written()
	public := w.Public()
	if err := s.truth.Close(truth.End{Public: public, Start: start, Benign: o.Scenario.Truth.Benign, Rows: all, Scam: scam}); err != nil {
		return Summary{}, err
	}
	summary := Summary{Rows: all, Scam: scam, Tables: s.rows.Counts(), Expected: -1}
	p := printer{truth: s.truth, scenario: o.Scenario, dir: f.name, bitcoin: slices.ContainsFunc(summary.Tables, isBitcoin)}
	summary.Next = p.next()
	if summary.Seeds, err = p.write(f.work, public); err != nil {
		return Summary{}, err
	}
	if s.expected != nil {
		if summary.Expected, err = s.expected.write(ctx, f.work); err != nil {
			return Summary{}, fmt.Errorf("expected taint: %w", err)
		}
	}
	return summary, nil
}

func isBitcoin(c rows.Count) bool { return c.Table == "bitcoin/transactions" }

// stage hands what happens to everybody who writes.
type stage struct {
	world.Witness // the truth

	names    names.Namer
	rows     *rows.Writer
	truth    *truth.Writer
	expected *expected // nil in a large set
	played   *world.World
	progress func(int64)
	count    int64
}

// Ethereum implements world.Sink.
func (s *stage) Ethereum(tx *world.EthereumTx) error {
	s.tick()
	if s.expected != nil {
		s.expected.ethereum(tx)
	}
	return errors.Join(s.rows.Ethereum(tx), s.truth.Ethereum(tx))
}

// Bitcoin implements world.Sink.
func (s *stage) Bitcoin(tx *world.BitcoinTx) error {
	s.tick()
	if s.expected != nil {
		s.expected.bitcoin(tx)
	}
	return errors.Join(s.rows.Bitcoin(tx), s.truth.Bitcoin(tx))
}

func (s *stage) tick() {
	if s.count++; s.progress != nil && s.count%10_000 == 0 {
		n, _ := s.played.Written()
		s.progress(n)
	}
}
