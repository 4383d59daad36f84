package dataset

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"slices"

	"github.com/parquet-go/parquet-go"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// scanParquet reads the row groups of one section: addresses first, other
// columns for rows that hit.
func (p *part) scanParquet(ctx context.Context, t *teller) (err error) {
	f := p.file
	defer f.rescue(&err)
	section := &f.parquet.sections[p.section]
	chunks, err := p.source.sectionChunks(ctx, f, p.section)
	if err != nil {
		return err
	}
	if chunks != nil && !anyMay(chunks, t.question) {
		return nil
	}
	in, file, err := f.openParquet()
	if err != nil {
		return err
	}
	defer in.Close()
	var x *indexer
	if chunks == nil && p.source.indexes(f) {
		x = &indexer{current: chunk{row: section.from}}
	}
	base := section.from
	for g := section.first; g < section.last; g++ {
		group := file.RowGroups()[g]
		n := group.NumRows()
		low, high, ok := heightBounds(file, g, f.parquet.leaf(f.layout.height))
		if ok && !spanned(t.question.Span, low, high) {
			// What was not read is not indexed, and neither is the section.
			x = nil
			base += n
			continue
		}
		s := &groupScan{file: f, in: in, group: group, base: base, teller: t, row: f.newRow(), indexer: x, check: chunks == nil, shelf: p.source.shelf}
		err := s.scan(ctx, n, chunks)
		s.close()
		if err != nil {
			return err
		}
		base += n
	}
	if x == nil || chunks != nil {
		return nil
	}
	return p.source.learn(ctx, f, p.section, len(f.parquet.sections), x)
}

// sectionChunks is what the index knows of a section; nil if nothing.
func (s *source) sectionChunks(ctx context.Context, f *file, section int) ([]chunk, error) {
	if piece := f.piece(section); piece != nil {
		return piece, nil
	}
	x, err := s.known(ctx, f)
	if x == nil || err != nil {
		return nil, err
	}
	bounds := &f.parquet.sections[section]
	chunks := []chunk{}
	for _, c := range x.chunks {
		if c.row >= bounds.from && c.row < bounds.to {
			chunks = append(chunks, c)
		}
	}
	return chunks, nil
}

func anyMay(chunks []chunk, q *question) bool {
	for i := range chunks {
		if chunks[i].may(q) {
			return true
		}
	}
	return false
}

// heightBounds are the heights of a row group, from its statistics. Integers
// are compared as signed numbers by all writers, so these can be trusted.
func heightBounds(file *parquet.File, group int, l *leaf) (low, high uint64, ok bool) {
	if l == nil || l.meaning != asInteger || l.scale != 0 {
		return 0, 0, false
	}
	stats := file.Metadata().RowGroups[group].Columns[l.index].MetaData.Statistics
	a, okA := statistic(stats.MinValue)
	b, okB := statistic(stats.MaxValue)
	if !okA || !okB || a < 0 || a > b {
		return 0, 0, false
	}
	return uint64(a), uint64(b), true
}

func statistic(b []byte) (int64, bool) {
	switch len(b) {
	case 4:
		return int64(int32(binary.LittleEndian.Uint32(b))), true
	case 8:
		return int64(binary.LittleEndian.Uint64(b)), true
	}
	return 0, false
}

// groupScan reads one row group.
type groupScan struct {
	file    *file
	in      io.ReaderAt
	group   parquet.RowGroup
	base    int64 // the file's row of the group's first
	teller  *teller
	row     *row
	indexer *indexer // nil if no index is built
	check   bool     // whether addresses were not yet checked

	views   []*view   // of plain columns
	keys    []*view   // those of views that hold addresses
	cursors []*cursor // of lists, keys first
	listed  int       // how many cursors are keys
	heights *view     // for the index; it runs ahead of views
	hits    []bool
	tokens  *tokenScan // nil if rows are told one by one
	shelf   *shelf     // nil if there is none
}

