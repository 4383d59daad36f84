package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// rows reads the rows of a text file one by one.
type rows interface {
	// next fills r.cells from one row. It returns io.EOF at the end, and errors
	// without place: the caller has r.
	next(r *row) error
}

// csvRows reads RFC 4180 text with a header. Empty fields are NULL.
type csvRows struct {
	lines *lines
	// to is the layout's column of each field, -1 for fields not read.
	to []int
}

// readHeader reads the first row of a CSV file.
func readHeader(l *lines) ([]string, error) {
	line, err := l.read(true)
	if err == io.EOF || (err == nil && len(line) == 0) {
		return nil, errors.New("the file has no header line")
	}
	if err != nil {
		return nil, err
	}
	line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(line) {
		return nil, errors.New("is not UTF-8 text")
	}
	r := &row{}
	var names []string
	for rest, more := line, true; more; {
		var field []byte
		if field, rest, more, err = cutField(r, rest); err != nil {
			return nil, err
		}
		names = append(names, string(bytes.TrimSpace(field)))
	}
	return names, nil
}

func (c *csvRows) next(r *row) error {
	r.reset()
	var line []byte
	for len(line) == 0 {
		var err error
		if line, err = c.lines.read(true); err != nil {
			r.line = c.lines.line
			return err
		}
	}
	r.line = c.lines.line
	if !utf8.Valid(line) {
		return errors.New("is not UTF-8 text")
	}
	quoted := bytes.IndexByte(line, '"') >= 0
	at := 0
	for rest, more := line, true; more; at++ {
		var field []byte
		if quoted {
			var err error
			if field, rest, more, err = cutField(r, rest); err != nil {
				return err
			}
		} else if n := bytes.IndexByte(rest, ','); n >= 0 {
			field, rest = rest[:n], rest[n+1:]
		} else {
			field, more = rest, false
		}
		if at < len(c.to) && c.to[at] >= 0 && len(field) > 0 {
			cell := &r.cells[c.to[at]]
			cell.kind, cell.b = text, field
		}
	}
	if at != len(c.to) {
		return fmt.Errorf("%d fields; the header has %d", at, len(c.to))
	}
	return nil
}

// cutField cuts one field that may be quoted. more says that a comma followed.
func cutField(r *row, b []byte) (field, rest []byte, more bool, err error) {
	if len(b) == 0 || b[0] != '"' {
		n := bytes.IndexByte(b, ',')
		if n >= 0 {
			field, rest, more = b[:n], b[n+1:], true
		} else {
			field = b
		}
		if bytes.IndexByte(field, '"') >= 0 {
			err = errors.New("a quote inside a field that is not quoted")
		}
		return field, rest, more, err
	}
	b = b[1:]
	doubled := false
	for i := 0; ; i++ {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			return nil, nil, false, errors.New("a quoted field does not end")
		}
		i += n
		if i+1 < len(b) && b[i+1] == '"' {
			doubled = true
			i++
			continue
		}
		field, rest = b[:i], b[i+1:]
		break
	}
	if doubled {
		field = r.keep([]byte(strings.ReplaceAll(string(field), `""`, `"`)))
	}
	if len(rest) == 0 {
		return field, nil, false, nil
	}
	if rest[0] != ',' {
		return nil, nil, false, errors.New("text behind a quoted field")
	}
	return field, rest[1:], true, nil
}
