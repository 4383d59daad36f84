package rows

import (
	"fmt"
	"os"
	"path/filepath"
)

// Format is how tables are written.
type Format string

const (
	// Parquet is for programs.
	Parquet Format = "parquet"
	// CSV is for people who want to read a small set: comma-separated lines, and
	// JSON lines for Bitcoin, whose rows are nested; compressed with gzip.
	CSV Format = "csv"
)

// Formats lists them.
func Formats() []Format { return []Format{Parquet, CSV} }

const (
	rowsPerPart  = 4_000_000
	rowsPerGroup = 1 << 18 // what dataset reads at once
	rowsPerBatch = 4_096
)

// sheet is one file of a table.
type sheet[T any] interface {
	write([]T) error
	close() error
}

// table is a folder of files, each of a bounded number of rows.
type table[T any] struct {
	dir    string
	format Format
	nested bool

	part  sheet[T]
	parts int
	rows  int64 // of the part
	total int64

	batch []T
	text  arena // of the batch
}

// add makes room for a row.
func (t *table[T]) add() (*T, error) {
	if len(t.batch) == rowsPerBatch {
		if err := t.flush(); err != nil {
			return nil, err
		}
	}
	if t.batch == nil {
		t.batch = make([]T, 0, rowsPerBatch)
	}
	t.batch = t.batch[:len(t.batch)+1]
	t.total++
	return &t.batch[len(t.batch)-1], nil
}

// flush writes what was added.
func (t *table[T]) flush() error {
	if t.rows >= rowsPerPart {
		if err := t.end(); err != nil {
			return err
		}
	}
	if t.part == nil {
		if err := t.begin(); err != nil {
			return err
		}
	}
	t.rows += int64(len(t.batch))
	err := t.part.write(t.batch)
	t.batch, t.text = t.batch[:0], t.text[:0]
	return err
}

func (t *table[T]) begin() (err error) {
	if err := os.MkdirAll(t.dir, 0o755); err != nil {
		return err
	}
	name := filepath.Join(t.dir, fmt.Sprintf("part-%04d", t.parts))
	t.parts++
	switch {
	case t.format == Parquet:
		t.part, err = newParquet[T](name + ".parquet")
	case t.nested:
		t.part, err = newJSON[T](name + ".json.gz")
	default:
		t.part, err = newCSV[T](name + ".csv.gz")
	}
	return err
}

func (t *table[T]) end() error {
	if t.part == nil {
		return nil
	}
	err := t.part.close()
	t.part, t.rows = nil, 0
	return err
}

// close writes the rest; a table without rows is a file without rows.
func (t *table[T]) close() error {
	if len(t.batch) > 0 || t.parts == 0 {
		if err := t.flush(); err != nil {
			return err
		}
	}
	return t.end()
}

// abandon lets go of the file.
func (t *table[T]) abandon() { _ = t.end() }
