package table

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/parquet-go/parquet-go"
)

// Folder is where the tables of a run are written.
type Folder struct {
	// Dir holds one folder for each table.
	Dir string
	// Tool is named in every file.
	Tool Tool
}

// File is one written file.
type File struct {
	// Table is the name of the table.
	Table string `json:"-"`
	// Path is below the folder of the run, with slashes.
	Path   string `json:"path"`
	Bytes  int64  `json:"bytes"`
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256"`
}

// partPath is the path of a table's part below the folder of the run.
func partPath(table string, part int) string {
	return fmt.Sprintf("%s/part-%05d.parquet", table, part)
}

// Write writes the rows as one part of their table, in the table's order;
// rows that compare equal keep the order given. No rows make a file too, so
// that readers find the schema. Parts may be written concurrently.
func Write[T Row[T]](ctx context.Context, f Folder, part int, rows []T) (File, error) {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, T.compare)
	o, err := newOutput[T](f, part)
	if err != nil {
		return File{}, err
	}
	for chunk := range slices.Chunk(rows, batchRows) {
		if err := o.step(ctx, func() error { return o.write(chunk) }); err != nil {
			return File{}, o.fail(err)
		}
	}
	return o.finish(ctx)
}

// output is one part on its way to the disk.
type output[T Row[T]] struct {
	table Table
	path  string
	file  *pending
	w     *parquet.GenericWriter[T]
	rows  int64
	cells []parquet.Row
}

func newOutput[T Row[T]](f Folder, part int) (*output[T], error) {
	var row T
	t := row.Table()
	path := partPath(t.Name, part)
	file, err := create(filepath.Join(f.Dir, filepath.FromSlash(path)))
	if err != nil {
		return nil, err
	}
	return &output[T]{table: t, path: path, file: file, w: open[T](file, t, f.Tool)}, nil
}

// write hands rows over as cells. GenericWriter.Write takes structs, but
// parquet-go v0.32.0 loses nulls there: of an optional text column, n nulls, n
// values and then nulls to the end of a group of 64 rows come out as n nulls, n
// values and empty texts.
func (o *output[T]) write(rows []T) error {
	schema := o.w.Schema()
	for len(o.cells) < len(rows) {
		o.cells = append(o.cells, nil)
	}
	for i := range rows {
		o.cells[i] = schema.Deconstruct(o.cells[i][:0], &rows[i])
	}
	n, err := o.w.WriteRows(o.cells[:len(rows)])
	o.rows += int64(n)
	return err
}

func (o *output[T]) step(ctx context.Context, write func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return write()
}

// fail gives up: the file never gets its final name.
func (o *output[T]) fail(err error) error {
	o.file.abandon()
	return Advise(o.file.final, err)
}

func (o *output[T]) finish(ctx context.Context) (File, error) {
	if err := o.step(ctx, o.w.Close); err != nil {
		return File{}, o.fail(err)
	}
	if err := o.file.commit(); err != nil {
		return File{}, err
	}
	return File{Table: o.table.Name, Path: o.path, Bytes: o.file.bytes, Rows: o.rows, SHA256: o.file.sum()}, nil
}
