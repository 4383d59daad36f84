package compound

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
)

// table is a CSV file in memory.
type table struct {
	bytes.Buffer
	csv *csv.Writer
}

func newTable(columns ...string) *table {
	t := &table{}
	t.csv = csv.NewWriter(&t.Buffer)
	t.row(anys(columns)...)
	return t
}

func anys(s []string) []any {
	out := make([]any, len(s))
	for i, v := range s {
		out[i] = v
	}
	return out
}

// row writes one row; amounts in base 10.
func (t *table) row(cells ...any) {
	out := make([]string, len(cells))
	for i, c := range cells {
		switch v := c.(type) {
		case string:
			out[i] = v
		case amount:
			out[i] = v.Dec()
		default:
			out[i] = fmt.Sprint(v)
		}
	}
	_ = t.csv.Write(out) // memory does not fail
}

func (t *table) bytes() []byte {
	t.csv.Flush()
	return t.Bytes()
}

// gzipped compresses without a time or a name, so that equal data is equal
// bytes.
func gzipped(data []byte) []byte {
	var out bytes.Buffer
	z, _ := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	_, _ = z.Write(data)
	_ = z.Close()
	return out.Bytes()
}
