package dataset

import (
	"encoding/binary"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// chunkRows is how many rows share one filter. Smaller chunks skip more and
// cost more index; at 65,536 the index is 1 to 5 % of a compressed file.
const chunkRows = 1 << 16

// chunk is what the index knows of consecutive rows of a file.
type chunk struct {
	row, rows int64
	// line and the offsets from, to place the rows in a text file.
	line, from, to int64
	low, high      uint64
	// prints are the 32-bit fingerprints of all addresses in the rows: sorted,
	// distinct, as uvarint differences. Unlike a Bloom filter of the same size,
	// a list of fingerprints stays selective for a frontier of thousands: a
	// false hit has odds of (asked * distinct) / 2^32.
	prints []byte
}

// index is what is known of one whole file.
type index struct {
	chunks []chunk
	// top is the highest block of a text file; rows is how many it has.
	top  chain.Block
	rows int64
}

func chunkBytes(c *chunk) int64 { return 96 + int64(len(c.prints)) }

// may reports whether a row of the chunk can hold what the question asks for.
// It never says no wrongly.
func (c *chunk) may(q *question) bool {
	if !spanned(q.Span, c.low, c.high) {
		return false
	}
	var value uint32
	asked := q.prints
	for b := c.prints; len(b) > 0; {
		step, n := binary.Uvarint(b)
		b = b[n:]
		value += uint32(step)
		if len(asked) == 0 {
			return false
		}
		if asked[0] < value {
			at, _ := slices.BinarySearch(asked[:reach(asked, value)], value)
			asked = asked[at:]
			if len(asked) == 0 {
				return false
			}
		}
		if asked[0] == value {
			return true
		}
	}
	return false
}

// reach doubles its stride until asked[reach-1] is not below value, so that a
// search in a long list costs the distance gone and not its length.
func reach(asked []uint32, value uint32) int {
	n := 1
	for n < len(asked) && asked[n-1] < value {
		n *= 2
	}
	return min(n, len(asked))
}

// indexer builds chunks while rows pass by.
type indexer struct {
	chunks  []chunk
	prints  []uint32
	scratch []uint32
	current chunk
	top     chain.Block
	rows    int64
	size    int64 // bytes of all chunks
	// without says that no index is kept: only top and rows are noted.
	without bool
}

// address notes an address of the current chunk by its digest.
func (x *indexer) address(h uint64) { x.prints = append(x.prints, fingerprint(h)) }

// height notes the height of a row, and reports whether it is the highest yet.
func (x *indexer) height(h uint64) bool {
	if x.current.rows == 0 {
		x.current.low, x.current.high = h, h
	}
	x.current.rows++
	x.rows++
	x.current.low, x.current.high = min(x.current.low, h), max(x.current.high, h)
	return x.rows == 1 || h > x.top.Height
}

// end closes the current chunk, which ends at the offset, and begins the next.
func (x *indexer) end(offset, nextLine int64) {
	c := x.current
	if x.without {
		x.chunks = nil
	} else if c.rows > 0 {
		c.to = offset
		c.prints = x.pack()
		x.chunks = append(x.chunks, c)
		x.size += chunkBytes(&c)
	}
	x.prints = x.prints[:0]
	x.current = chunk{row: c.row + c.rows, line: nextLine, from: offset}
}

// pack sorts the fingerprints and writes their differences.
func (x *indexer) pack() []byte {
	if cap(x.scratch) < len(x.prints) {
		x.scratch = make([]uint32, len(x.prints))
	}
	sorted := radixSort(x.prints, x.scratch[:len(x.prints)])
	sorted = slices.Compact(sorted)
	out := make([]byte, 0, 3*len(sorted)+16)
	var last uint32
	for _, p := range sorted {
		out = binary.AppendUvarint(out, uint64(p-last))
		last = p
	}
	return slices.Clip(out)
}

// radixSort sorts a in three passes of 11 bits; the result is a or scratch.
func radixSort(a, scratch []uint32) []uint32 {
	const width = 11
	for shift := 0; shift < 33; shift += width {
		var count [1 << width]int
		for _, v := range a {
			count[v>>shift&(1<<width-1)]++
		}
		sum := 0
		for i, n := range count {
			count[i] = sum
			sum += n
		}
		for _, v := range a {
			d := v >> shift & (1<<width - 1)
			scratch[count[d]] = v
			count[d]++
		}
		a, scratch = scratch, a
	}
	return a
}
