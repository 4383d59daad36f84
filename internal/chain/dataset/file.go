package dataset

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// encoding is how a file holds rows, told by its content.
type encoding uint8

const (
	formatCSV encoding = iota + 1
	formatJSON
	formatParquet
)

// file is one file of a table. What is learnt of it is guarded by mu.
type file struct {
	name     string // below the source's folder, with slashes
	path     string
	layout   *layout
	size     int64
	modified time.Time

	// Set by examine, read only afterwards.
	format encoding
	header []string // of CSV
	has    []bool   // columns of the layout that the file has
	// seekable says that the file is text and not compressed.
	seekable bool
	parquet  *parquetFile

	mu     sync.Mutex
	sha256 string
	index  *index
	pieces map[int][]chunk
	// dropped says that the index found no room in memory.
	dropped bool
	windows map[int64]*window // by first row
	// read is what the first pass over a text file found, without its chunks.
	read *index
}

// open opens the file and refuses one that changed since the folder was read.
func (f *file) open() (*os.File, error) {
	in, err := os.Open(f.path)
	if err != nil {
		return nil, err
	}
	info, err := in.Stat()
	if err == nil && (info.Size() != f.size || !info.ModTime().Equal(f.modified)) {
		err = bad(f.name, "changed while it was being read; run again when its writer is done")
	}
	if err != nil {
		in.Close()
		return nil, err
	}
	return in, nil
}

// digest is the SHA-256 of the file's bytes, read once.
func (f *file) digest(ctx context.Context) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.sha256 != "" {
		return f.sha256, nil
	}
	in, err := f.open()
	if err != nil {
		return "", err
	}
	defer in.Close()
	h := sha256.New()
	buffer := make([]byte, 1<<20)
	for {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		n, err := in.Read(buffer)
		h.Write(buffer[:n])
		if err == io.EOF {
			break
		}
		if err != nil {
			return "", err
		}
	}
	f.sha256 = hex.EncodeToString(h.Sum(nil))
	return f.sha256, nil
}

// examine finds the format and checks header or schema; no row but the first
// of a JSON file is read.
func (f *file) examine() error {
	in, err := f.open()
	if err != nil {
		return err
	}
	var magic [4]byte
	n, err := io.ReadFull(in, magic[:])
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		in.Close()
		return err
	}
	if string(magic[:n]) == "PAR1" {
		f.format = formatParquet
		in.Close()
		return f.examineParquet()
	}
	if strings.HasSuffix(strings.ToLower(f.name), ".parquet") {
		in.Close()
		return bad(f.name, "is not Parquet: it does not begin with PAR1")
	}
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		in.Close()
		return err
	}
	s, err := newStream(in)
	if err != nil {
		return bad(f.name, "%v", readable(err))
	}
	defer s.Close()
	f.seekable = s.seekable
	return f.examineText(newLines(s))
}

func (f *file) examineText(l *lines) error {
	f.has = make([]bool, len(f.layout.columns))
	if err := l.fill(); err != nil {
		return bad(f.name, "%v", readable(err))
	}
	first := byte(0)
	for _, b := range l.buf[l.pos:l.end] {
		if b != ' ' && b != '\t' && b != '\r' && b != '\n' {
			first = b
			break
		}
	}
	stem := strings.ToLower(f.name)
	switch {
	case first == '{' || first == '[' || (first == 0 && !strings.Contains(stem, ".csv")):
		f.format = formatJSON
		return f.examineJSON(l)
	case first == 'P' && string(l.buf[l.pos:min(l.end, l.pos+4)]) == "PAR1":
		return bad(f.name, "is a compressed Parquet file; decompress it, Parquet compresses inside")
	}
	f.format = formatCSV
	var err error
	if f.header, err = readHeader(l); err != nil {
		return bad(f.name+":1", "%v", readable(err))
	}
	seen := map[string]bool{}
	places := placesOf(f.layout.columns)
	for _, name := range f.header {
		if seen[name] {
			return bad(f.name+":1", "%s: the column is there twice", name)
		}
		seen[name] = true
		if at, ok := places[name]; ok {
			f.has[at] = true
		}
	}
	return f.lacking(f.name+":1", f.header)
}

// examineJSON takes the names of the first row for those of all: which optional
// columns are there decides the gaps. Mandatory ones are checked in every row.
func (f *file) examineJSON(l *lines) error {
	j := newJSONRows(l, f.layout.columns)
	r := &row{file: f.name, cells: make([]cell, len(f.layout.columns))}
	r.names = f.has
	err := j.next(r)
	if err == io.EOF {
		for i := range f.has {
			f.has[i] = true
		}
		return nil
	}
	if err != nil {
		return r.fault("", readable(err))
	}
	return nil
}

// lacking reports the first mandatory column that the file has not.
func (f *file) lacking(place string, have []string) error {
	for i, c := range f.layout.columns {
		if c.must && !f.has[i] {
			return bad(place, "column %s is missing; this file has columns %s; %s needs %s",
				c.name, strings.Join(have, ", "), f.layout.table, strings.Join(f.layout.mandatory(), ", "))
		}
	}
	return nil
}

func (l *layout) mandatory() []string {
	var names []string
	for _, c := range l.columns {
		if c.must {
			names = append(names, c.name)
		}
	}
	return names
}

// rows reads the file's rows from a stream at its beginning.
func (f *file) rows(l *lines) (rows, error) {
	if f.format == formatJSON {
		return newJSONRows(l, f.layout.columns), nil
	}
	if _, err := readHeader(l); err != nil {
		return nil, bad(f.name+":1", "%v", readable(err))
	}
	places := placesOf(f.layout.columns)
	c := &csvRows{lines: l, to: make([]int, len(f.header))}
	for i, name := range f.header {
		c.to[i] = -1
		if at, ok := places[name]; ok {
			c.to[i] = at
		}
	}
	return c, nil
}

// newRow is a row to read this file with.
func (f *file) newRow() *row {
	return &row{file: f.name, cells: make([]cell, len(f.layout.columns)), rowNumbers: f.format == formatParquet}
}

// readable says in plain words what the decompressors report.
func readable(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the file ends too early; it is truncated")
	}
	return err
}

// spanned reports whether some height from low to high lies in the span.
func spanned(s chain.Span, low, high uint64) bool { return low <= s.To && s.From <= high }
