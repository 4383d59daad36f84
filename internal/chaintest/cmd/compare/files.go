package main

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// unzipped opens a gzip file of a data set.
func (c *comparison) unzipped(set, name string) (io.ReadCloser, error) {
	f, err := os.Open(filepath.Join(c.data, set, name))
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bufio.NewReaderSize(f, 1<<20))
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	return struct {
		io.Reader
		io.Closer
	}{z, f}, nil
}

// csv reads a CSV file of a data set, a map from column to text for each row.
func (c *comparison) csv(set, name string) ([]map[string]string, error) {
	f, err := c.unzipped(set, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s of %s: %w", name, set, err)
	}
	if len(records) == 0 {
		return nil, fmt.Errorf("%s of %s is empty: fetch the set anew", name, set)
	}
	list := make([]map[string]string, len(records)-1)
	for i, r := range records[1:] {
		list[i] = make(map[string]string, len(r))
		for k, column := range records[0] {
			list[i][column] = r[k]
		}
	}
	return list, nil
}

func (c *comparison) exists(set, name string) bool {
	_, err := os.Stat(filepath.Join(c.data, set, name))
	return err == nil
}

// lines are the words of a text file of a data set.
func (c *comparison) lines(set, name string) ([]string, error) {
	text, err := os.ReadFile(filepath.Join(c.data, set, name))
	return strings.Fields(string(text)), err
}
