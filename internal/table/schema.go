package table

import (
	"encoding/json"
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

// JSONSchema is the JSON Schema of a row, as engines export it: integers that
// may pass 2^53 and decimals as text.
func JSONSchema(t Table) ([]byte, error) {
	type property struct {
		Type        any    `json:"type"`
		Format      string `json:"format,omitempty"`
		Description string `json:"description"`
		Unit        string `json:"x-unit,omitempty"`
	}
	properties := make(map[string]property, len(t.Columns))
	required := make([]string, 0, len(t.Columns))
	for _, c := range t.Columns {
		p := property{Description: c.Doc, Unit: c.Unit}
		kind := "string"
		switch c.Type {
		case Int:
			kind = "integer"
		case Bool:
			kind = "boolean"
		case Float:
			kind = "number"
		case Timestamp:
			p.Format = "date-time"
		case Amount, Text:
		}
		p.Type = kind
		if c.Nullable {
			p.Type = []string{kind, "null"}
		} else {
			required = append(required, c.Name)
		}
		properties[c.Name] = p
	}
	return json.MarshalIndent(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": t.Name, "description": t.Doc,
		"type": "object", "properties": properties, "required": required, "additionalProperties": false,
	}, "", "  ")
}
