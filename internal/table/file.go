package table

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"os"
	"path/filepath"
	"syscall"
)

// inprogress ends the name of a file that is being written. It hides the file
// from readers, whose pattern is *.parquet.
const inprogress = ".inprogress"

// pending is a file that is being written and hashed. It gets its final name
// when it is complete, or none.
type pending struct {
	final string
	file  *os.File
	hash  hash.Hash
	bytes int64
}

func create(final string) (*pending, error) {
	if err := os.MkdirAll(filepath.Dir(final), 0o755); err != nil {
		return nil, Advise(final, err)
	}
	f, err := os.OpenFile(final+inprogress, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return nil, Advise(final, err)
	}
	return &pending{final: final, file: f, hash: sha256.New()}, nil
}

// Write is called by the Parquet writer.
func (p *pending) Write(b []byte) (int, error) {
	n, err := p.file.Write(b)
	p.hash.Write(b[:n])
	p.bytes += int64(n)
	return n, err
}

// commit makes the file durable under its final name.
func (p *pending) commit() error {
	err := p.file.Sync()
	if cerr := p.file.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(p.file.Name(), p.final)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(p.final))
	}
	if err != nil {
		os.Remove(p.file.Name())
		return Advise(p.final, err)
	}
	return nil
}

// abandon leaves nothing behind.
func (p *pending) abandon() {
	p.file.Close()
	os.Remove(p.file.Name())
}

func (p *pending) sum() string { return hex.EncodeToString(p.hash.Sum(nil)) }

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// Advise names the path that could not be written and adds the next step where
// the error has one. It is nil for nil.
func Advise(path string, err error) error {
	if err == nil {
		return nil
	}
	hint := ""
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		hint = ": free space there or choose another output folder (--out), then run again"
	case errors.Is(err, syscall.EROFS), errors.Is(err, os.ErrPermission):
		hint = ": make the folder writable or choose another output folder (--out), then run again"
	case errors.Is(err, syscall.EMFILE):
		hint = ": raise the limit of open files (ulimit -n) or use fewer workers, then run again"
	}
	return fmt.Errorf("writing %s: %w%s", path, err, hint)
}
