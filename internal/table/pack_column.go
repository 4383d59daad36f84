package table

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math/bits"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/bloom"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// packColumn is one column of a file: the page that is being filled and the
// pages of the row group that wait, compressed.
type packColumn struct {
	pack     *pack
	element  *format.SchemaElement
	kind     parquet.Kind
	nullable bool
	bloom    bool
	dict     *dictionary

	// The page.
	rows   int
	nulls  int
	levels []uint32 // 1 for a value, once there is a null
	data   []byte   // PLAIN values
	ids    []uint32 // or places in the dictionary
	bounds bounds

	// The row group.
	pages  [][]byte
	held   int
	hashes []uint64
	plain  int64 // bytes of the pages with headers, not compressed
	values int64
	empty  int64 // nulls
	all    bounds
	index  format.ColumnIndex
	places []format.PageLocation
	first  int64 // row of the next page
	buf    []byte
}

// bounds are the least and greatest values of a page: integers, or bytes.
type bounds struct {
	some     bool
	low, top int64
	least    []byte
	greatest []byte
}

func (b *bounds) int(n int64) {
	if !b.some {
		b.low, b.top, b.some = n, n, true
		return
	}
	b.low, b.top = min(b.low, n), max(b.top, n)
}

func (b *bounds) bytes(v []byte) {
	switch {
	case !b.some:
		b.least, b.greatest, b.some = append(b.least[:0], v...), append(b.greatest[:0], v...), true
	case bytes.Compare(v, b.least) < 0:
		b.least = append(b.least[:0], v...)
	case bytes.Compare(v, b.greatest) > 0:
		b.greatest = append(b.greatest[:0], v...)
	}
}

// texts gives the bounds as the metadata wants them.
func (b *bounds) texts(k parquet.Kind) (least, greatest []byte) {
	switch k {
	case parquet.Int64:
		return binary.LittleEndian.AppendUint64(nil, uint64(b.low)), binary.LittleEndian.AppendUint64(nil, uint64(b.top))
	case parquet.Boolean:
		return []byte{byte(b.low)}, []byte{byte(b.top)}
	default:
		return clip(b.least, false), clip(b.greatest, true)
	}
}

// mostBound is the length of a bound; 66 is that of a hash.
const mostBound = 96

// clip shortens a bound; an upper one still is one afterwards.
func clip(v []byte, upper bool) []byte {
	if len(v) <= mostBound {
		return append([]byte{}, v...)
	}
	v = append([]byte{}, v[:mostBound]...)
	if upper {
		v[mostBound-1]++ // text of ASCII
	}
	return v
}

func (c *packColumn) null() {
	if c.nulls == 0 {
		for len(c.levels) < c.rows {
			c.levels = append(c.levels, 1)
		}
	}
	c.levels = append(c.levels, 0)
	c.nulls++
	c.rows++
}

// value counts a value.
func (c *packColumn) value() {
	c.rows++
	if c.nulls > 0 {
		c.levels = append(c.levels, 1)
	}
}

func (c *packColumn) int(n int64) {
	c.value()
	c.bounds.int(n)
	c.data = binary.LittleEndian.AppendUint64(c.data, uint64(n))
}

func (c *packColumn) bool(b bool) {
	n := int64(0)
	if b {
		n = 1
	}
	at := c.rows - c.nulls
	c.value()
	c.bounds.int(n)
	if at&7 == 0 {
		c.data = append(c.data, 0)
	}
	c.data[len(c.data)-1] |= byte(n) << (at & 7)
}

func (c *packColumn) decimal(d *Decimal) {
	c.value()
	c.bounds.bytes(d[:])
	c.data = append(c.data, d[:]...)
}

// begin makes room for the length of a text that is appended to data; done ends
// it.
func (c *packColumn) begin() (at int) {
	at = len(c.data)
	c.data = append(c.data, 0, 0, 0, 0)
	return at
}

func (c *packColumn) done(at int) {
	c.value()
	v := c.data[at+4:]
	binary.LittleEndian.PutUint32(c.data[at:], uint32(len(v)))
	c.bounds.bytes(v)
	if c.bloom {
		c.hashes = append(c.hashes, bloom.XXH64{}.Sum64(v))
	}
}

// id puts a place in the dictionary.
func (c *packColumn) id(place uint32) {
	c.value()
	c.ids = append(c.ids, place)
}

// cut ends the page.
func (c *packColumn) cut() {
	if c.rows == 0 {
		return
	}
	body := c.buf[:0]
	if c.nullable {
		body = append(body, 0, 0, 0, 0)
		if c.nulls == 0 {
			body = appendRun(body, uint32(c.rows), 1, 1)
		} else {
			body = appendHybrid(body, c.levels, 1)
		}
		binary.LittleEndian.PutUint32(body, uint32(len(body)-4))
	}
	encoding := format.Plain
	if c.dict != nil {
		encoding = format.RLEDictionary
		width := max(1, bits.Len32(max(1, c.dict.count)-1))
		body = append(body, byte(width))
		body = appendHybrid(body, c.ids, width)
	}
	c.buf = body
	header := format.PageHeader{Type: format.DataPage}
	header.DataPageHeader = thrift.New(format.DataPageHeader{
		NumValues: int32(c.rows), Encoding: encoding,
		DefinitionLevelEncoding: format.RLE, RepetitionLevelEncoding: format.RLE,
	})
	page := c.page(&header, body, c.data)
	c.places = append(c.places, format.PageLocation{Offset: int64(c.held), CompressedPageSize: int32(len(page)), FirstRowIndex: c.first})
	c.pages = append(c.pages, page)
	c.held += len(page)
	c.note()
	c.first += int64(c.rows)
	c.values += int64(c.rows)
	c.empty += int64(c.nulls)
	c.rows, c.nulls, c.levels, c.data, c.ids, c.bounds.some = 0, 0, c.levels[:0], c.data[:0], c.ids[:0], false
}

