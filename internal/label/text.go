package label

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// openText makes plain UTF-8 of a file: it unpacks gzip and takes off a byte
// order mark. UTF-16, which spreadsheets call "Unicode text", is refused with
// the remedy.
func openText(r io.Reader) (*bufio.Reader, error) {
	br := bufio.NewReaderSize(r, 1<<16)
	magic, err := br.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		unpacked, err := gzip.NewReader(br)
		if err != nil {
			return nil, fmt.Errorf("cannot unpack gzip: %w", err)
		}
		return openText(unpacked)
	case bytes.Equal(magic, []byte("\ufeff")):
		_, err := br.Discard(len(magic))
		return br, err
	case bytes.HasPrefix(magic, []byte{0xff, 0xfe}), bytes.HasPrefix(magic, []byte{0xfe, 0xff}):
		return nil, errors.New(`is UTF-16: save it as "CSV UTF-8 (comma delimited)"`)
	}
	return br, nil
}

// isTagPack tells a TagPack from a CSV file by the extension or, where that
// says nothing, by the first line that is no comment: YAML's is "---" or
// "key: value", a CSV file's names columns.
func isTagPack(name string, br *bufio.Reader) bool {
	switch path.Ext(strings.TrimSuffix(strings.ToLower(name), ".gz")) {
	case ".yaml", ".yml":
		return true
	case ".csv", ".tsv":
		return false
	}
	head, _ := br.Peek(4096) // a short file is no error here
	for line := range strings.Lines(string(head)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, _, found := strings.Cut(line, ":")
		return line == "---" || found && !strings.ContainsAny(key, ",;\t\"")
	}
	return false
}