func (s *groupScan) open() {
	s.views, s.keys, s.cursors, s.listed, s.heights = nil, nil, nil, 0, nil
	leaves := s.file.parquet.leaves
	for i := range leaves {
		l := &leaves[i]
		switch {
		case !l.nested:
			v := &view{pages: *openPages(s.in, s.group, l)}
			s.views = append(s.views, v)
			if l.key {
				s.keys = append(s.keys, v)
			}
			if s.indexer != nil && l.column == s.file.layout.height {
				s.heights = &view{pages: *openPages(s.in, s.group, l)}
			}
		case l.key:
			s.cursors = append(s.cursors, nil)
			copy(s.cursors[s.listed+1:], s.cursors[s.listed:])
			s.cursors[s.listed] = openCursor(s.in, s.group, l)
			s.listed++
		default:
			s.cursors = append(s.cursors, openCursor(s.in, s.group, l))
		}
	}
}

func (s *groupScan) close() {
	for _, v := range s.views {
		v.close()
	}
	for _, c := range s.cursors {
		c.close()
	}
	if s.heights != nil {
		s.heights.close()
	}
}

// fault places an error of the Parquet library at a row of the group.
func (s *groupScan) fault(at int64, column string, err error) error {
	s.row.line = s.base + at + 1
	return s.row.fault(column, err)
}

