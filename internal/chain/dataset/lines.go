package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// maxLine is the longest row of text. The longest real ones, Bitcoin
// transactions with 20,000 inputs, are below 16 MiB.
const maxLine = 256 << 20

// lines cuts a stream into rows of text and knows where each began.
type lines struct {
	in  *stream
	buf []byte
	// pos and end bound the unread bytes of buf; base is the offset of buf[0]
	// in the stream.
	pos, end int
	base     int64
	eof      bool
	// offset and line are where the row that was read last began; next is the
	// number of the line after it.
	offset, line, next int64
}

func newLines(in *stream) *lines {
	return &lines{in: in, buf: make([]byte, 1<<18), next: 1}
}

// read gives the next row without its line end: to the next newline, or, with
// quotes, to the next newline outside of double quotes. The bytes are valid
// until the next call. At the end it returns io.EOF.
func (l *lines) read(quotes bool) ([]byte, error) {
	l.offset, l.line = l.base+int64(l.pos), l.next
	scanned, odd := 0, false
	for {
		window := l.buf[l.pos+scanned : l.end]
		n := bytes.IndexByte(window, '\n')
		part := window
		if n >= 0 {
			part = window[:n]
		}
		if quotes && bytes.Count(part, []byte{'"'})&1 == 1 {
			odd = !odd
		}
		if n >= 0 {
			l.next++
			if !odd {
				row := l.buf[l.pos : l.pos+scanned+n]
				l.pos += scanned + n + 1
				return bytes.TrimSuffix(row, []byte{'\r'}), nil
			}
			scanned += n + 1
			continue
		}
		scanned += len(window)
		if l.eof {
			if odd {
				return nil, errors.New("a quoted field does not end; the file is truncated")
			}
			if scanned == 0 {
				return nil, io.EOF
			}
			row := l.buf[l.pos:l.end]
			l.pos = l.end
			l.next++
			return bytes.TrimSuffix(row, []byte{'\r'}), nil
		}
		if scanned > maxLine {
			return nil, fmt.Errorf("a row of more than %d bytes", maxLine)
		}
		if err := l.fill(); err != nil {
			return nil, err
		}
	}
}

// fill reads more bytes behind the unread ones.
func (l *lines) fill() error {
	if l.pos > 0 {
		copy(l.buf, l.buf[l.pos:l.end])
		l.base += int64(l.pos)
		l.end -= l.pos
		l.pos = 0
	}
	if l.end == len(l.buf) {
		l.buf = append(l.buf, make([]byte, len(l.buf))...)
	}
	n, err := l.in.Read(l.buf[l.end:])
	l.end += n
	if err == io.EOF {
		l.eof = true
		return nil
	}
	return err
}

// seek goes forward to the row that begins at the offset and has the line
// number. It seeks in a plain file and reads over the bytes of others.
func (l *lines) seek(offset, line int64) error {
	l.next = line
	skip := offset - (l.base + int64(l.pos))
	if have := int64(l.end - l.pos); skip <= have {
		l.pos += int(skip)
		return nil
	}
	skip -= int64(l.end - l.pos)
	l.base, l.pos, l.end = offset, 0, 0
	if l.in.seekable {
		_, err := l.in.file.Seek(offset, io.SeekStart)
		return err
	}
	for skip > 0 {
		n, err := l.in.Read(l.buf[:min(skip, int64(len(l.buf)))])
		skip -= int64(n)
		if err == io.EOF && skip > 0 {
			return io.ErrUnexpectedEOF
		}
		if err != nil && err != io.EOF {
			return err
		}
	}
	return nil
}
