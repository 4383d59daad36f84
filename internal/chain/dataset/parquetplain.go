package dataset

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// plainPages reads the pages of a column of texts without levels and without a
// dictionary, as those of addresses and hashes mostly are. The texts stay where
// they were decompressed; the library would copy each of them. What is not as
// expected is left to the library.
type plainPages struct {
	in     io.ReaderAt
	index  parquet.OffsetIndex
	rows   int64 // of the row group
	codec  compress.Codec
	packed []byte
	page   []byte
	at     int // the page to be read next
}

// mostPage bounds the size of a page that is read here.
const mostPage = 64 << 20

// newPlainPages is nil if the column has to be read by the library.
func newPlainPages(in io.ReaderAt, group parquet.RowGroup, l *leaf, index parquet.OffsetIndex) *plainPages {
	chunk, ok := group.ColumnChunks()[l.index].(*parquet.FileColumnChunk)
	if !ok || l.nested || l.top != 0 || l.physical != parquet.ByteArray || l.meaning != asText || in == nil {
		return nil
	}
	for g, other := range chunk.File().RowGroups() {
		if other != group {
			continue
		}
		c := &chunk.File().Metadata().RowGroups[g].Columns[l.index]
		m := &c.MetaData
		if m.DictionaryPageOffset != 0 || len(c.EncryptedColumnMetadata) > 0 || c.FilePath != "" {
			return nil
		}
		for _, e := range m.Encoding {
			if e != format.Plain && e != format.RLE {
				return nil
			}
		}
		return &plainPages{in: in, index: index, rows: group.NumRows(), codec: parquet.LookupCompressionCodec(m.Codec)}
	}
	return nil
}

// first is the first row of page i.
func (p *plainPages) first(i int) int64 {
	if i >= p.index.NumPages() {
		return p.rows
	}
	return p.index.FirstRowIndex(i)
}

// next reads the page with the row, at or behind the next one. ok is false if
// the library has to read it.
func (p *plainPages) next(row int64, v *values) (start, end int64, ok bool, err error) {
	for p.at < p.index.NumPages() && p.first(p.at+1) <= row {
		p.at++
	}
	if p.at >= p.index.NumPages() {
		return 0, 0, false, io.EOF
	}
	start, end = p.first(p.at), p.first(p.at+1)
	size := p.index.CompressedPageSize(p.at)
	if size <= 0 || size > mostPage || end <= start {
		return 0, 0, false, nil
	}
	p.packed = resize(p.packed, int(size))
	if _, err := p.in.ReadAt(p.packed, p.index.Offset(p.at)); err != nil {
		return 0, 0, false, err
	}
	data, ok, err := p.unpack()
	if err != nil || !ok || !v.prefixed(data, int(end-start)) {
		return 0, 0, false, err
	}
	p.at++
	return start, end, true, nil
}

func resize(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n)
	}
	return b[:n]
}

var errChecksum = errors.New("the checksum of a page is wrong")

// unpack decompresses the page in p.packed.
func (p *plainPages) unpack() (data []byte, ok bool, err error) {
	var h format.PageHeader
	var protocol thrift.CompactProtocol
	if err := thrift.NewDecoder(protocol.NewReader(bytes.NewReader(p.packed))).Decode(&h); err != nil {
		return nil, false, err
	}
	n, size := int(h.CompressedPageSize), int(h.UncompressedPageSize)
	if n < 0 || n >= len(p.packed) || size < 0 || size > mostPage {
		return nil, false, nil
	}
	raw := p.codec.CompressionCodec() == format.Uncompressed
	switch v1, v2 := &h.DataPageHeader, &h.DataPageHeaderV2; {
	case h.Type == format.DataPage && v1.Valid && v1.V.Encoding == format.Plain:
	case h.Type == format.DataPageV2 && v2.Valid && v2.V.Encoding == format.Plain &&
		v2.V.DefinitionLevelsByteLength == 0 && v2.V.RepetitionLevelsByteLength == 0:
		raw = raw || v2.V.IsCompressed.Valid && !v2.V.IsCompressed.V
	default:
		return nil, false, nil
	}
	data = p.packed[len(p.packed)-n:]
	if h.CRC != 0 && uint32(h.CRC) != crc32.ChecksumIEEE(data) {
		return nil, false, errChecksum
	}
	if raw {
		return data, true, nil
	}
	p.page = resize(p.page, size)
	p.page, err = p.codec.Decode(p.page, data)
	return p.page, err == nil, err
}

// prefixed finds n texts behind their lengths; false if data holds anything
// else.
func (v *values) prefixed(data []byte, n int) bool {
	const width = 4
	v.indexes, v.data, v.gap = nil, data, width
	v.offsets = v.offsets[:0]
	if !v.own {
		v.offsets, v.own = nil, true // those were the library's
	}
	at := 0
	for range n {
		if len(data)-at < width {
			return false
		}
		size := int(binary.LittleEndian.Uint32(data[at:]))
		at += width
		if size > len(data)-at {
			return false
		}
		v.offsets = append(v.offsets, uint32(at))
		at += size
	}
	v.offsets = append(v.offsets, uint32(at+width))
	return at == len(data)
}
