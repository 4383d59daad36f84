package dataset

import (
	"context"
	"errors"
	"io"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// scanText reads a text file. The first time, every row is checked and the
// index is built; later, chunks that cannot match are not parsed.
func (p *part) scanText(ctx context.Context, t *teller) error {
	x, err := p.source.known(ctx, p.file)
	if err != nil {
		return err
	}
	if x == nil {
		return p.source.firstPass(ctx, p.file, t)
	}
	chunks := x.chunks
	if p.to > 0 {
		chunks = chunks[p.from:p.to]
	}
	return p.file.scanChunks(ctx, chunks, t)
}

// checkEvery is how many rows pass between looks at ctx.
const checkEvery = 4096

// firstPass reads a whole text file, gives t every row, and learns the index.
func (s *source) firstPass(ctx context.Context, f *file, t *teller) error {
	in, l, rows, err := f.begin()
	if err != nil {
		return err
	}
	defer in.Close()
	x := &indexer{without: !s.indexes(f)}
	x.end(l.base+int64(l.pos), l.next)
	r := f.newRow()
	for n := int64(0); ; n++ {
		if n%checkEvery == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		r.number = n
		if err := rows.next(r); err == io.EOF {
			break
		} else if err != nil {
			return r.fault("", readable(err))
		}
		f.layout.touch(r)
		for _, a := range r.touched {
			if x.without {
				break
			}
			x.address(digest(a))
		}
		if err := f.noteHeight(x, r); err != nil {
			return err
		}
		t.checkOnly = t.question == nil || !t.question.hit(r.touched)
		if err := f.layout.tell(t, r); err != nil {
			return err
		}
		if x.current.rows == chunkRows {
			x.end(l.base+int64(l.pos), l.next)
			x.without = x.without || x.size > indexOfFile
		}
	}
	x.end(l.base+int64(l.pos), l.next)
	f.mu.Lock()
	f.read = &index{top: x.top, rows: x.rows}
	f.mu.Unlock()
	if x.without {
		return nil
	}
	return s.learn(ctx, f, 0, 1, x)
}

// noteHeight tells the indexer the row's height, and its block if that is the
// highest yet.
func (f *file) noteHeight(x *indexer, r *row) error {
	h, err := r.cells[f.layout.height].whole()
	if err != nil {
		return r.fault(f.layout.columns[f.layout.height].name, err)
	}
	if !x.height(h) {
		return nil
	}
	x.top, err = f.block(r, h)
	return err
}

// block is what a row tells of its block.
func (f *file) block(r *row, height uint64) (b chain.Block, err error) {
	b.Height = height
	if c := &r.cells[f.layout.block]; c.kind != null {
		if b.Hash, err = c.hash(); err != nil {
			return b, r.fault(f.layout.columns[f.layout.block].name, err)
		}
	}
	if c := &r.cells[f.layout.clock]; c.kind != null {
		if b.Time, err = c.seconds(); err != nil {
			return b, r.fault(f.layout.columns[f.layout.clock].name, err)
		}
	}
	return b, nil
}

// begin opens a text file before its first row.
func (f *file) begin() (*stream, *lines, rows, error) {
	file, err := f.open()
	if err != nil {
		return nil, nil, nil, err
	}
	in, err := newStream(file)
	if err != nil {
		return nil, nil, nil, bad(f.name, "%v", readable(err))
	}
	l := newLines(in)
	rows, err := f.rows(l)
	if err != nil {
		in.Close()
		return nil, nil, nil, err
	}
	return in, l, rows, nil
}

// scanChunks reads the chunks that may match. Rows that touch no asked address
// were checked when the index was built.
func (f *file) scanChunks(ctx context.Context, chunks []chunk, t *teller) error {
	var (
		in   *stream
		l    *lines
		rows rows
	)
	r := f.newRow()
	for i := range chunks {
		c := &chunks[i]
		if !c.may(t.question) {
			continue
		}
		if in == nil {
			var err error
			if in, l, rows, err = f.begin(); err != nil {
				return err
			}
			defer in.Close()
		}
		if err := l.seek(c.from, c.line); err != nil {
			return bad(f.name, "%v", readable(err))
		}
		for n := range c.rows {
			if n%checkEvery == 0 {
				if err := ctx.Err(); err != nil {
					return err
				}
			}
			r.number = c.row + n
			if err := rows.next(r); err != nil {
				if err == io.EOF {
					err = errors.New("the file ends too early; it is truncated")
				}
				return r.fault("", readable(err))
			}
			f.layout.touch(r)
			if !t.question.hit(r.touched) {
				continue
			}
			if err := f.layout.tell(t, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// hit reports whether one of the addresses is asked for.
func (q *question) hit(addresses [][]byte) bool {
	for _, a := range addresses {
		if q.asks(digest(a)) {
			return true
		}
	}
	return false
}
