package bulk

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/snappy"
)

const (
	// MinRows is the least that the network's shape was made for.
	MinRows = int64(10_000)
	// MaxRows is the most.
	MaxRows = int64(100_000_000)

	rowsPerPart  = int64(4_000_000)
	rowsPerGroup = int64(1_000_000)
	rowsPerBatch = int64(4_096)
)

// Summary is what was written.
type Summary struct {
	Rows int64
	// Reachable rows are those that a crawl forward in time from the seeds
	// meets within eight hops.
	Reachable int64
	Parts     int
	// Accounts is how many addresses there are to choose from.
	Accounts int
}

// Generate writes rows transfers, the seeds and the labels below a folder.
func Generate(dir string, rows int64, seed uint64) (Summary, error) {
	if rows < MinRows || rows > MaxRows {
		return Summary{}, fmt.Errorf("bulk: %d rows: choose %d to %d", rows, MinRows, MaxRows)
	}
	folder := filepath.Join(dir, "ethereum", "token_transfers")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return Summary{}, err
	}
	s := newStream(rows, seed)
	if err := s.writeSeeds(dir); err != nil {
		return Summary{}, err
	}
	w := &rowWriter{s: s}
	parts := 0
	for ; s.rows < rows; parts++ {
		path := filepath.Join(folder, fmt.Sprintf("part-%04d.parquet", parts))
		if err := w.part(path, min(rowsPerPart, rows-s.rows)); err != nil {
			return Summary{}, err
		}
	}
	return Summary{Rows: s.rows, Reachable: s.reachable, Parts: parts, Accounts: len(s.balance)}, nil
}

// part writes one Parquet file.
func (w *rowWriter) part(path string, rows int64) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	out := bufio.NewWriterSize(f, 1<<20)
	p := parquet.NewGenericWriter[Transfer](out,
		parquet.Compression(&snappy.Codec{}),
		parquet.MaxRowsPerRowGroup(rowsPerGroup), parquet.DataPageVersion(1),
		parquet.DefaultEncodingFor(parquet.ByteArray, &parquet.Plain),
		parquet.CreatedBy("scamtrace-bulktransfers", "1", "0"))
	for end := w.s.rows + rows; w.s.rows < end; {
		if _, err := p.Write(w.fill(int(min(rowsPerBatch, end-w.s.rows)))); err != nil {
			return err
		}
	}
	if err := p.Close(); err != nil {
		return err
	}
	return out.Flush()
}
