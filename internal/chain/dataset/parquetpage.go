package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
)

// values are the defined values of one page or dictionary, read in place.
type values struct {
	leaf    *leaf
	data    []byte
	offsets []uint32
	// gap is how many bytes lie between two texts; own says that offsets are not
	// the library's.
	gap     uint32
	own     bool
	width   int
	int32s  []int32
	int64s  []int64
	floats  []float32
	doubles []float64
	int96s  []deprecated.Int96
	truths  []bool
	// indexes point into the dictionary, if the page has one.
	indexes    []int32
	dictionary *values
	of         parquet.Dictionary
}

// load looks into a page. Its memory must stay until the next load.
func (v *values) load(page parquet.Page) error {
	v.indexes = nil
	if d := page.Dictionary(); d != nil {
		data := page.Data()
		v.indexes = data.Int32()
		if v.of != d {
			v.of, v.dictionary = d, &values{leaf: v.leaf}
			return v.dictionary.plain(d.Page())
		}
		return nil
	}
	return v.plain(page)
}

func (v *values) plain(page parquet.Page) error {
	if v.leaf.physical == parquet.Boolean {
		return v.booleans(page)
	}
	data := page.Data()
	switch v.leaf.physical {
	case parquet.Int32:
		v.int32s = data.Int32()
	case parquet.Int64:
		v.int64s = data.Int64()
	case parquet.Int96:
		v.int96s = data.Int96()
	case parquet.Float:
		v.floats = data.Float()
	case parquet.Double:
		v.doubles = data.Double()
	case parquet.ByteArray:
		v.data, v.offsets = data.ByteArray()
		v.gap, v.own = 0, false
	case parquet.FixedLenByteArray:
		v.data, v.width = data.FixedLenByteArray()
	default:
		return fmt.Errorf("values of physical type %s", v.leaf.physical)
	}
	return nil
}

// booleans are packed in bits whose offset a sliced page hides; they are few
// enough to take the slow way.
func (v *values) booleans(page parquet.Page) error {
	v.truths = v.truths[:0]
	var buffer [256]parquet.Value
	for reader := page.Values(); ; {
		n, err := reader.ReadValues(buffer[:])
		for _, b := range buffer[:n] {
			if !b.IsNull() {
				v.truths = append(v.truths, b.Boolean())
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// julianEpoch is the Julian day of 1970-01-01, which Int96 times count from.
const julianEpoch = 2440588

// text is the i-th text.
func (v *values) text(i int) []byte { return v.data[v.offsets[i] : v.offsets[i+1]-v.gap] }

// at reads the i-th defined value into a cell.
func (v *values) at(i int, c *cell) {
	if v.indexes != nil {
		v.dictionary.at(int(v.indexes[i]), c)
		return
	}
	c.scale = v.leaf.scale
	switch v.leaf.physical {
	case parquet.Boolean:
		c.kind, c.n, c.scale = integer, 0, 0
		if v.truths[i] {
			c.n = 1
		}
		return
	case parquet.Int32:
		c.kind, c.n = integer, int64(v.int32s[i])
	case parquet.Int64:
		c.kind, c.n = integer, v.int64s[i]
	case parquet.Int96:
		t := v.int96s[i]
		nanos := int64(t[1])<<32 | int64(t[0])
		c.kind, c.n = moment, (int64(t[2])-julianEpoch)*86400+nanos/1e9
	case parquet.Float:
		c.kind, c.f = double, float64(v.floats[i])
	case parquet.Double:
		c.kind, c.f = double, v.doubles[i]
	case parquet.ByteArray:
		c.b = v.text(i)
		c.kind = text
		if v.leaf.meaning == asBig {
			c.kind = decimal
		} else if len(c.b) == 0 {
			c.kind = null
		}
	case parquet.FixedLenByteArray:
		c.b, c.kind = v.data[i*v.width:(i+1)*v.width], decimal
		if v.leaf.unsigned {
			c.scale = -1
		}
	}
	if v.leaf.meaning == asMoment {
		c.kind, c.n = moment, floorDiv(c.n, v.leaf.perSecond)
	}
}

func floorDiv(a, b int64) int64 {
	if a < 0 {
		return -((-a + b - 1) / b)
	}
	return a / b
}

// pages walks the pages of one column of a row group.
type pages struct {
	leaf     *leaf
	pages    parquet.Pages
	page     parquet.Page
	seekable bool
	plain    *plainPages // nil if the library reads the pages
	// start and end are the rows of the page, counted in the row group.
	start, end int64
	values     values
}

func openPages(in io.ReaderAt, group parquet.RowGroup, l *leaf) *pages {
	chunk := group.ColumnChunks()[l.index]
	// Without a page index a seek would read from the column's beginning.
	index, err := chunk.OffsetIndex()
	p := &pages{leaf: l, seekable: err == nil && index != nil && index.NumPages() > 0, values: values{leaf: l}}
	if p.seekable {
		p.plain = newPlainPages(in, group, l, index)
	}
	p.pages = chunk.Pages()
	return p
}

func (p *pages) close() {
	if p.page != nil {
		parquet.Release(p.page)
		p.page = nil
	}
	p.pages.Close()
}

// next reads the next page, or the one that holds the row if there is an index
// to find it with.
func (p *pages) next(row int64) error {
	if p.page != nil {
		parquet.Release(p.page)
		p.page = nil
	}
	if p.plain != nil {
		start, end, ok, err := p.plain.next(max(row, p.end), &p.values)
		if err != nil {
			return err
		}
		if ok {
			p.start, p.end = start, end
			return nil
		}
		p.plain, p.start = nil, p.end
		if err := p.pages.SeekToRow(p.end); err != nil {
			return err
		}
	}
	p.start = p.end
	if p.seekable && row > p.end {
		if err := p.pages.SeekToRow(row); err != nil {
			return err
		}
		p.start = row
	}
	page, err := p.pages.ReadPage()
	if err != nil {
		return err
	}
	p.page, p.end = page, p.start+page.NumRows()
	return p.values.load(page)
}

// view reads a plain column row by row, forward or back within a page.
type view struct {
	pages
	levels []byte
	// at and rank are the row read last and how many values lie before it; the
	// test of keys has its own pair, because it runs ahead.
	at, tested       int64
	rank, testedRank int
	// verdicts are what is known of each entry of the dictionary judged. noted
	// says that the chunk's index holds the entries with a verdict.
	judged   *values
	verdicts []uint8
	noted    bool
}

// load makes the page with the row current.
func (v *view) load(row int64) error {
	for row >= v.end {
		if err := v.next(row); err != nil {
			if err == io.EOF {
				return errors.New("the column ends too early")
			}
			return err
		}
		if v.levels = nil; v.page != nil {
			v.levels = v.page.DefinitionLevels()
		}
		v.at, v.tested, v.rank, v.testedRank = v.start, v.start, 0, 0
	}
	return nil
}

// cell reads one row of the column.
func (v *view) cell(row int64, c *cell) error {
	if err := v.load(row); err != nil {
		return err
	}
	if len(v.levels) == 0 {
		v.values.at(int(row-v.start), c)
		return nil
	}
	if row < v.at {
		v.at, v.rank = v.start, 0
	}
	v.rank += bytes.Count(v.levels[v.at-v.start:row-v.start], []byte{v.leaf.top})
	v.at = row
	if v.levels[row-v.start] != v.leaf.top {
		c.kind = null
		return nil
	}
	v.values.at(v.rank, c)
	return nil
}
