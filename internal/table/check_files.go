package table

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// files compares the folder with the manifest.
func (c *checker) files() error {
	named := map[string]bool{}
	for _, t := range c.m.Tables {
		for _, f := range t.Files {
			if named[f.Path] {
				c.find(f.Path, "the manifest names it twice")
			}
			named[f.Path] = true
			if path.Dir(f.Path) != t.Name {
				c.find(f.Path, "it is not in the folder of table %s", t.Name)
				continue
			}
			if err := c.file(f); err != nil {
				return err
			}
		}
	}
	if c.m.Report.Path != "" {
		if err := c.file(c.m.Report); err != nil {
			return err
		}
	}
	return filepath.WalkDir(c.dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(c.dir, p)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		_, inTable := Find(path.Dir(rel))
		if (inTable || strings.HasSuffix(rel, ".parquet")) && !named[rel] {
			c.find(rel, "the manifest does not name this file")
		}
		return nil
	})
}

func (c *checker) file(f File) error {
	in, err := os.Open(filepath.Join(c.dir, filepath.FromSlash(f.Path)))
	if err != nil {
		c.find(f.Path, "%v", err)
		return nil
	}
	defer in.Close()
	h := sha256.New()
	n, err := io.Copy(h, stoppable{c.ctx, in})
	switch {
	case c.ctx.Err() != nil:
		return c.ctx.Err()
	case err != nil:
		c.find(f.Path, "%v", err)
	case n != f.Bytes:
		c.find(f.Path, "it has %d bytes, the manifest says %d", n, f.Bytes)
	case hex.EncodeToString(h.Sum(nil)) != f.SHA256:
		c.find(f.Path, "its SHA-256 is not that of the manifest: it was changed")
	}
	return nil
}

// stoppable ends a long reading when the context ends.
type stoppable struct {
	ctx  context.Context
	from io.Reader
}

func (s stoppable) Read(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.from.Read(b)
}

// manifest checks the manifest against itself.
func (c *checker) manifest() error {
	m := c.m
	if id := RunID(m); id != m.RunID {
		c.find(ManifestName, "run id %s does not follow from inputs, config and versions: want %s", m.RunID, id)
	}
	if want := statusOf(m.Gaps); m.Status != want {
		c.find(ManifestName, "status %q with %d gaps: want %q", m.Status, m.Gaps, want)
	}
	seen := map[string]bool{}
	for _, t := range m.Tables {
		if _, ok := Find(t.Name); !ok || seen[t.Name] {
			c.find(ManifestName, "table %q is not known, or is named twice", t.Name)
		}
		seen[t.Name] = true
		var rows int64
		for _, f := range t.Files {
			rows += f.Rows
		}
		if rows != t.Rows || len(t.Files) == 0 {
			c.find(ManifestName, "table %s has %d rows in %d files, its files have %d", t.Name, t.Rows, len(t.Files), rows)
		}
	}
	for _, t := range All() {
		if !seen[t.Name] {
			c.find(ManifestName, "table %s is missing", t.Name)
		}
	}
	return nil
}

func statusOf(gaps int64) Status {
	if gaps > 0 {
		return Gaps
	}
	return Complete
}

// schemas compares every file's schema with the documentation.
func (c *checker) schemas() error {
	for _, t := range c.m.Tables {
		want, ok := Find(t.Name)
		if !ok {
			continue
		}
		for _, f := range t.Files {
			if err := c.schema(want, f); err != nil {
				c.find(f.Path, "%v", err)
			}
		}
	}
	return nil
}

func (c *checker) schema(want Table, f File) error {
	file, err := openFile(filepath.Join(c.dir, filepath.FromSlash(f.Path)))
	if err != nil {
		return err
	}
	defer file.Close()
	if got := file.Schema().String(); got != want.schema().String() {
		return fmt.Errorf("its columns are not the documented ones: %s", got)
	}
	if v, _ := file.Lookup("schema_version"); v != strconv.Itoa(SchemaVersion) {
		return fmt.Errorf("schema version %q, want %d", v, SchemaVersion)
	}
	if file.NumRows() != f.Rows {
		return fmt.Errorf("it has %d rows, the manifest says %d", file.NumRows(), f.Rows)
	}
	return nil
}
