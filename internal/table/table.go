package table

import (
	"reflect"
	"slices"

	"github.com/parquet-go/parquet-go"
)

// SchemaVersion is written into every file and the manifest. It grows when a
// column is appended; columns are never renamed, retyped, moved or dropped.
const SchemaVersion = 1

// Table describes one published table.
type Table struct {
	// Name is the table's name and folder.
	Name string
	// Doc is one sentence for people.
	Doc string
	// Since is the first schema version that has the table.
	Since int
	// Columns are the columns in the order of the files.
	Columns []Column
	// Key are the columns that name a row.
	Key []string
	// Order says how the rows are sorted inside a file.
	Order string
	// Blooms are the columns that have a bloom filter.
	Blooms []string

	row     reflect.Type // the row struct, whose tags are the physical schema
	repeats []string     // columns whose values come again and again: see sheet
}

// Column describes one column.
type Column struct {
	Name string
	Type Type
	// Unit is the unit of a number or time, or empty.
	Unit string
	// Nullable columns hold null where Doc says that there is nothing to tell.
	Nullable bool
	// Doc is what the column means.
	Doc string
}

// Type is a column's type, as the readers see it.
type Type string

// The types of columns. There are no others: each of these is read alike by
// every engine.
const (
	Text      Type = "string"
	Int       Type = "int64"
	Bool      Type = "boolean"
	Float     Type = "double"
	Timestamp Type = "timestamp(us, UTC)"
	Amount    Type = "decimal(38,0)"
)

// All lists the tables, by the order in which a reader meets them: the case,
// the evidence, what was not seen, who is who, where the money went.
func All() []Table {
	return []Table{
		seeds(), visits(), coverage(), transfers(), entries(), flows(),
		labels(), links(), clusters(), taint(), endpoints(), conservation(),
	}
}

// Find returns the table of a name.
func Find(name string) (Table, bool) {
	all := All()
	i := slices.IndexFunc(all, func(t Table) bool { return t.Name == name })
	if i < 0 {
		return Table{}, false
	}
	return all[i], true
}

// Row is a row of one table.
type Row[T any] interface {
	// Table is the table of the row.
	Table() Table
	// compare puts rows in the table's order.
	compare(T) int
}

func (t Table) schema() *parquet.Schema {
	return parquet.NewSchema(t.Name, parquet.SchemaOf(reflect.New(t.row).Interface()))
}

// amountColumns are the two columns of an amount.
func amountColumns(name string, nullable bool, doc string) []Column {
	exact := "Exact base-10 text of " + name + "."
	if nullable {
		exact = "Exact base-10 text of " + name + "; null where it is not known."
	}
	return []Column{
		{name, Amount, "base units", true, doc + " Null where it needs more than 38 digits" + orUnknown(nullable) + "."},
		{name + "_lossless", Text, "base units", nullable, exact},
	}
}

func orUnknown(nullable bool) string {
	if nullable {
		return " or is not known"
	}
	return ""
}
