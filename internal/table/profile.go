package table

import (
	"io"
	"strconv"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
)

const (
	// rowGroup is the most rows of a row group: about 70 MB of the widest table.
	rowGroup = 1_000_000
	// batchRows is how many rows are handed over at once. Pages are cut at
	// these borders only, so it is part of what makes equal rows equal bytes.
	// It divides rowGroup.
	batchRows = 500
)

// open starts a file of the table. Each setting answers a reader that fails or,
// worse, loses rows without it:
//   - PLAIN text, because DELTA_LENGTH_BYTE_ARRAY stops older Spark, Iceberg and
//     Velox; data pages v1 for the same reason.
//   - dictionaries only on columns of few distinct values, and never together
//     with a bloom filter, which would hold the dictionary's values only. (A pack
//     has no such bug, and no fallback that would cause it.)
//   - bounds of 64 bytes, because ClickHouse refuses truncated ones.
//   - no statistics on the one column that may be negative: parquet-go compares
//     decimals as unsigned bytes, and readers would prune rows by that.
func open[T any](w io.Writer, t Table, tool Tool) *parquet.GenericWriter[T] {
	filters := make([]parquet.BloomFilterColumn, len(t.Blooms))
	for i, name := range t.Blooms {
		filters[i] = parquet.SplitBlockFilter(10, name)
	}
	return parquet.NewGenericWriter[T](w, t.schema(),
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedFastest}),
		parquet.MaxRowsPerRowGroup(rowGroup),
		parquet.DataPageVersion(1),
		parquet.DataPageStatistics(false),
		parquet.DefaultEncodingFor(parquet.ByteArray, &parquet.Plain),
		parquet.DefaultEncodingFor(parquet.FixedLenByteArray, &parquet.Plain),
		parquet.ColumnIndexSizeLimit(func([]string) int { return 64 }),
		parquet.SkipPageBounds("difference"),
		parquet.SkipPageStatistics("difference"),
		parquet.BloomFilters(filters...),
		parquet.KeyValueMetadata("schema_version", strconv.Itoa(SchemaVersion)),
		parquet.CreatedBy("scamtrace", tool.Version, tool.Commit),
	)
}
