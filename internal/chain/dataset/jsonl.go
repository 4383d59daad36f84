package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// jsonRows reads one JSON object a line. Duplicate names and invalid UTF-8 are
// errors; so is a mandatory name that is absent. Names not read are ignored.
type jsonRows struct {
	lines   *lines
	columns []column
	places  map[string]int
	// fields are the places of the fields of list columns, by column name.
	fields  map[string]map[string]int
	buffer  bytes.Buffer
	decoder *jsontext.Decoder
}

func newJSONRows(l *lines, columns []column) *jsonRows {
	fields := map[string]map[string]int{}
	for _, c := range columns {
		if c.fields != nil {
			fields[c.name] = placesOf(c.fields)
		}
	}
	return &jsonRows{
		lines: l, columns: columns, places: placesOf(columns), fields: fields,
		decoder: jsontext.NewDecoder(&bytes.Buffer{}),
	}
}

func placesOf(columns []column) map[string]int {
	places := make(map[string]int, len(columns))
	for i, c := range columns {
		places[c.name] = i
	}
	return places
}

func (j *jsonRows) next(r *row) error {
	r.reset()
	var line []byte
	for len(line) == 0 {
		var err error
		if line, err = j.lines.read(false); err != nil {
			r.line = j.lines.line
			return err
		}
		line = bytes.TrimSpace(line)
	}
	r.line = j.lines.line
	if line[0] == '[' {
		return errors.New("is a JSON array; write one object a line (jq -c '.[]')")
	}
	if line[0] != '{' {
		return errors.New("is not a JSON object")
	}
	j.buffer = *bytes.NewBuffer(line)
	j.decoder.Reset(&j.buffer)
	err := j.object(r, r.cells, j.columns, j.places)
	if err == nil {
		if _, err = j.decoder.ReadToken(); err == io.EOF {
			err = nil
		} else if err == nil {
			err = errors.New("text behind the JSON object")
		}
	}
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("the JSON object does not end; the line is truncated")
	}
	return err
}

// object reads an object into one cell for each column.
func (j *jsonRows) object(r *row, cells []cell, columns []column, places map[string]int) error {
	if _, err := j.decoder.ReadToken(); err != nil {
		return err
	}
	var present uint64
	for {
		if j.decoder.PeekKind() == '}' {
			if _, err := j.decoder.ReadToken(); err != nil {
				return err
			}
			for i, c := range columns {
				if r.names != nil && len(columns) == len(r.names) && present>>i&1 == 1 {
					r.names[i] = true
				}
				if c.must && present>>i&1 == 0 {
					return fmt.Errorf("%s: the name is missing", c.name)
				}
			}
			return nil
		}
		name, err := j.decoder.ReadValue()
		if err != nil {
			return err
		}
		at, wanted := places[string(unquoted(name))]
		if !wanted {
			if err := j.decoder.SkipValue(); err != nil {
				return err
			}
			continue
		}
		present |= 1 << at
		if err := j.value(r, &cells[at], &columns[at]); err != nil {
			return err
		}
	}
}

func unquoted(v jsontext.Value) []byte {
	if len(v) >= 2 && v[0] == '"' && bytes.IndexByte(v, '\\') < 0 {
		return v[1 : len(v)-1]
	}
	b, _ := jsontext.AppendUnquote(nil, v)
	return b
}

// value reads any JSON value: scalars as text, lists as the column says.
func (j *jsonRows) value(r *row, c *cell, col *column) error {
	c.kind = null
	switch kind := j.decoder.PeekKind(); kind {
	case 'n':
		return j.decoder.SkipValue()
	case '"', '0', 't', 'f':
		v, err := j.decoder.ReadValue()
		if err != nil {
			return err
		}
		b := []byte(v)
		if kind == '"' {
			b = unquoted(v)
		}
		if len(b) > 0 {
			c.kind, c.b = text, r.keep(b)
		}
		return nil
	case '[':
		if !col.list {
			return fmt.Errorf("%s: is a list", col.name)
		}
		return j.list(r, c, col)
	case '{':
		return fmt.Errorf("%s: is an object", col.name)
	}
	_, err := j.decoder.ReadToken()
	if err == nil {
		err = errors.New("is not JSON")
	}
	return err
}

func (j *jsonRows) list(r *row, c *cell, col *column) error {
	if _, err := j.decoder.ReadToken(); err != nil {
		return err
	}
	c.open()
	places := j.fields[col.name]
	for j.decoder.PeekKind() != ']' {
		e := c.push()
		if col.fields == nil {
			if err := j.value(r, e, &column{name: col.name}); err != nil {
				return err
			}
			continue
		}
		if j.decoder.PeekKind() != '{' {
			if j.decoder.PeekKind() == 0 {
				_, err := j.decoder.ReadToken()
				return err
			}
			return fmt.Errorf("%s: is not a list of objects", col.name)
		}
		e.fields(len(col.fields))
		if err := j.object(r, e.items, col.fields, places); err != nil {
			return err
		}
	}
	_, err := j.decoder.ReadToken()
	return err
}
