package dataset

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// indexVersion changes whenever the format, the digest of addresses, or what is
// read from a row changes: an old index is then never looked at.
const (
	indexVersion = "v1"
	indexMagic   = "scamtrace index " + indexVersion + "\n"
)

// indexPath names the index of a file by the file's content, so that it can
// never be stale. Table and chain are in the name because they decide which
// columns hold addresses and what was checked.
func (s *source) indexPath(f *file, digest string) string {
	id := strings.ReplaceAll(string(s.chain.ID), ":", "-")
	return filepath.Join(s.cache, digest+"."+f.layout.table+"."+id+"."+indexVersion+".idx")
}

// encode writes the magic, the body and the SHA-256 of both.
func (x *index) encode() []byte {
	b := []byte(indexMagic)
	b = binary.AppendUvarint(b, uint64(x.rows))
	b = binary.AppendUvarint(b, x.top.Height)
	b = append(b, x.top.Hash[:]...)
	b = binary.AppendVarint(b, x.top.Time)
	b = binary.AppendUvarint(b, uint64(len(x.chunks)))
	for i := range x.chunks {
		c := &x.chunks[i]
		for _, v := range [...]uint64{
			uint64(c.row), uint64(c.rows), uint64(c.line), uint64(c.from), uint64(c.to), c.low, c.high, uint64(len(c.prints)),
		} {
			b = binary.AppendUvarint(b, v)
		}
		b = append(b, c.prints...)
	}
	sum := sha256.Sum256(b)
	return append(b, sum[:]...)
}

var errDamaged = errors.New("damaged index")

// decodeIndex reads what encode wrote; the chunks keep pieces of b.
func decodeIndex(b []byte) (*index, error) {
	if len(b) < len(indexMagic)+sha256.Size || string(b[:len(indexMagic)]) != indexMagic {
		return nil, errDamaged
	}
	body, sum := b[:len(b)-sha256.Size], b[len(b)-sha256.Size:]
	if want := sha256.Sum256(body); !bytes.Equal(want[:], sum) {
		return nil, errDamaged
	}
	body = body[len(indexMagic):]
	ok := true
	next := func() uint64 {
		v, n := binary.Uvarint(body)
		if n <= 0 {
			ok = false
			return 0
		}
		body = body[n:]
		return v
	}
	x := &index{rows: int64(next()), top: chain.Block{Height: next()}}
	if len(body) < 32 {
		return nil, errDamaged
	}
	x.top.Hash = chain.Hash(body[:32])
	body = body[32:]
	seconds, n := binary.Varint(body)
	if n <= 0 {
		return nil, errDamaged
	}
	body, x.top.Time = body[n:], seconds
	for count := next(); ok && uint64(len(x.chunks)) < count; {
		c := chunk{
			row: int64(next()), rows: int64(next()), line: int64(next()),
			from: int64(next()), to: int64(next()), low: next(), high: next(),
		}
		size := next()
		if !ok || size > uint64(len(body)) {
			return nil, errDamaged
		}
		c.prints, body = body[:size:size], body[size:]
		x.chunks = append(x.chunks, c)
	}
	if !ok || len(body) != 0 {
		return nil, errDamaged
	}
	return x, nil
}

// save writes the index beside its final name and renames it: readers see all
// of it or nothing, and two writers write the same bytes.
func (s *source) save(f *file, digest string, x *index) error {
	if err := os.MkdirAll(s.cache, 0o755); err != nil {
		return err
	}
	out, err := os.CreateTemp(s.cache, ".index-*.tmp")
	if err != nil {
		return err
	}
	_, err = out.Write(x.encode())
	if err == nil {
		err = out.Sync()
	}
	if e := out.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(out.Name(), s.indexPath(f, digest))
	}
	if err != nil {
		return errors.Join(err, os.Remove(out.Name()))
	}
	return nil
}

// known is the index of a file: from memory, or from the cache, or nil.
func (s *source) known(ctx context.Context, f *file) (*index, error) {
	f.mu.Lock()
	x := f.index
	f.mu.Unlock()
	if x != nil || s.cache == "" {
		return x, nil
	}
	digest, err := f.digest(ctx)
	if err != nil {
		return nil, err
	}
	b, err := os.ReadFile(s.indexPath(f, digest))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	x, err = decodeIndex(b)
	if err != nil {
		return nil, nil // it is built again by the next pass
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.index == nil && s.reserve(int64(len(b))) {
		f.index = x
	}
	return x, nil
}

// piece is what is known of a section of a file whose index is not complete.
func (f *file) piece(section int) []chunk {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.pieces[section]
}

// indexes reports whether an index of the file would be kept.
func (s *source) indexes(f *file) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return s.cache != "" || !f.dropped
}

// learn keeps the chunks of a section that was read from end to end. When all
// sections are there, the index goes to the cache.
func (s *source) learn(ctx context.Context, f *file, section, sections int, x *indexer) error {
	whole, err := s.collect(f, section, sections, x)
	if whole == nil || err != nil || s.cache == "" {
		return err
	}
	digest, err := f.digest(ctx)
	if err != nil {
		return err
	}
	return s.save(f, digest, whole)
}

// collect returns the index when the last section came in.
func (s *source) collect(f *file, section, sections int, x *indexer) (*index, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.index != nil || f.dropped {
		return nil, nil
	}
	if _, again := f.pieces[section]; again {
		return nil, nil
	}
	size := int64(0)
	for i := range x.chunks {
		size += chunkBytes(&x.chunks[i])
	}
	fits := s.reserve(size)
	if !fits && s.cache == "" {
		f.dropped = true
		f.pieces = nil // what they reserved stays reserved: the bound is rough
		return nil, nil
	}
	if f.pieces == nil {
		f.pieces = map[int][]chunk{}
	}
	f.pieces[section] = x.chunks
	if len(f.pieces) < sections {
		return nil, nil
	}
	whole := &index{top: x.top}
	for i := range sections {
		whole.chunks = append(whole.chunks, f.pieces[i]...)
	}
	for i := range whole.chunks {
		whole.rows += whole.chunks[i].rows
	}
	f.pieces = nil
	if fits {
		f.index = whole
	} else {
		f.dropped = true // it is read from the cache when it is needed
	}
	return whole, nil
}

// reserve takes memory for an index, if there is room.
func (s *source) reserve(n int64) bool {
	if s.reserved.Add(n) <= indexMemory {
		return true
	}
	s.reserved.Add(-n)
	return false
}
