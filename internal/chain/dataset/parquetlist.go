package dataset

import (
	"errors"
	"io"

	"github.com/parquet-go/parquet-go"
)

// cursor reads a column inside a list, row by row and only forward.
type cursor struct {
	pages
	repetition, definition []byte
	place, value           int
	row                    int64 // the next to be read
	ended                  bool
}

func openCursor(in io.ReaderAt, group parquet.RowGroup, l *leaf) *cursor {
	return &cursor{pages: *openPages(in, group, l)}
}

// turn goes to the next page; ended is set behind the last.
func (c *cursor) turn(row int64) error {
	err := c.next(row)
	if err == io.EOF {
		c.ended = true
		return nil
	}
	if err != nil {
		return err
	}
	c.repetition, c.definition = c.page.RepetitionLevels(), c.page.DefinitionLevels()
	c.place, c.value = 0, 0
	return nil
}

// seek goes forward to a row.
func (c *cursor) seek(row int64) error {
	if c.seekable && row >= c.end && row > c.row {
		c.place, c.definition = 0, nil
		if err := c.turn(row); err != nil {
			return err
		}
		c.row = row
	}
	for c.row < row {
		if err := c.read(nil); err != nil {
			return err
		}
	}
	return nil
}

// read visits the values of one row: their levels, and the place of the value
// in c.values where it is defined. visit may be nil.
func (c *cursor) read(visit func(repetition, definition byte)) error {
	for first := true; ; first = false {
		for c.place >= len(c.definition) && !c.ended {
			// Pages of an older format may break in the middle of a row, so
			// the end of a page is not the end of a row.
			if err := c.turn(0); err != nil {
				return err
			}
		}
		if c.ended {
			if first {
				return errors.New("the column ends too early")
			}
			break
		}
		r, d := c.repetition[c.place], c.definition[c.place]
		if first && r != 0 {
			return errors.New("a row begins in the middle of a list")
		}
		if !first && r == 0 {
			break
		}
		if visit != nil {
			visit(r, d)
		}
		c.place++
		if d == c.leaf.top {
			c.value++
		}
	}
	c.row++
	return nil
}

// assemble reads the leaf's share of a row into the cell of its column.
func (c *cursor) assemble(at int64, r *row) error {
	if err := c.seek(at); err != nil {
		return err
	}
	column := &r.cells[c.leaf.column]
	if column.kind != list {
		column.open()
	}
	l, n := c.leaf, -1
	return c.read(func(repetition, definition byte) {
		if l.field < 0 {
			if definition >= l.outer {
				c.take(definition, r, column.push())
			}
			return
		}
		if repetition <= 1 {
			n++
		}
		if definition < l.outer {
			return
		}
		for len(column.items) <= n {
			column.push().fields(ioFields)
		}
		target := &column.items[n].items[l.field]
		if l.inner == 0 {
			c.take(definition, r, target)
			return
		}
		if repetition <= 1 {
			target.open()
		}
		if definition >= l.inner {
			c.take(definition, r, target.push())
		}
	})
}

// take copies the current value: the page may be gone before the row is told.
func (c *cursor) take(definition byte, r *row, to *cell) {
	if definition != c.leaf.top {
		to.kind = null
		return
	}
	c.values.at(c.value, to)
	if to.kind == text || to.kind == decimal {
		to.b = r.keep(to.b)
	}
}