// page gives the header and the compressed body, head and then data, in memory of
// their own.
func (c *packColumn) page(header *format.PageHeader, head, data []byte) []byte {
	packed := c.compress(head, data)
	header.UncompressedPageSize, header.CompressedPageSize = int32(len(head)+len(data)), int32(len(packed))
	header.CRC = int32(crc32.ChecksumIEEE(packed))
	start := c.pack.marshal(header)
	c.plain += int64(len(start) + len(head) + len(data))
	page := make([]byte, 0, len(start)+len(packed))
	return append(append(page, start...), packed...)
}

// note adds the page to the column index. The bounds of a page of places are
// those of the whole dictionary, which is only complete later.
func (c *packColumn) note() {
	x := &c.index
	full := c.rows > c.nulls
	x.NullPages = append(x.NullPages, !full)
	x.NullCounts = append(x.NullCounts, int64(c.nulls))
	least, greatest := []byte{}, []byte{}
	if full && c.dict == nil {
		least, greatest = c.bounds.texts(c.kind)
		switch b := &c.bounds; c.kind {
		case parquet.Int64, parquet.Boolean:
			c.all.int(b.low)
			c.all.int(b.top)
		default:
			c.all.bytes(b.least)
			c.all.bytes(b.greatest)
		}
	}
	x.MinValues = append(x.MinValues, least)
	x.MaxValues = append(x.MaxValues, greatest)
}

// chunk writes the pages of the row group.
func (c *packColumn) chunk(index *format.ColumnIndex, places *format.OffsetIndex) format.ColumnChunk {
	meta := format.ColumnMetaData{
		Type: c.element.Type.V, Encoding: []format.Encoding{format.RLE, format.Plain},
		PathInSchema: []string{c.element.Name}, Codec: format.Zstd, NumValues: c.values,
	}
	pages := format.PageEncodingStats{PageType: format.DataPage, Encoding: format.Plain, Count: int32(len(c.pages))}
	start := c.pack.offset
	if c.dict != nil {
		meta.Encoding = append(meta.Encoding, format.RLEDictionary)
		meta.EncodingStats = append(meta.EncodingStats, format.PageEncodingStats{PageType: format.DictionaryPage, Encoding: format.Plain, Count: 1})
		pages.Encoding = format.RLEDictionary
		meta.DictionaryPageOffset = start
		c.writeDictionary()
	}
	meta.EncodingStats = append(meta.EncodingStats, pages)
	meta.DataPageOffset = c.pack.offset
	for i, page := range c.pages {
		c.places[i].Offset += meta.DataPageOffset
		c.pack.write(page)
	}
	meta.TotalUncompressedSize, meta.TotalCompressedSize = c.plain, c.pack.offset-start
	meta.Statistics.NullCount = c.empty
	if c.all.some {
		meta.Statistics.MinValue, meta.Statistics.MaxValue = c.all.texts(c.kind)
	}
	c.order()
	*index, *places = c.index, format.OffsetIndex{PageLocations: c.places}
	return format.ColumnChunk{MetaData: meta}
}

// writeDictionary writes the dictionary, and fills in the bounds of the pages.
func (c *packColumn) writeDictionary() {
	for at := 0; at < len(c.dict.data); {
		n := at + 4 + int(le32(c.dict.data[at:]))
		c.all.bytes(c.dict.data[at+4 : n])
		at = n
	}
	for i, none := range c.index.NullPages {
		if !none {
			c.index.MinValues[i], c.index.MaxValues[i] = c.all.texts(c.kind)
		}
	}
	header := format.PageHeader{Type: format.DictionaryPage}
	header.DictionaryPageHeader = thrift.New(format.DictionaryPageHeader{NumValues: int32(c.dict.count), Encoding: format.Plain})
	c.pack.write(c.page(&header, nil, c.dict.data))
}

// order says whether the pages are in ascending order, so that readers may
// search them by halves.
func (c *packColumn) order() {
	if c.kind != parquet.Int64 {
		return
	}
	var low, top int64
	for i, none := range c.index.NullPages {
		if none {
			return
		}
		l := int64(binary.LittleEndian.Uint64(c.index.MinValues[i]))
		t := int64(binary.LittleEndian.Uint64(c.index.MaxValues[i]))
		if i > 0 && (l < low || t < top) {
			return
		}
		low, top = l, t
	}
	c.index.BoundaryOrder = format.Ascending
}

// reset makes the column ready for the next row group.
func (c *packColumn) reset() {
	c.pages, c.held, c.plain, c.values, c.empty, c.first = c.pages[:0], 0, 0, 0, 0, 0
	clear(c.pages[:cap(c.pages)])
	c.all.some = false
	c.index, c.places = format.ColumnIndex{}, nil
	if c.dict != nil {
		c.dict.reset()
	}
}

// compress gives the zstd frame of head and data, valid until the next call.
func (c *packColumn) compress(head, data []byte) []byte {
	p := c.pack
	if c.kind == parquet.ByteArray && len(data) > 0 {
		if packed, ok := p.strides.append(p.packed[:0], head, data); ok {
			p.packed = packed
			return packed
		}
	}
	if len(head) > 0 && len(data) > 0 {
		p.joined = append(append(p.joined[:0], head...), data...)
		data = p.joined
	} else if len(data) == 0 {
		data = head
	}
	p.packed = p.zstd.EncodeAll(data, p.packed[:0])
	return p.packed
}

func le32(b []byte) uint32 { return binary.LittleEndian.Uint32(b) }
