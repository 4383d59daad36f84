package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/gzip"

	"github.com/scamtrace/scamtrace/internal/chaintest/score"
)

// unzipped reads a whole gzip file line by line or otherwise.
func unzipped(path string, read func(io.Reader) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewReader(bufio.NewReader(f))
	if err == nil {
		err = read(bufio.NewReaderSize(z, 1<<20))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// rowsOf reads a CSV file of a real set.
func rowsOf(path string) (rows []map[string]string, err error) {
	err = unzipped(path, func(r io.Reader) error {
		records, err := csv.NewReader(r).ReadAll()
		if err != nil {
			return err
		}
		for _, cells := range records[1:] {
			row := map[string]string{}
			for i, column := range records[0] {
				row[column] = cells[i]
			}
			rows = append(rows, row)
		}
		return nil
	})
	return rows, err
}

// etlTx is what is needed of a transaction as bitcoin-etl writes it.
type etlTx struct {
	Hash    string  `json:"hash"`
	Block   int64   `json:"block_number"`
	Inputs  etlSide `json:"inputs"`
	Outputs etlSide `json:"outputs"`
}

type etlSide []struct {
	Addresses []string `json:"addresses"`
}

// bitcoinAddresses lists the addresses of the transactions that are wanted, once
// each, sorted.
func bitcoinAddresses(path string, wanted func(etlTx) bool) (list []string, err error) {
	err = unzipped(path, func(r io.Reader) error {
		for lines := json.NewDecoder(r); ; {
			var tx etlTx
			if err := lines.Decode(&tx); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
			if !wanted(tx) {
				continue
			}
			for _, e := range slices.Concat(tx.Inputs, tx.Outputs) {
				if len(e.Addresses) == 1 {
					list = append(list, e.Addresses[0])
				}
			}
		}
	})
	slices.Sort(list)
	return slices.Compact(list), err
}

// caseOf writes seeds and labels into the work folder and gives the flags of a
// case over them.
func (p program) caseOf(name, chain, data string, seeds []string, role string, labels [][]string) ([]string, error) {
	var s strings.Builder
	s.WriteString("chain,address,role\n")
	for _, a := range seeds {
		fmt.Fprintf(&s, "%s,%s,%s\n", chain, a, role)
	}
	path := filepath.Join(p.work, name+"-seeds.csv")
	if err := os.WriteFile(path, []byte(s.String()), 0o644); err != nil {
		return nil, err
	}
	args := []string{"--seeds", path, "--source", chain + "=dataset:" + data}
	if labels == nil {
		return args, nil
	}
	path = filepath.Join(p.work, name+"-labels.csv")
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	w := csv.NewWriter(f)
	if err := w.WriteAll(append([][]string{{"chain", "address", "label", "category", "source"}}, labels...)); err != nil {
		f.Close()
		return nil, err
	}
	return append(args, "--labels", path), f.Close()
}

func places(chain string, addresses []string) []score.Place {
	var out []score.Place
	for _, a := range addresses {
		out = append(out, score.Place{Chain: chain, Address: a})
	}
	return out
}