// scan reads the n rows of the group in windows of a chunk.
func (s *groupScan) scan(ctx context.Context, n int64, chunks []chunk) error {
	s.open()
	s.tokens = newTokenScan(s)
	next := 0
	for a := int64(0); a < n; a += chunkRows {
		b := min(a+chunkRows, n)
		if err := ctx.Err(); err != nil {
			return err
		}
		for next < len(chunks) && chunks[next].row < s.base+a {
			next++
		}
		if chunks != nil && (next >= len(chunks) || !chunks[next].may(s.teller.question)) {
			continue
		}
		var err error
		if s.file.layout.flat {
			err = s.window(a, b)
		} else {
			err = s.nested(a, b)
		}
		if err == nil && s.indexer != nil {
			err = s.index(a, b)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// index notes the heights of the window, whose addresses are noted already.
func (s *groupScan) index(a, b int64) error {
	var c cell
	for at := a; at < b; at++ {
		if err := s.heights.cell(at, &c); err != nil {
			return s.fault(at, s.heights.leaf.name, err)
		}
		h, err := c.whole()
		if err != nil {
			return s.fault(at, s.heights.leaf.name, err)
		}
		s.indexer.height(h)
	}
	s.indexer.end(0, 0)
	return nil
}

// flat tests the address columns page by page, then tells the rows that hit.
func (s *groupScan) flat(a, b int64) error {
	for _, v := range s.keys {
		v.noted = false
	}
	for at := a; at < b; {
		end := b
		for _, v := range s.keys {
			if err := v.load(at); err != nil {
				return s.fault(at, v.leaf.name, err)
			}
			end = min(end, v.end)
		}
		s.hits = slices.Grow(s.hits[:0], int(end-at))[:end-at]
		clear(s.hits)
		for _, v := range s.keys {
			if err := s.test(v, at, end); err != nil {
				return err
			}
		}
		if s.tokens != nil {
			if err := s.tokens.tell(s, at, s.hits); err != nil {
				return err
			}
			at = end
			continue
		}
		for i, hit := range s.hits {
			if hit {
				if err := s.tell(at + int64(i)); err != nil {
					return err
				}
			}
		}
		at = end
	}
	return nil
}

// test marks the rows from a to b, all of v's current page, whose address is
// asked for. While the index is built it checks and notes every address.
func (s *groupScan) test(v *view, a, b int64) error {
	rank := int(a - v.start)
	skim := !s.check && s.indexer == nil // a row that hit need not hit twice
	if skim && v.isText() {
		return s.skim(v, a, b)
	}
	if len(v.levels) > 0 {
		// Rows of chunks that were skipped may lie between.
		skipped := v.levels[v.tested-v.start : a-v.start]
		rank = v.testedRank + bytes.Count(skipped, []byte{v.leaf.top})
	}
	for at := a; at < b; at++ {
		if len(v.levels) > 0 && v.levels[at-v.start] != v.leaf.top {
			if v.leaf.given {
				return s.fault(at, v.leaf.name, errMissing)
			}
			continue
		}
		if skim && s.hits[at-a] {
			rank++
			continue
		}
		hit, err := s.judge(v, rank)
		if err != nil {
			return s.fault(at, v.leaf.name, err)
		}
		if hit {
			s.hits[at-a] = true
		}
		rank++
	}
	v.tested, v.testedRank = b, rank
	return nil
}

// skim is test for a plain page whose addresses were checked before.
func (s *groupScan) skim(v *view, a, b int64) error {
	asked := &s.teller.question.asked
	data, offsets := v.values.data, v.values.offsets[a-v.start:b-v.start+1]
	hits, gap := s.hits[:b-a], v.values.gap
	from := offsets[0]
	for i := range hits {
		to := offsets[i+1]
		text := data[from : to-gap]
		from = to
		if len(text) == 0 {
			if v.leaf.given {
				return s.fault(a+int64(i), v.leaf.name, errMissing)
			}
			continue
		}
		if h := digest(text); asked.may(h) && asked.has(h) {
			hits[i] = true
		}
	}
	return nil
}

const (
	judgedMiss = 1
	judgedHit  = 2
)

// judge tests one value; an entry of a dictionary only once.
func (s *groupScan) judge(v *view, i int) (bool, error) {
	vs := &v.values
	if vs.indexes == nil {
		return s.judgeText(v.leaf, vs.text(i))
	}
	d := vs.dictionary
	if v.judged != d {
		n := len(d.offsets) - 1
		v.judged, v.verdicts = d, make([]uint8, n)
	}
	if !v.noted && s.indexer != nil {
		// A new chunk: each entry that it uses must be noted again.
		clear(v.verdicts)
	}
	v.noted = true
	e := vs.indexes[i]
	if v.verdicts[e] == 0 {
		hit, err := s.judgeText(v.leaf, d.text(int(e)))
		if err != nil {
			return false, err
		}
		v.verdicts[e] = judgedMiss
		if hit {
			v.verdicts[e] = judgedHit
		}
	}
	return v.verdicts[e] == judgedHit, nil
}

func (s *groupScan) judgeText(l *leaf, b []byte) (bool, error) {
	if len(b) == 0 {
		if l.given {
			return false, errMissing
		}
		return false, nil
	}
	h := digest(b)
	if s.check {
		if err := s.teller.check(b); err != nil {
			return false, err
		}
	}
	if s.indexer != nil {
		s.indexer.address(h)
	}
	return s.teller.question.asks(h), nil
}

// nested assembles the lists that hold addresses for every row.
func (s *groupScan) nested(a, b int64) error {
	r := s.row
	for at := a; at < b; at++ {
		r.reset()
		for _, c := range s.cursors[:s.listed] {
			if err := c.assemble(at, r); err != nil {
				return s.fault(at, c.leaf.name, err)
			}
		}
		// A list may stand as text in a plain column.
		for _, v := range s.keys {
			if err := v.cell(at, &r.cells[v.leaf.column]); err != nil {
				return s.fault(at, v.leaf.name, err)
			}
		}
		s.file.layout.touch(r)
		for _, address := range r.touched {
			if !s.check {
				break
			}
			if err := s.teller.check(address); err != nil {
				return s.fault(at, "", err)
			}
			if s.indexer != nil {
				s.indexer.address(digest(address))
			}
		}
		if !s.teller.question.hit(r.touched) {
			continue
		}
		if err := s.finish(at, s.cursors[s.listed:]); err != nil {
			return err
		}
	}
	return nil
}

// tell reads all columns of a row and tells it.
func (s *groupScan) tell(at int64) error {
	s.row.reset()
	return s.finish(at, s.cursors)
}

// finish reads the plain columns and the given lists of a row and tells it.
func (s *groupScan) finish(at int64, lists []*cursor) error {
	r := s.row
	r.line, r.number = s.base+at+1, s.base+at
	for _, v := range s.views {
		if c := &r.cells[v.leaf.column]; c.kind == null {
			if err := v.cell(at, c); err != nil {
				return r.fault(v.leaf.name, err)
			}
		}
	}
	for _, c := range lists {
		if err := c.assemble(at, r); err != nil {
			return r.fault(c.leaf.name, err)
		}
	}
	return s.file.layout.tell(s.teller, r)
}

// readParquetBlocks gives every row of a blocks file to visit.
func (f *file) readParquetBlocks(ctx context.Context, visit func(chain.Block)) (err error) {
	defer f.rescue(&err)
	in, file, err := f.openParquet()
	if err != nil {
		return err
	}
	defer in.Close()
	base := int64(0)
	for _, group := range file.RowGroups() {
		if err := f.groupBlocks(ctx, in, group, base, visit); err != nil {
			return err
		}
		base += group.NumRows()
	}
	return nil
}

// groupBlocks gives the block that each row of a row group names to visit.
func (f *file) groupBlocks(ctx context.Context, in io.ReaderAt, group parquet.RowGroup, base int64, visit func(chain.Block)) error {
	r := f.newRow()
	var views []*view
	for _, at := range [...]int{f.layout.height, f.layout.clock, f.layout.block} {
		if l := f.parquet.leaf(at); l != nil {
			v := &view{pages: *openPages(in, group, l)}
			defer v.close()
			views = append(views, v)
		}
	}
	for at := range group.NumRows() {
		if at%checkEvery == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		r.line = base + at + 1
		for _, v := range views {
			if err := v.cell(at, &r.cells[v.leaf.column]); err != nil {
				return r.fault(v.leaf.name, err)
			}
		}
		h, err := r.cells[f.layout.height].whole()
		if err != nil {
			return r.fault(f.layout.columns[f.layout.height].name, err)
		}
		b, err := f.block(r, h)
		if err != nil {
			return err
		}
		visit(b)
	}
	return nil
}

// parquetTop is the highest block a file names: only the row group that its
// statistics say is highest is read, or all where there are none.
func (f *file) parquetTop(ctx context.Context) (top chain.Block, ok bool, err error) {
	defer f.rescue(&err)
	if f.parquet.rows == 0 {
		return top, false, nil
	}
	in, file, err := f.openParquet()
	if err != nil {
		return top, false, err
	}
	defer in.Close()
	best, from, base, known := -1, int64(0), int64(0), true
	var highest uint64
	groups := file.RowGroups()
	for g, group := range groups {
		n := group.NumRows()
		if _, high, has := heightBounds(file, g, f.parquet.leaf(f.layout.height)); n > 0 {
			known = known && has
			if best < 0 || high > highest {
				best, highest, from = g, high, base
			}
		}
		base += n
	}
	visit := func(b chain.Block) {
		if !ok {
			top, ok = b, true
		} else {
			top = higher(top, b)
		}
	}
	if known {
		if err := f.groupBlocks(ctx, in, groups[best], from, visit); err != nil {
			return top, false, err
		}
		if ok && top.Height == highest {
			return top, true, nil
		}
		return top, false, bad(f.name, "%v", errors.New("the statistics of block_number contradict its values"))
	}
	base = 0
	for _, group := range groups {
		if err := f.groupBlocks(ctx, in, group, base, visit); err != nil {
			return top, false, err
		}
		base += group.NumRows()
	}
	return top, ok, nil
}
