package label

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// row is one line of a file: Get is the text of a field by its name, without
// surrounding space, empty if the file has no such field.
type row interface {
	Get(field string) string
	Line() int
}

// csvRow is a row of a CSV file.
type csvRow struct {
	columns map[string]int
	cells   []string
	line    int
}

func (r *csvRow) Get(field string) string {
	i, ok := r.columns[field]
	if !ok {
		return ""
	}
	return strings.TrimSpace(r.cells[i])
}

func (r *csvRow) Line() int { return r.line }

// readCSV calls each for every well-formed row. The first line names the
// columns, in any order and case, with spaces or dashes for underscores.
// Columns that are not known are noted and not used: investigators keep their
// own beside ours. There are no comment lines: a line that begins with # is
// refused rather than dropped, since it may have been meant as a row.
func readCSV(name string, r io.Reader, known, required []string, each func(row)) []Problem {
	cr := csv.NewReader(r)
	cr.ReuseRecord = true
	cr.FieldsPerRecord = -1 // counted here, to go on after a bad row
	var found []Problem
	refuse := func(line int, format string, args ...any) {
		found = append(found, Problem{File: name, Line: line, Reason: fmt.Sprintf(format, args...)})
	}

	header, err := cr.Read()
	if errors.Is(err, io.EOF) {
		refuse(0, "the file is empty: its first line must name the columns %s", strings.Join(required, ","))
		return found
	}
	if err != nil {
		refuse(1, "%s", csvReason(err))
		return found
	}
	columns, found := readHeader(name, header, known, required)
	if columns == nil {
		return found
	}
	width := len(header)

	current := &csvRow{columns: columns}
	for {
		cells, err := cr.Read()
		if errors.Is(err, io.EOF) {
			return found
		}
		if syntax := (*csv.ParseError)(nil); errors.As(err, &syntax) {
			refuse(syntax.StartLine, "%s", csvReason(err))
			continue
		}
		if err != nil {
			refuse(0, "cannot be read to its end: %v", err)
			return found
		}
		line, _ := cr.FieldPos(0)
		switch {
		case blank(cells):
		case strings.HasPrefix(strings.TrimSpace(cells[0]), "#"):
			refuse(line, "begins with #: CSV has no comments, and scamtrace drops no line in silence; remove it")
		case len(cells) != width:
			refuse(line, "has %d fields where the header has %d: a field that contains a comma must stand in double quotes", len(cells), width)
		case !valid(cells):
			refuse(line, `is not UTF-8: save the file as "CSV UTF-8 (comma delimited)"`)
		default:
			current.cells, current.line = cells, line
			each(current)
		}
	}
}

// blank reports whether a row holds nothing, as spreadsheets leave them at the
// end of a sheet: ",,,".
func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(s string) bool { return strings.TrimSpace(s) != "" })
}

func valid(cells []string) bool {
	return !slices.ContainsFunc(cells, func(s string) bool { return !utf8.ValidString(s) })
}

// readHeader maps the known columns to their places.
func readHeader(name string, header, known, required []string) (map[string]int, []Problem) {
	var found []Problem
	add := func(note bool, format string, args ...any) {
		found = append(found, Problem{File: name, Line: 1, Reason: fmt.Sprintf(format, args...), Note: note})
	}
	if len(header) == 1 {
		for _, sep := range []struct{ char, name string }{{";", "semicolons"}, {"\t", "tabs"}, {"|", "bars"}} {
			if strings.Contains(header[0], sep.char) {
				add(false, `is separated by %s: save it as "CSV UTF-8 (comma delimited)"`, sep.name)
				return nil, found
			}
		}
	}
	columns := map[string]int{}
	for i, text := range header {
		column := columnName(text)
		switch {
		case column == "":
		case !slices.Contains(known, column):
			add(true, "column %q is not used; used are %s", strings.TrimSpace(text), strings.Join(known, ","))
		default:
			if _, again := columns[column]; again {
				add(false, "names the column %s twice", column)
			}
			columns[column] = i
		}
	}
	for _, column := range required {
		if _, ok := columns[column]; !ok {
			add(false, "lacks the column %s: the first line must name the columns; known are %s", column, strings.Join(known, ","))
		}
	}
	if refused := Refusals(found); len(refused) > 0 {
		return nil, refused // it may be no header at all: what it does not know is no news
	}
	return columns, found
}

// columnName makes "TX Hash" and "tx-hash" the column tx_hash.
func columnName(s string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(s)))
}

// csvReason words the CSV reader's complaint without its own line number.
func csvReason(err error) string {
	switch {
	case errors.Is(err, csv.ErrBareQuote):
		return `has a double quote inside a field: put the field in double quotes and write "" for one inside`
	case errors.Is(err, csv.ErrQuote):
		return "has a double quote that is opened and not closed, or text behind a closing one"
	case errors.Is(err, bufio.ErrTooLong):
		return "is too long"
	}
	return err.Error()
}
