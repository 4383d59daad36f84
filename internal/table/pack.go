package table

import (
	"bytes"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/bloom"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// pack writes a Parquet file out of columns of bytes. parquet-go takes values
// of 24 bytes each and hashes every one of a dictionary column; the big tables
// know better, e.g. that a row has the transaction of the row before. The
// metadata is parquet-go's: its types, its encoding, and the footer of the
// empty file that open makes.
type pack struct {
	w       io.Writer
	offset  int64
	footer  *format.FileMetaData
	columns []*packColumn
	indexes [][]format.ColumnIndex
	places  [][]format.OffsetIndex
	zstd    *zstd.Encoder
	strides strides
	packed  []byte
	joined  []byte
	staged  int   // rows since the last look at the sizes
	group   int64 // rows of the row group
	most    int   // bytes held, at which a row group is cut
	err     error
}

const (
	// pageBytes and pageRows are where a page is cut, at the next batchRows.
	pageBytes = 512 << 10
	pageRows  = 1 << 17
	// groupBytes is where a row group is cut: what a writer holds of it.
	groupBytes = 24 << 20
)

func newPack[T any](w io.Writer, t Table, tool Tool) (*pack, error) {
	var empty bytes.Buffer
	if err := open[T](&empty, t, tool).Close(); err != nil {
		return nil, err
	}
	f, err := parquet.OpenFile(bytes.NewReader(empty.Bytes()), int64(empty.Len()))
	if err != nil {
		return nil, err
	}
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest),
		zstd.WithZeroFrames(true), zstd.WithEncoderCRC(false), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return nil, err
	}
	p := &pack{w: w, most: groupBytes, footer: f.Metadata(), zstd: encoder}
	p.footer.RowGroups = nil
	for i := range t.Columns {
		c := &packColumn{pack: p, element: &p.footer.Schema[i+1]}
		c.nullable = c.element.RepetitionType.V == format.Optional
		tag := t.row.Field(i).Tag.Get("parquet")
		c.kind = parquet.Kind(c.element.Type.V)
		if t.dictionaries(tag, c.element.Name) {
			c.dict = newDictionary()
		}
		for _, name := range t.Blooms {
			c.bloom = c.bloom || name == c.element.Name
		}
		p.columns = append(p.columns, c)
	}
	return p, p.write([]byte("PAR1"))
}

func (p *pack) write(b []byte) error {
	if p.err == nil {
		_, p.err = p.w.Write(b)
		p.offset += int64(len(b))
	}
	return p.err
}

// encode writes a structure of the metadata and gives its length.
func (p *pack) encode(v any) int32 {
	b := p.marshal(v)
	p.write(b)
	return int32(len(b))
}

func (p *pack) marshal(v any) []byte {
	b, err := thrift.Marshal(new(thrift.CompactProtocol), v)
	if err != nil && p.err == nil {
		p.err = err
	}
	return b
}

// end ends a row.
func (p *pack) end() error {
	p.staged++
	if p.staged == batchRows {
		return p.look()
	}
	return nil
}

// look cuts pages and the row group that are big enough.
func (p *pack) look() error {
	p.group += int64(p.staged)
	p.staged = 0
	held := 0
	for _, c := range p.columns {
		if len(c.data) >= pageBytes || c.rows >= pageRows {
			c.cut()
		}
		held += c.held + len(c.data)
		if c.dict != nil {
			held += len(c.dict.data)
		}
	}
	if held >= p.most || p.group >= rowGroup {
		p.flush()
	}
	return p.err
}

// flush writes the row group.
func (p *pack) flush() {
	p.group += int64(p.staged)
	p.staged = 0
	if p.group == 0 {
		return
	}
	g := format.RowGroup{NumRows: p.group, FileOffset: p.offset, Ordinal: int16(len(p.footer.RowGroups))}
	index := make([]format.ColumnIndex, len(p.columns))
	places := make([]format.OffsetIndex, len(p.columns))
	for i, c := range p.columns {
		c.cut()
		chunk := c.chunk(&index[i], &places[i])
		g.TotalByteSize += chunk.MetaData.TotalUncompressedSize
		g.TotalCompressedSize += chunk.MetaData.TotalCompressedSize
		g.Columns = append(g.Columns, chunk)
	}
	for i, c := range p.columns {
		if c.bloom {
			meta := &g.Columns[i].MetaData
			meta.BloomFilterOffset = p.offset
			c.writeBloom()
			meta.BloomFilterLength = int32(p.offset - meta.BloomFilterOffset)
		}
		c.reset()
	}
	p.footer.RowGroups = append(p.footer.RowGroups, g)
	p.footer.NumRows += p.group
	p.indexes = append(p.indexes, index)
	p.places = append(p.places, places)
	p.group = 0
}

// close writes the rest: the last row group, the page index, the footer.
func (p *pack) close() error {
	p.flush()
	for i := range p.indexes {
		for k := range p.indexes[i] {
			c := &p.footer.RowGroups[i].Columns[k]
			c.ColumnIndexOffset = p.offset
			c.ColumnIndexLength = p.encode(&p.indexes[i][k])
		}
	}
	for i := range p.places {
		for k := range p.places[i] {
			c := &p.footer.RowGroups[i].Columns[k]
			c.OffsetIndexOffset = p.offset
			c.OffsetIndexLength = p.encode(&p.places[i][k])
		}
	}
	n := uint32(p.encode(p.footer))
	return p.write([]byte{byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24), 'P', 'A', 'R', '1'})
}

// writeBloom writes the filter of the values of the row group.
func (c *packColumn) writeBloom() {
	hashes := c.hashes
	if c.dict != nil {
		for at := 0; at < len(c.dict.data); {
			n := at + 4 + int(le32(c.dict.data[at:]))
			hashes = append(hashes, bloom.XXH64{}.Sum64(c.dict.data[at+4:n]))
			at = n
		}
	}
	filter := make(bloom.SplitBlockFilter, max(1, bloom.NumSplitBlocksOf(int64(len(hashes)), 10)))
	filter.InsertBulk(hashes)
	c.hashes = hashes[:0]
	header := format.BloomFilterHeader{NumBytes: int32(len(filter) * bloom.BlockSize)}
	header.Algorithm.Value = &format.SplitBlockAlgorithm{}
	header.Hash.Value = &format.XxHash{}
	header.Compression.Value = &format.BloomFilterUncompressed{}
	c.pack.encode(&header)
	c.pack.write(filter.Bytes())
}
