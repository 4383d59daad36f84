package table

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/parquet-go/parquet-go"
)

// ReadWhere is Read for the rows in which one of the columns holds one of the
// texts: all that a table says of some addresses. Bloom filters skip whole row
// groups; of the others only the columns are scanned, and the rows found are
// read by the page index.
func ReadWhere[T any](ctx context.Context, columns, texts []string, paths ...string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, path := range paths {
			more, err := findInFile(ctx, path, columns, texts, yield)
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

func findInFile[T any](ctx context.Context, path string, columns, texts []string, yield func(T, error) bool) (more bool, err error) {
	f, err := openFile(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	var leaves []int
	for _, name := range columns {
		leaf, ok := f.Schema().Lookup(name)
		if !ok {
			return false, fmt.Errorf("it has no column %s", name)
		}
		leaves = append(leaves, leaf.ColumnIndex)
	}
	wanted := make(map[string]bool, len(texts))
	for _, t := range texts {
		wanted[t] = true
	}
	for _, group := range f.RowGroups() {
		rows, err := matches(ctx, group, leaves, wanted)
		if err != nil {
			return false, err
		}
		if more, err := readRows(ctx, group, rows, yield); err != nil || !more {
			return false, err
		}
	}
	return true, nil
}

// matches lists the rows of a group in which one of the columns is wanted.
func matches(ctx context.Context, group parquet.RowGroup, leaves []int, wanted map[string]bool) ([]int64, error) {
	var rows []int64
	for _, leaf := range leaves {
		chunk := group.ColumnChunks()[leaf]
		possible, err := mayHold(chunk, wanted)
		if err != nil {
			return nil, err
		}
		if !possible {
			continue
		}
		if rows, err = scan(ctx, chunk, wanted, rows); err != nil {
			return nil, err
		}
	}
	slices.Sort(rows)
	return slices.Compact(rows), nil
}

// mayHold asks the bloom filter; without one everything is possible.
func mayHold(chunk parquet.ColumnChunk, wanted map[string]bool) (possible bool, err error) {
	err = guard(func() error {
		filter := chunk.BloomFilter()
		if filter == nil {
			possible = true
			return nil
		}
		for text := range wanted {
			has, err := filter.Check(parquet.ByteArrayValue([]byte(text)))
			if err != nil || has {
				possible = has
				return err
			}
		}
		return nil
	})
	return possible, err
}

func scan(ctx context.Context, chunk parquet.ColumnChunk, wanted map[string]bool, rows []int64) ([]int64, error) {
	column := newCells(chunk)
	defer column.close()
	for row := int64(0); ; row++ {
		if row%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		v, more, err := column.next()
		if err != nil || !more {
			return rows, err
		}
		if !v.IsNull() && wanted[string(v.ByteArray())] {
			rows = append(rows, row)
		}
	}
}

// nearRows is how far ahead the next row is read on to instead of sought.
const nearRows = 2048

func readRows[T any](ctx context.Context, group parquet.RowGroup, rows []int64, yield func(T, error) bool) (more bool, err error) {
	if len(rows) == 0 {
		return true, nil
	}
	r := parquet.NewGenericRowGroupReader[T](group)
	defer r.Close()
	buf := make([]T, 256)
	var from, to int64 // the rows in buf
	for _, row := range rows {
		for row >= to {
			if err := ctx.Err(); err != nil {
				return false, err
			}
			var n int
			err := guard(func() (err error) {
				if row-to > nearRows {
					if err := r.SeekToRow(row); err != nil {
						return err
					}
					to = row
				}
				clear(buf)
				n, err = r.Read(buf)
				return err
			})
			if n == 0 {
				if err == nil || errors.Is(err, io.EOF) {
					err = io.ErrUnexpectedEOF
				}
				return false, err
			}
			from, to = to, to+int64(n)
		}
		if !yield(buf[row-from], nil) {
			return false, nil
		}
	}
	return true, nil
}
