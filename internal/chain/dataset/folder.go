package dataset

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// find lists the files of known tables below root, by path.
func find(root string, tables []*layout) ([]*file, error) {
	info, err := os.Stat(root)
	if err != nil {
		return nil, fmt.Errorf("data set: %w: %w", chain.ErrInput, err)
	}
	if !info.IsDir() {
		return nil, bad(root, "is not a folder; name the folder that holds the tables")
	}
	// A root that is a link is followed; links to folders below it are not.
	if root, err = filepath.EvalSymlinks(root); err != nil {
		return nil, err
	}
	var files []*file
	err = filepath.WalkDir(root, func(at string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, at)
		if err != nil {
			return err
		}
		if hidden := rel != "." && strings.ContainsRune("._", rune(entry.Name()[0])); hidden {
			if entry.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if entry.IsDir() {
			return nil
		}
		name := filepath.ToSlash(rel)
		l, readable := tableOf(name, tables)
		if l == nil {
			return nil
		}
		info, err := os.Stat(at)
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			return nil
		}
		if !readable {
			return bad(name, "lies in the folder of table %s and is not a known format; "+
				"use .csv, .json, .jsonl, .ndjson or .parquet, plain, .gz or .zst, or move it away", l.table)
		}
		files = append(files, &file{name: name, path: at, layout: l, size: info.Size(), modified: info.ModTime()})
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, bad(root, "holds no known table; looked for files or folders named %s "+
			"with .csv, .json, .jsonl, .ndjson or .parquet, plain, .gz or .zst, such as transactions.csv.gz", tableNames(tables))
	}
	slices.SortFunc(files, func(a, b *file) int { return strings.Compare(a.name, b.name) })
	return files, nil
}

func tableNames(tables []*layout) string {
	var names []string
	for _, l := range tables {
		names = append(names, l.table)
	}
	return strings.Join(names, ", ")
}

// tableOf finds a file's table: by its own name, such as transactions_0001.csv,
// or by the nearest folder named like a table. readable says that its ending is
// a known format; notes that lie in a table's folder are no part of it.
func tableOf(name string, tables []*layout) (l *layout, readable bool) {
	stem, readable := cutFormat(path.Base(name))
	if !readable {
		switch path.Ext(stem) {
		case ".md", ".txt", ".crc":
			return nil, false
		}
	} else {
		for _, l := range tables {
			if rest, ok := strings.CutPrefix(stem, l.table); ok && strings.Trim(rest, "0123456789-_.") == "" {
				return l, true
			}
		}
	}
	folders := strings.Split(path.Dir(name), "/")
	for _, folder := range slices.Backward(folders) {
		for _, l := range tables {
			if folder == l.table {
				return l, readable
			}
		}
	}
	return nil, false
}

// cutFormat cuts the endings of format and compression from a file's name.
func cutFormat(base string) (stem string, ok bool) {
	stem = strings.ToLower(base)
	for _, ending := range [...]string{".gz", ".zst", ".zstd"} {
		stem = strings.TrimSuffix(stem, ending)
	}
	for _, ending := range [...]string{".csv", ".jsonl", ".ndjson", ".json", ".parquet"} {
		if s, ok := strings.CutSuffix(stem, ending); ok {
			return s, true
		}
	}
	return stem, false
}
