package table

import (
	"context"

	"github.com/parquet-go/parquet-go"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// sheet writes one part cell by cell, without a struct, a pointer or a string
// per row. Cells are written from the first column to the last; then comes end.
type sheet[T Row[T]] struct {
	*output[T]
	columns []sheetColumn
	at      int // the column of the next cell
	staged  int // rows not yet handed over
	group   int // rows of the current row group
	arena   []byte
}

type sheetColumn struct {
	writer   *parquet.ColumnWriter
	nullable bool
	cells    []parquet.Value // of the staged rows
}

func newSheet[T Row[T]](f Folder, part int) (*sheet[T], error) {
	o, err := newOutput[T](f, part)
	if err != nil {
		return nil, err
	}
	writers := o.w.ColumnWriters()
	s := &sheet[T]{output: o, columns: make([]sheetColumn, len(writers)), arena: make([]byte, 0, 1<<17)}
	for i, c := range o.table.Columns {
		s.columns[i] = sheetColumn{writer: writers[i], nullable: c.Nullable, cells: make([]parquet.Value, batchRows)}
	}
	return s, nil
}

func (s *sheet[T]) put(v parquet.Value) {
	c := &s.columns[s.at]
	s.at++
	cell := &c.cells[s.staged]
	*cell = v
	if c.nullable {
		cell.SetDefinitionLevel(1)
	}
}

func (s *sheet[T]) null() {
	s.columns[s.at].cells[s.staged] = parquet.Value{}
	s.at++
}

func (s *sheet[T]) int(n int64) { s.put(parquet.Int64Value(n)) }

func (s *sheet[T]) bool(b bool) { s.put(parquet.BooleanValue(b)) }

// text copies the text, so that the caller may reuse it.
func (s *sheet[T]) text(t string) {
	from := len(s.arena)
	s.arena = append(s.arena, t...)
	s.put(parquet.ByteArrayValue(s.arena[from:]))
}

// bytes is text that comes as bytes.
func (s *sheet[T]) bytes(t []byte) {
	from := len(s.arena)
	s.arena = append(s.arena, t...)
	s.put(parquet.ByteArrayValue(s.arena[from:]))
}

// address is null where it is empty.
func (s *sheet[T]) address(t string) {
	if t == "" {
		s.null()
		return
	}
	s.text(t)
}

// amount fills both columns of an amount.
func (s *sheet[T]) amount(a *chain.Amount) {
	if d, ok := NewDecimal(a); ok {
		from := len(s.arena)
		s.arena = append(s.arena, d[:]...)
		s.put(parquet.FixedLenByteArrayValue(s.arena[from:]))
	} else {
		s.null()
	}
	from := len(s.arena)
	s.arena = appendAmount(s.arena, a)
	s.put(parquet.ByteArrayValue(s.arena[from:]))
}

// amountUnless is amount, null in both columns where it is not known.
func (s *sheet[T]) amountUnless(unknown bool, a *chain.Amount) {
	if unknown {
		s.null()
		s.null()
		return
	}
	s.amount(a)
}

// end ends the row.
func (s *sheet[T]) end(ctx context.Context) error {
	s.at = 0
	s.staged++
	if s.staged == batchRows {
		return s.flush(ctx)
	}
	return nil
}

// flush hands the staged rows over.
func (s *sheet[T]) flush(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for i := range s.columns {
		c := &s.columns[i]
		if _, err := c.writer.WriteRowValues(c.cells[:s.staged]); err != nil {
			return err
		}
	}
	s.arena = s.arena[:0]
	s.rows += int64(s.staged)
	s.group += s.staged
	s.staged = 0
	if s.group == rowGroup {
		s.group = 0
		return s.w.Flush()
	}
	return nil
}

// close writes the rest and gives the file its name.
func (s *sheet[T]) close(ctx context.Context) (File, error) {
	if s.staged > 0 {
		if err := s.flush(ctx); err != nil {
			return File{}, s.fail(err)
		}
	}
	return s.finish(ctx)
}
