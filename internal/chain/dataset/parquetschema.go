package dataset

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// parquetFile is what is known of a Parquet file's schema and row groups.
type parquetFile struct {
	leaves []leaf
	// sections are groups of row groups, each read by one part.
	sections []section
	rows     int64
}

// section is a run of row groups, the last excluded, and their rows.
type section struct {
	first, last int
	from, to    int64
}

// leaf is a physical column and its place in the layout.
type leaf struct {
	column int // of the layout
	field  int // of a list of records, else -1
	index  int // of the file
	name   string
	// nested says that a row has a list of values. outer and inner are the
	// definition levels from which an element of the first and second list
	// exists; inner is 0 for a single list.
	nested            bool
	outer, inner, top byte
	key, given        bool
	meaning           meaning
	scale             int
	perSecond         int64
	unsigned          bool
	physical          parquet.Kind
}

// meaning is how a physical value is understood.
type meaning uint8

const (
	asText meaning = iota
	asInteger
	asFloat
	asBig
	asMoment
	asInt96
	asTruth
)

// rowsAPart is how many rows small row groups are gathered to for one part.
const rowsAPart = 1 << 18

func (f *file) openParquet() (*os.File, *parquet.File, error) {
	in, err := f.open()
	if err != nil {
		return nil, nil, err
	}
	p, err := parquet.OpenFile(in, f.size,
		// Only the index of columns that are read is wanted, and no bloom
		// filter: they are asked for by column.
		parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true),
		parquet.ReadBufferSize(256<<10))
	if err != nil {
		in.Close()
		return nil, nil, bad(f.name, "is not a complete Parquet file: %v", err)
	}
	return in, p, nil
}

// examineParquet resolves the layout's columns in the schema.
func (f *file) examineParquet() (err error) {
	defer f.rescue(&err)
	in, p, err := f.openParquet()
	if err != nil {
		return err
	}
	defer in.Close()
	f.has = make([]bool, len(f.layout.columns))
	info := &parquetFile{rows: p.NumRows()}
	var names []string
	for _, col := range p.Root().Columns() {
		names = append(names, col.Name())
		at := f.layout.column(col.Name())
		if at < 0 {
			continue
		}
		want := &f.layout.columns[at]
		leaves, err := resolve(col, want)
		if err != nil {
			return bad(f.name, "column %s: %v", col.Name(), err)
		}
		for _, l := range leaves {
			l.column = at
			info.leaves = append(info.leaves, l)
		}
		f.has[at] = true
	}
	if err := f.lacking(f.name, names); err != nil {
		return err
	}
	row := int64(0)
	for i, g := range p.RowGroups() {
		last := len(info.sections) - 1
		n := g.NumRows()
		if last >= 0 && info.sections[last].to-info.sections[last].from+n <= rowsAPart {
			info.sections[last].last, info.sections[last].to = i+1, row+n
		} else {
			info.sections = append(info.sections, section{i, i + 1, row, row + n})
		}
		row += n
	}
	f.parquet = info
	return nil
}

// rescue turns a panic of the Parquet library, which damaged pages can cause,
// into an error of the file.
func (f *file) rescue(err *error) {
	if r := recover(); r != nil {
		*err = bad(f.name, "is damaged: %v", r)
	}
}

// floats reports whether a column of the layout holds floats.
func (p *parquetFile) floats(column int) bool {
	for _, l := range p.leaves {
		if l.column == column && l.field < 0 && l.meaning == asFloat {
			return true
		}
	}
	return false
}

// leaf finds the plain column of the layout, nil if the file has none.
func (p *parquetFile) leaf(column int) *leaf {
	for i := range p.leaves {
		if l := &p.leaves[i]; l.column == column && l.field < 0 {
			return l
		}
	}
	return nil
}

// resolve finds the leaves of one column of the layout.
func resolve(col *parquet.Column, want *column) ([]leaf, error) {
	if col.Leaf() && !col.Repeated() {
		if want.fields != nil {
			return nil, errors.New("is not a list of records")
		}
		l, err := newLeaf(col, want)
		return []leaf{l}, err
	}
	if !want.list {
		return nil, fmt.Errorf("is %s, not a plain column", kindOf(col))
	}
	element, outer, err := elementOf(col)
	if err != nil {
		return nil, err
	}
	if want.fields == nil {
		if !element.Leaf() {
			return nil, errors.New("is a list of records, not of values")
		}
		l, err := newLeaf(element, want)
		l.nested, l.outer = true, outer
		return []leaf{l}, err
	}
	if element.Leaf() {
		return nil, errors.New("is a list of values, not of records")
	}
	return resolveFields(element, want, outer)
}

