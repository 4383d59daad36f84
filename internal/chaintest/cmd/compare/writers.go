package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/scamtrace/scamtrace/internal/chaintest/bulk"
	"github.com/scamtrace/scamtrace/internal/chaintest/compare"
)

// measurement is what a process says of its own writing.
type measurement struct {
	Rows    int64   `json:"rows"`
	Wall    float64 `json:"wall"` // seconds
	CPU     float64 `json:"cpu"`  // seconds
	Bytes   int64   `json:"bytes"`
	Before  int64   `json:"before"`  // bytes
	Peak    int64   `json:"peak"`    // bytes
	Same    bool    `json:"same"`    // DuckDB's rows are ours
	Version string  `json:"version"` // of DuckDB
}

func (m measurement) writing(writer string, threads int) compare.Writing {
	duration := func(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
	return compare.Writing{
		Writer: writer, Threads: threads, Rows: m.Rows, Wall: duration(m.Wall), CPU: duration(m.CPU),
		Bytes: m.Bytes, Before: m.Before, Peak: m.Peak,
	}
}

//go:embed copy.py
var copyScript string

// writers writes generated transfers as the table of that name: by our writer,
// and by DuckDB's COPY from what our writer wrote. Each runs in a process of its
// own, so that neither's memory is the other's.
func (c *comparison) writers(ctx context.Context, n int64, python string) error {
	fmt.Fprintln(os.Stderr, "compare: writing", n, "rows of transfers")
	made := filepath.Join(c.dir, "bulk")
	if _, err := bulk.Write(ctx, made, n); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	ours := func(threads int) string { return filepath.Join(c.dir, fmt.Sprintf("ours%d", threads)) }
	for _, threads := range []int{1, 2} {
		run := exec.CommandContext(ctx, self, "-write", strconv.Itoa(threads), "-bulk", made, "-out", ours(threads))
		run.Env = append(os.Environ(), fmt.Sprintf("GOMAXPROCS=%d", threads))
		m, err := measure(run)
		if err != nil {
			return err
		}
		c.report.Writings = append(c.report.Writings, m.writing("scamtrace, from the ledger in memory", threads))
	}
	if err := os.RemoveAll(made); err != nil {
		return err
	}
	if _, err := os.Stat(python); python == "" || err != nil {
		c.skip("DuckDB's COPY: no python3 with duckdb; make compare installs it where python3 and a registry are there.")
		return nil
	}
	version := ""
	for _, from := range []struct{ mode, name string }{
		{"table", "DuckDB COPY, from a table in memory"}, {"parquet", "DuckDB COPY, from the Parquet above"},
	} {
		for _, threads := range []int{1, 2} {
			run := exec.CommandContext(ctx, python, "-c", copyScript,
				filepath.Join(ours(1), "transfers", "*.parquet"), filepath.Join(c.dir, "duckdb.parquet"), strconv.Itoa(threads), from.mode)
			m, err := measure(run)
			if err != nil {
				c.skip("DuckDB's COPY: %v.", err)
				return nil
			}
			if !m.Same {
				return fmt.Errorf("DuckDB read other rows from its file than from ours")
			}
			version = m.Version
			c.report.Writings = append(c.report.Writings, m.writing(from.name, threads))
		}
	}
	c.note("Writing: generated USDT transfers, table transfers; zstd of level 1, row groups of 1,000,000 rows. A million rows are a file of ours, all are one of DuckDB's. "+
		"DuckDB %s wrote the same rows: count and sum of hashes are equal. Ours has bloom filters on both addresses and plain text that every reader understands; "+
		"DuckDB chooses its own encodings, and has bloom filters where it has dictionaries. Memory before is what holds the rows. On a machine that others use too, only CPU time tells.", version)
	return nil
}

// measure runs a process that prints a measurement.
func measure(run *exec.Cmd) (m measurement, err error) {
	var stdout, stderr bytes.Buffer
	run.Stdout, run.Stderr = &stdout, &stderr
	if err := run.Run(); err != nil {
		said := strings.Split(strings.TrimSpace(stderr.String()), "\n")
		return m, fmt.Errorf("%s: %w: %s", filepath.Base(run.Path), err, said[len(said)-1])
	}
	if err := json.Unmarshal(stdout.Bytes(), &m); err != nil {
		return m, fmt.Errorf("%s: no measurement: %w", filepath.Base(run.Path), err)
	}
	return m, nil
}
