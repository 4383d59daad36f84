package truth

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"os"
	"path/filepath"
	"time"
)

// sheet is a CSV file with a header.
type sheet struct {
	file *os.File
	out  *bufio.Writer
	csv  *csv.Writer
	rows int64
}

func open(dir, name string, columns ...string) (*sheet, error) {
	f, err := os.Create(filepath.Join(dir, name+".csv"))
	if err != nil {
		return nil, err
	}
	s := &sheet{file: f, out: bufio.NewWriterSize(f, 1<<16)}
	s.csv = csv.NewWriter(s.out)
	return s, s.csv.Write(columns)
}

func (s *sheet) row(cells ...string) error {
	s.rows++
	return s.csv.Write(cells)
}

// close closes a file that was opened.
func (s *sheet) close() error {
	if s == nil {
		return nil
	}
	s.csv.Flush()
	return cmp.Or(s.csv.Error(), s.out.Flush(), s.file.Close()) // each says the same
}

// clock is a time as the files have it.
func clock(seconds int64) string { return time.Unix(seconds, 0).UTC().Format(time.RFC3339) }