func resolveFields(element *parquet.Column, want *column, outer byte) ([]leaf, error) {
	var out []leaf
	var names []string
	addressed := false
	for _, child := range element.Columns() {
		names = append(names, child.Name())
	}
	for at := range want.fields {
		field := &want.fields[at]
		child := element.Column(field.name)
		if child == nil {
			if field.must {
				return nil, fmt.Errorf("field %s is missing; it has %s", field.name, strings.Join(names, ", "))
			}
			continue
		}
		addressed = addressed || field.key
		inner := byte(0)
		if field.list {
			var err error
			if child, inner, err = elementOf(child); err != nil {
				return nil, fmt.Errorf("field %s: %w", field.name, err)
			}
		}
		if !child.Leaf() || child.Repeated() && inner == 0 {
			return nil, fmt.Errorf("field %s is %s, not a plain column", field.name, kindOf(child))
		}
		l, err := newLeaf(child, field)
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", field.name, err)
		}
		l.field, l.nested, l.outer, l.inner = at, true, outer, inner
		out = append(out, l)
	}
	if !addressed {
		return nil, fmt.Errorf("has neither addresses nor address; it has %s", strings.Join(names, ", "))
	}
	return out, nil
}

// elementOf finds the element of a list: of the standard three levels, of the
// two levels of older writers, or of a bare repeated column. exists is the
// definition level from which there is an element.
func elementOf(col *parquet.Column) (element *parquet.Column, exists byte, err error) {
	if col.Repeated() {
		return col, byte(col.MaxDefinitionLevel()), nil
	}
	children := col.Columns()
	if len(children) != 1 || !children[0].Repeated() {
		return nil, 0, fmt.Errorf("is %s, not a list", kindOf(col))
	}
	repeated := children[0]
	exists = byte(repeated.MaxDefinitionLevel())
	if inside := repeated.Columns(); len(inside) == 1 {
		return inside[0], exists, nil
	}
	return repeated, exists, nil
}

func kindOf(col *parquet.Column) string {
	if col.Leaf() {
		return "a list of " + col.Type().String()
	}
	return "a group"
}

// newLeaf decides how a physical column is understood.
func newLeaf(col *parquet.Column, want *column) (leaf, error) {
	t := col.Type()
	l := leaf{
		field: -1, index: col.Index(), name: want.name, key: want.key, given: want.given,
		top: byte(col.MaxDefinitionLevel()), physical: t.Kind(),
	}
	decimal, timestamp := false, int64(0)
	if logical := t.LogicalType(); logical != nil {
		switch v := logical.Value.(type) {
		case *format.DecimalType:
			decimal, l.scale = true, int(v.Scale)
		case *format.TimestampType:
			switch v.Unit.Value.(type) {
			case *format.MilliSeconds:
				timestamp = 1e3
			case *format.MicroSeconds:
				timestamp = 1e6
			case *format.NanoSeconds:
				timestamp = 1e9
			}
		}
	}
	if converted := t.ConvertedType(); converted != nil && timestamp == 0 {
		switch *converted {
		case deprecated.TimestampMillis:
			timestamp = 1e3
		case deprecated.TimestampMicros:
			timestamp = 1e6
		}
	}
	switch l.physical {
	case parquet.Boolean:
		l.meaning = asTruth
	case parquet.Int32, parquet.Int64:
		l.meaning = asInteger
		if timestamp > 0 {
			l.meaning, l.perSecond = asMoment, timestamp
		}
	case parquet.Int96:
		l.meaning = asInt96
	case parquet.Float, parquet.Double:
		l.meaning = asFloat
	case parquet.ByteArray, parquet.FixedLenByteArray:
		l.meaning = asText
		if decimal {
			l.meaning = asBig
		} else if l.physical == parquet.FixedLenByteArray {
			l.meaning, l.unsigned = asBig, true
		}
	}
	if want.key && (l.meaning != asText) {
		return l, fmt.Errorf("holds %s; addresses are read as text", t)
	}
	return l, nil
}
