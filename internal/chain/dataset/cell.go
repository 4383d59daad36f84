package dataset

// cellKind says what a cell holds, so that one decoder serves all formats.
type cellKind uint8

const (
	null    cellKind = iota // NULL, or empty text
	text                    // b: text, or the digits of a JSON number
	integer                 // n, of the given scale
	double                  // f
	decimal                 // b: big-endian two's complement, of the given scale
	moment                  // n: seconds since 1970 UTC
	list                    // items, in order
	record                  // items, in the order of the column's fields
)

// cell is one value of a row. Its bytes belong to the reader and are valid
// until the next row.
type cell struct {
	kind  cellKind
	scale int
	b     []byte
	n     int64
	f     float64
	items []cell
}

// row is one row of a table: a cell for each column of the table's layout.
type row struct {
	file       string
	line       int64 // 1-based: a line of text, or a row of Parquet
	number     int64 // 0-based row of the file, headers not counted
	rowNumbers bool
	cells      []cell
	// touched are the addresses found by layout.touch.
	touched [][]byte
	arena   []byte
	// names, if not nil, notes which columns a JSON row has.
	names []bool
}

// keep copies bytes to memory that lives as long as the row.
func (r *row) keep(b []byte) []byte {
	n := len(r.arena)
	r.arena = append(r.arena, b...)
	return r.arena[n:len(r.arena):len(r.arena)]
}

// reset forgets the last row. The arena may have been grown elsewhere by then;
// only its newest block is kept.
func (r *row) reset() {
	r.arena = r.arena[:0]
	for i := range r.cells {
		r.cells[i].kind = null
	}
}

// push lengthens a list by one cell, reusing what is there.
func (c *cell) push() *cell {
	if len(c.items) < cap(c.items) {
		c.items = c.items[:len(c.items)+1]
	} else {
		c.items = append(c.items, cell{})
	}
	e := &c.items[len(c.items)-1]
	e.kind, e.b = null, nil
	return e
}

// open makes the cell an empty list.
func (c *cell) open() { c.kind, c.items = list, c.items[:0] }

// fields makes the cell a record of n NULL fields.
func (c *cell) fields(n int) {
	c.kind = record
	if cap(c.items) < n {
		c.items = make([]cell, n)
	}
	c.items = c.items[:n]
	for i := range c.items {
		c.items[i].kind = null
	}
}
