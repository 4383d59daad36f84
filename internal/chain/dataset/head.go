package dataset

import (
	"context"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Head is the highest block of the blocks table, or without one the highest
// that any table names. A text file is read once for it; that pass checks the
// file and builds its index. An empty folder's head is block 0.
func (s *source) Head(ctx context.Context) (chain.Block, error) {
	if err := s.examine(ctx); err != nil {
		return chain.Block{}, err
	}
	files := s.table("blocks")
	if len(files) == 0 {
		files = s.files
	}
	var head chain.Block
	for _, f := range files {
		top, ok, err := s.top(ctx, f)
		if err != nil {
			return chain.Block{}, err
		}
		if ok {
			head = higher(head, top)
		}
	}
	return head, nil
}

// higher is the higher of two blocks; of one block named twice, what is known
// of it from either.
func higher(a, b chain.Block) chain.Block {
	switch {
	case a.Height > b.Height:
		return a
	case a.Height < b.Height:
		return b
	}
	if a.Hash == (chain.Hash{}) {
		a.Hash = b.Hash
	}
	if a.Time == 0 {
		a.Time = b.Time
	}
	return a
}

// top is the highest block that a file names; not ok if it has no rows.
func (s *source) top(ctx context.Context, f *file) (top chain.Block, ok bool, err error) {
	if f.format == formatParquet {
		return f.parquetTop(ctx)
	}
	x, err := s.known(ctx, f)
	if err != nil {
		return chain.Block{}, false, err
	}
	if x != nil {
		return x.top, x.rows > 0, nil
	}
	f.mu.Lock()
	read := f.read
	f.mu.Unlock()
	if read == nil {
		if err := s.firstPass(ctx, f, s.teller(f, nil, nil)); err != nil {
			return chain.Block{}, false, err
		}
		f.mu.Lock()
		read = f.read
		f.mu.Unlock()
	}
	return read.top, read.rows > 0, nil
}
