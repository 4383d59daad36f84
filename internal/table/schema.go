package table

import (
	"fmt"
	"strings"
)

// Schema is the documentation of a table as plain text.
func Schema(t Table) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n  %s\n  key: %s\n  order: %s\n\n", t.Name, t.Doc, strings.Join(t.Key, ", "), t.Order)
	name, typ := 0, 0
	for _, c := range t.Columns {
		name, typ = max(name, len(c.Name)), max(typ, len(c.kind()))
	}
	for _, c := range t.Columns {
		doc := c.Doc
		if c.Unit != "" {
			doc = "[" + c.Unit + "] " + doc
		}
		fmt.Fprintf(&b, "  %-*s  %-*s  %s\n", name, c.Name, typ, c.kind(), doc)
	}
	return b.String()
}

// kind is the type with a question mark where there may be null.
func (c Column) kind() string {
	if c.Nullable {
		return string(c.Type) + "?"
	}
	return string(c.Type)
}

// Markdown is the table of all tables, for a README.
func Markdown() string {
	var b strings.Builder
	b.WriteString("| table | one row is named by | what it tells |\n|---|---|---|\n")
	for _, t := range All() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", t.Name, strings.Join(t.Key, ", "), t.Doc)
	}
	return b.String()
}
