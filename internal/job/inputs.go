package job

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/config"
	"github.com/scamtrace/scamtrace/internal/label"
	"github.com/scamtrace/scamtrace/internal/table"
)

// inputs is what the user gave, read and checked.
type inputs struct {
	chains []chain.Chain
	seeds  []label.Seed
	labels *label.Book
	files  []table.Input
	notes  []string
}

// readInputs checks the configuration and reads the seed lists and label files. Everything that is wrong with
// any of them comes back in one InputError; nothing has been asked or written.
func readInputs(cfg config.Config) (*inputs, error) {
	in := &inputs{}
	var problems []string
	for _, p := range cfg.Validate() {
		problems = append(problems, p.String())
	}
	if len(problems) > 0 {
		return nil, &InputError{problems}
	}
	for name := range cfg.Sources {
		c, err := chain.Lookup(name)
		if err != nil {
			problems = append(problems, "sources: "+err.Error())
			continue
		}
		in.chains = append(in.chains, c)
	}
	slices.SortFunc(in.chains, func(a, b chain.Chain) int { return cmp.Compare(a.Name, b.Name) })
	take := func(role, path string, read func(name string, r io.Reader) []label.Problem) {
		file, found, err := readFile(role, path, read)
		if err != nil {
			problems = append(problems, err.Error())
			return
		}
		in.files = append(in.files, file)
		for _, p := range label.Notes(found) {
			in.notes = append(in.notes, p.String())
		}
		for _, p := range label.Refusals(found) {
			problems = append(problems, p.String())
		}
	}
	for _, path := range cfg.Seeds {
		take("seeds", path, func(name string, r io.Reader) []label.Problem {
			seeds, found := label.ReadSeeds(name, r)
			in.seeds = append(in.seeds, seeds...)
			return found
		})
	}
	var labels []label.Label
	for _, path := range cfg.Labels {
		take("labels", path, func(name string, r io.Reader) []label.Problem {
			more, found := label.ReadLabels(name, r, in.chains)
			labels = append(labels, more...)
			return found
		})
	}
	stops, err := label.DefaultStops().With(cfg.Stops)
	if err != nil {
		problems = append(problems, "stops: "+err.Error())
	}
	problems = append(problems, in.checkSeeds()...)
	if len(problems) > 0 {
		return nil, &InputError{problems}
	}
	in.labels = label.NewBook(labels, stops)
	return in, nil
}

// readFile reads one file and hashes it on the way.
func readFile(role, path string, read func(string, io.Reader) []label.Problem) (table.Input, []label.Problem, error) {
	f, err := os.Open(path)
	if err != nil {
		return table.Input{}, nil, err
	}
	defer f.Close()
	h := sha256.New()
	var n counter
	r := io.TeeReader(f, io.MultiWriter(h, &n))
	found := read(path, r)
	if _, err := io.Copy(io.Discard, r); err != nil {
		return table.Input{}, nil, fmt.Errorf("%s: %w", path, err)
	}
	return table.Input{Role: role, Name: filepath.Base(path), Bytes: int64(n), SHA256: hex.EncodeToString(h.Sum(nil))}, found, nil
}

type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// checkSeeds puts the seeds in order, drops repetitions between files and finds
// those that no source can answer for.
func (in *inputs) checkSeeds() []string {
	slices.SortStableFunc(in.seeds, compareSeeds)
	in.seeds = slices.CompactFunc(in.seeds, func(a, b label.Seed) bool { return compareSeeds(a, b) == 0 })
	var problems []string
	for _, s := range in.seeds {
		if !slices.ContainsFunc(in.chains, func(c chain.Chain) bool { return c.ID == s.Chain.ID }) {
			problems = append(problems, fmt.Sprintf("%s:%d: no source for chain %s: add --source %s=DRIVER:ARGS, or take the seed out",
				s.File, s.Line, s.Chain.Name, s.Chain.Name))
		}
	}
	return problems
}

// compareSeeds orders seeds by what they are, not where they stand: a victim's
// payment comes before the seed that received it, so that it is traced first.
func compareSeeds(a, b label.Seed) int {
	return cmp.Or(
		strings.Compare(a.CaseID, b.CaseID), cmp.Compare(a.Chain.Name, b.Chain.Name),
		-cmp.Compare(a.Role, b.Role), cmp.Compare(a.Address, b.Address),
		slices.Compare(a.TxHash[:], b.TxHash[:]))
}
