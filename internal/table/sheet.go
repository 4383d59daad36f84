package table

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// sheet writes one part cell by cell, without a struct, a pointer or a string
// per row. Cells are written from the first column to the last; then comes end.
type sheet[T Row[T]] struct {
	table Table
	path  string
	file  *pending
	pack  *pack
	book  *ledger.Book
	none  ledger.AddressID // of the book: what stands for no address
	at    int              // the column of the next cell
	rows  int64
}

func newSheet[T Row[T]](f Folder, part int) (*sheet[T], error) {
	var row T
	t := row.Table()
	path := partPath(t.Name, part)
	file, err := create(filepath.Join(f.Dir, filepath.FromSlash(path)))
	if err != nil {
		return nil, err
	}
	s := &sheet[T]{table: t, path: path, file: file}
	if s.pack, err = newPack[T](file, t, f.Tool); err != nil {
		return nil, s.fail(err)
	}
	return s, nil
}

// of says which book the ids of the next rows are of. Dictionaries know ids of
// one book only.
func (s *sheet[T]) of(b *ledger.Book) {
	if s.book == b {
		return
	}
	if s.book != nil {
		s.pack.flush()
	}
	s.book, s.none = b, ^ledger.AddressID(0)
	if id, ok := b.Find(""); ok {
		s.none = id
	}
}

func (s *sheet[T]) next() *packColumn {
	c := s.pack.columns[s.at]
	s.at++
	return c
}

func (s *sheet[T]) null() { s.next().null() }

func (s *sheet[T]) int(n int64) { s.next().int(n) }

func (s *sheet[T]) bool(b bool) { s.next().bool(b) }

// text copies the text, unless the column has a dictionary.
func (s *sheet[T]) text(t string) {
	c := s.next()
	if c.dict != nil {
		c.id(c.dict.text(t))
		return
	}
	at := c.begin()
	c.data = append(c.data, t...)
	c.done(at)
}

// textUnlessEmpty is null where there is no text.
func (s *sheet[T]) textUnlessEmpty(t string) {
	if t == "" {
		s.null()
		return
	}
	s.text(t)
}

// hash is the hash of a transaction.
func (s *sheet[T]) hash(id ledger.TxID) {
	c := s.next()
	if c.dict != nil {
		place, fresh := c.dict.run(uint32(id))
		if fresh {
			c.dict.data = ended(s.book.AppendHash(append(c.dict.data, 0, 0, 0, 0), id), len(c.dict.data))
		}
		c.id(place)
		return
	}
	at := c.begin()
	c.data = s.book.AppendHash(c.data, id)
	c.done(at)
}

// address is null where there is no address.
func (s *sheet[T]) address(id ledger.AddressID) {
	if id == s.none {
		s.null()
		return
	}
	c := s.next()
	if c.dict != nil {
		place, fresh := c.dict.id(uint32(id))
		if fresh {
			c.dict.data = ended(s.book.AppendText(append(c.dict.data, 0, 0, 0, 0), id), len(c.dict.data))
		}
		c.id(place)
		return
	}
	at := c.begin()
	c.data = s.book.AppendText(c.data, id)
	c.done(at)
}

// asset is an asset of the book. The column has a dictionary.
func (s *sheet[T]) asset(id ledger.AssetID) {
	c := s.next()
	place, fresh := c.dict.id(uint32(id))
	if fresh {
		c.dict.data = ended(append(append(c.dict.data, 0, 0, 0, 0), s.book.Asset(id)...), len(c.dict.data))
	}
	c.id(place)
}

// amount fills both columns of an amount.
func (s *sheet[T]) amount(a *chain.Amount) {
	if d, ok := NewDecimal(a); ok {
		s.next().decimal(&d)
	} else {
		s.null()
	}
	c := s.next()
	at := c.begin()
	c.data = appendAmount(c.data, a)
	c.done(at)
}

// amountUnless is amount, null in both columns where it is not known.
func (s *sheet[T]) amountUnless(unknown bool, a *chain.Amount) {
	if unknown {
		s.null()
		s.null()
		return
	}
	s.amount(a)
}

// end ends the row.
func (s *sheet[T]) end(ctx context.Context) error {
	s.at = 0
	s.rows++
	if s.rows%batchRows == 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return s.pack.end()
}

// fail gives up: the file never gets its final name.
func (s *sheet[T]) fail(err error) error {
	s.file.abandon()
	return Advise(s.file.final, err)
}

// close writes the rest and gives the file its name.
func (s *sheet[T]) close(ctx context.Context) (File, error) {
	err := ctx.Err()
	if err == nil {
		err = s.pack.close()
	}
	if err != nil {
		return File{}, s.fail(err)
	}
	if err := s.file.commit(); err != nil {
		return File{}, err
	}
	return File{Table: s.table.Name, Path: s.path, Bytes: s.file.bytes, Rows: s.rows, SHA256: s.file.sum()}, nil
}

// dictionaries are the columns of a table that a sheet writes with one: those
// whose tag says so, and those of which Table.repeats tells that equal values
// come together.
func (t Table) dictionaries(tag, column string) bool {
	return slices.Contains(strings.Split(tag, ","), "dict") || slices.Contains(t.repeats, column)
}
