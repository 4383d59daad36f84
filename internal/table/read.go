package table

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"
)

func sortFiles(files []File) {
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
}

// Paths lists the files of a table below the folder of a run, by name. Files
// that are still being written are left out.
func Paths(dir, table string) ([]string, error) {
	names, err := os.ReadDir(filepath.Join(dir, table))
	if err != nil {
		return nil, err
	}
	var out []string
	for _, n := range names {
		if strings.HasSuffix(n.Name(), ".parquet") {
			out = append(out, filepath.Join(dir, table, n.Name()))
		}
	}
	return out, nil
}

// Read yields the rows of files, one after the other. T is the table's row, or
// a struct with some of its columns under the same tags: only these are read.
// The first error ends the reading.
func Read[T any](ctx context.Context, paths ...string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, path := range paths {
			more, err := readFile(ctx, path, yield)
			if err != nil {
				var none T
				yield(none, fmt.Errorf("reading %s: %w", path, err))
				return
			}
			if !more {
				return
			}
		}
	}
}

func readFile[T any](ctx context.Context, path string, yield func(T, error) bool) (more bool, err error) {
	f, err := openFile(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	var r *parquet.GenericReader[T]
	if err := guard(func() error { r = parquet.NewGenericReader[T](f.File); return nil }); err != nil {
		return false, err
	}
	defer r.Close()
	rows := make([]T, 512)
	for {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		var n int
		err := guard(func() (err error) { n, err = r.Read(rows); return err })
		for i := range rows[:n] {
			if !yield(rows[i], nil) {
				return false, nil
			}
		}
		clear(rows[:n])
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
	}
}

// openedFile is a Parquet file and what it is read from.
type openedFile struct {
	*parquet.File
	from *os.File
}

func (f openedFile) Close() error { return f.from.Close() }

func openFile(path string) (openedFile, error) {
	from, err := os.Open(path)
	if err != nil {
		return openedFile{}, err
	}
	info, err := from.Stat()
	if err == nil {
		var f *parquet.File
		err = guard(func() error { f, err = parquet.OpenFile(from, info.Size()); return err })
		if err == nil {
			return openedFile{File: f, from: from}, nil
		}
	}
	from.Close()
	return openedFile{}, err
}

// guard turns a panic of the decoder on damaged bytes into an error: a damaged
// file is something to report, not something to die of.
func guard(read func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("damaged file: %v", p)
		}
	}()
	return read()
}
