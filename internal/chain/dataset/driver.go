package dataset

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// indexMemory bounds what all indexes of a source keep in memory. 128 MiB is
// the index of some 30 million rows.
const indexMemory = 128 << 20

// indexOfFile bounds the index of one text file, which is built in memory. A
// file of some 200 million rows passes it and is read without an index: cut it,
// or make it Parquet.
const indexOfFile = 1 << 30

// Driver opens a folder of files as a source, "dataset:DIR". Opening checks
// that the folder holds a known table; the first Head or Plan checks the header
// or schema of every file before anything is told. The source is safe for
// concurrent use. Its errors wrap chain.ErrInput or chain.ErrContradiction and
// begin with FILE:LINE.
func Driver() chain.Driver {
	return chain.Driver{
		Name: "dataset",
		Doc:  "A folder of CSV, JSON lines or Parquet files in the layouts of ethereum-etl, bitcoin-etl, AWS public blockchain data and BigQuery.",
		Ref:  "https://ethereum-etl.readthedocs.io/en/latest/schema/",
		Open: open,
	}
}

// source is a folder that was opened.
type source struct {
	chain chain.Chain
	cache string
	check checker
	files []*file // by path

	reserved atomic.Int64
	ready    sync.Mutex
	examined bool
	clock    blockTimes
	shelf    *shelf // nil without a cache
}

func open(ctx context.Context, c chain.Chain, o chain.Options) (chain.Source, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if o.Args == "" {
		return nil, bad("dataset", "name a folder: dataset:DIR")
	}
	files, err := find(o.Args, layouts(c.Family))
	if err != nil {
		return nil, err
	}
	s := &source{chain: c, cache: o.Cache, check: checkerFor(c), files: files}
	if o.Cache != "" {
		s.shelf = &shelf{dir: o.Cache}
	}
	return s, nil
}

// examine checks all headers and schemas, once. An error of a file is told
// every time.
func (s *source) examine(ctx context.Context) error {
	s.ready.Lock()
	defer s.ready.Unlock()
	if s.examined {
		return nil
	}
	var all []error
	for _, f := range s.files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := f.examine(); err != nil {
			all = append(all, err)
		}
	}
	if len(all) == 0 {
		all = append(all, s.checkTimes())
	}
	if err := errors.Join(all...); err != nil {
		return err
	}
	s.examined = true
	return nil
}

// checkTimes refuses tables without times that no blocks table can give.
func (s *source) checkTimes() error {
	timed := s.has("blocks")
	for _, f := range s.table("blocks") {
		timed = timed && f.has[f.layout.clock]
	}
	for _, f := range s.files {
		if f.layout.table != "blocks" && !f.has[f.layout.clock] && !timed {
			return bad(f.name, "column block_timestamp is missing; add it, or a blocks table with number and timestamp")
		}
	}
	return nil
}

// table lists the files of a table.
func (s *source) table(name string) []*file {
	var out []*file
	for _, f := range s.files {
		if f.layout.table == name {
			out = append(out, f)
		}
	}
	return out
}

func (s *source) has(table string) bool {
	return slices.ContainsFunc(s.files, func(f *file) bool { return f.layout.table == table })
}

// Inputs lists every file of a known table.
func (s *source) Inputs(ctx context.Context) ([]chain.Input, error) {
	inputs := make([]chain.Input, 0, len(s.files))
	for _, f := range s.files {
		digest, err := f.digest(ctx)
		if err != nil {
			return nil, err
		}
		inputs = append(inputs, chain.Input{Name: f.name, Bytes: f.size, SHA256: digest})
	}
	return inputs, nil
}

// Close frees the shelf; parts open and close their own files.
func (s *source) Close() error {
	if s.shelf == nil {
		return nil
	}
	return s.shelf.close()
}
