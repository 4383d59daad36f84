package table

import (
	"errors"
	"io"
	"path/filepath"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// amounts compares every decimal with its exact text, column by column.
func (c *checker) amounts() error {
	for _, group := range c.m.Tables {
		t, ok := Find(group.Name)
		if !ok {
			continue
		}
		for _, f := range group.Files {
			for i, column := range t.Columns {
				if column.Type != Amount {
					continue
				}
				signed := column.Name == "difference"
				if err := c.amountColumn(f, i, signed); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// amountColumn reads the decimals of column i and the texts of column i+1 side
// by side.
func (c *checker) amountColumn(f File, i int, signed bool) error {
	file, err := openFile(filepath.Join(c.dir, filepath.FromSlash(f.Path)))
	if err != nil {
		return err
	}
	defer file.Close()
	row := int64(0)
	for _, group := range file.RowGroups() {
		chunks := group.ColumnChunks()
		values, texts := newCells(chunks[i]), newCells(chunks[i+1])
		err := func() error {
			defer values.close()
			defer texts.close()
			for {
				if row%4096 == 0 && c.ctx.Err() != nil {
					return c.ctx.Err()
				}
				v, more, err := values.next()
				if err != nil || !more {
					return err
				}
				t, _, err := texts.next()
				if err != nil {
					return err
				}
				if why := wrongAmount(v, t, signed); why != "" {
					c.find(f.Path, "row %d, %s: %s", row, chunks[i].Type(), why)
				}
				row++
			}
		}()
		if err != nil {
			return err
		}
	}
	return nil
}

// wrongAmount says what is wrong with a decimal and its text, if anything.
func wrongAmount(v, text parquet.Value, signed bool) string {
	if text.IsNull() {
		if !v.IsNull() {
			return "a value without its exact text"
		}
		return ""
	}
	exact := string(text.ByteArray())
	digits := exact
	if signed {
		digits = strings.TrimPrefix(exact, "-")
	}
	a, err := chain.ParseAmount(digits)
	if err != nil {
		return err.Error()
	}
	if string(appendAmount(nil, &a)) != digits || exact == "-0" {
		return "the exact text " + exact + " is not written the one way"
	}
	_, fits := NewDecimal(&a)
	if v.IsNull() {
		if fits {
			return "null, although " + exact + " fits"
		}
		return ""
	}
	if b := v.ByteArray(); len(b) != 16 || Decimal(b).String() != exact {
		return "the value is not " + exact
	}
	return ""
}

// cells reads one column of a row group cell by cell.
type cells struct {
	pages  parquet.Pages
	page   parquet.Page
	values parquet.ValueReader
	buf    []parquet.Value
	at, n  int
}

func newCells(chunk parquet.ColumnChunk) *cells {
	return &cells{pages: chunk.Pages(), buf: make([]parquet.Value, 512)}
}

func (c *cells) next() (v parquet.Value, more bool, err error) {
	for c.at == c.n {
		if err := guard(c.fill); err != nil {
			if errors.Is(err, io.EOF) {
				return v, false, nil
			}
			return v, false, err
		}
	}
	c.at++
	return c.buf[c.at-1], true, nil
}

// fill reads the next values; the page stays until they are used up.
func (c *cells) fill() error {
	c.at, c.n = 0, 0
	for {
		if c.values != nil {
			n, err := c.values.ReadValues(c.buf)
			if n > 0 {
				c.n = n
				return nil
			}
			if err != nil && !errors.Is(err, io.EOF) {
				return err
			}
			parquet.Release(c.page)
			c.page, c.values = nil, nil
		}
		page, err := c.pages.ReadPage()
		if err != nil {
			return err
		}
		c.page, c.values = page, page.Values()
	}
}

func (c *cells) close() {
	if c.page != nil {
		parquet.Release(c.page)
	}
	c.pages.Close()
}
