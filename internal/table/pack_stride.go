package table

import (
	"encoding/binary"
	"math/bits"

	"github.com/klauspost/compress/huff0"
)

// strides compresses columns of hashes and addresses. Each value is as long as
// the next and starts alike ("0x"); the hex digits behind that are as good as
// random. A general compressor looks for repetitions everywhere and finds but
// the start of the value before. So this writes that down without looking: the
// zstd frame (RFC 8878) has one sequence for each value, "so many digits, then
// the start again", all of them equal; only the digits are Huffman-coded.
type strides struct {
	huff     huff0.Scratch
	literals []byte
}

const (
	strideBlock = 128 << 10 // the most that a block of zstd may hold
	strideLeast = 64        // values; fewer are not worth it
)

// append appends a frame of head and then data, PLAIN texts. It is false, and
// nothing is appended, where data is not of the kind.
func (s *strides) append(dst, head, data []byte) ([]byte, bool) {
	if len(data) < 4 {
		return dst, false
	}
	var start int // length and common start of a value
	switch n := le32(data); n {
	case 42, 66:
		start = 6
	case 64:
		start = 4
	default:
		return dst, false
	}
	stride := int(le32(data)) + 4
	if len(data)%stride != 0 || len(data) < strideLeast*stride || !alike(data, stride, start) {
		return dst, false
	}
	dst = binary.LittleEndian.AppendUint32(dst, 0xFD2FB528)
	dst = append(dst, 0xA0) // one segment, its size in four bytes
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(head)+len(data)))
	for len(head) > 0 {
		n := min(len(head), strideBlock)
		dst = append(blockHeader(dst, 0, n, false), head[:n]...)
		head = head[n:]
	}
	// The first start is told as it is; from there each value's digits precede
	// the start of the next. The last value's digits stand alone.
	dst = append(blockHeader(dst, 0, start, false), data[:start]...)
	data = data[start:]
	each := strideBlock / stride * stride
	for len(data) > 0 {
		n := min(len(data), each)
		dst = s.block(dst, data[:n], stride, start, n == len(data))
		data = data[n:]
	}
	return dst, true
}

// alike reports whether every value starts like the first, and few values are
// the one before again: a general compressor does better there.
func alike(data []byte, stride, start int) bool {
	first := binary.LittleEndian.Uint64(data)
	mask := ^uint64(0) >> (64 - 8*start)
	var last uint64
	again := 0
	for at := 0; at < len(data); at += stride {
		if (binary.LittleEndian.Uint64(data[at:])^first)&mask != 0 {
			return false
		}
		tail := binary.LittleEndian.Uint64(data[at+stride-8:])
		if tail == last {
			again++
		}
		last = tail
	}
	return again*8 < len(data)/stride
}

// blockHeader is of a raw block, kind 0, or a compressed one, kind 2.
func blockHeader(dst []byte, kind, n int, last bool) []byte {
	h := n<<3 | kind<<1
	if last {
		h |= 1
	}
	return append(dst, byte(h), byte(h>>8), byte(h>>16))
}

// block appends data, which begins behind a start.
func (s *strides) block(dst, data []byte, stride, start int, last bool) []byte {
	digits := stride - start
	s.literals = s.literals[:0]
	for at := 0; at < len(data); at += stride {
		s.literals = append(s.literals, data[at:at+digits]...)
	}
	s.huff.Reuse = huff0.ReusePolicyNone
	packed, _, err := huff0.Compress4X(s.literals, &s.huff)
	if err != nil { // not compressible
		return append(blockHeader(dst, 0, len(data), last), data...)
	}
	at := len(dst)
	dst = append(dst, 0, 0, 0)
	// Literals: Huffman-coded in four streams, both sizes in 18 bits.
	h := 2 | 3<<2 | uint64(len(s.literals))<<4 | uint64(len(packed))<<22
	dst = append(dst, byte(h), byte(h>>8), byte(h>>16), byte(h>>24), byte(h>>32))
	dst = append(dst, packed...)
	dst = appendSequences(dst, len(data)/stride, digits, start, stride)
	blockHeader(dst[:at], 2, len(dst)-at-3, last)
	return dst
}

// appendSequences says n times: take so many literals, then copy so much from
// so far back. All codes are equal, so each table is one code.
func appendSequences(dst []byte, n, literals, length, offset int) []byte {
	switch {
	case n < 128:
		dst = append(dst, byte(n))
	default: // below 0x7F00: a block is 128 KiB
		dst = append(dst, byte(n>>8+128), byte(n))
	}
	if n == 0 {
		return dst
	}
	// Numbers of literals from 40 to 47 have the code 23 and three more bits, from
	// 64 to 127 the code 25 and six.
	code, extra, extraBits := byte(23), uint64(literals-40), 3
	if literals >= 64 {
		code, extra, extraBits = 25, uint64(literals-64), 6
	}
	back := uint64(offset + 3)
	backBits := bits.Len64(back) - 1
	dst = append(dst, 0b01010100, code, byte(backBits), byte(length-3))
	// The bits are read backwards: of a sequence first those of the offset, which
	// therefore lie higher.
	word := extra | (back&^(1<<backBits))<<extraBits
	width := extraBits + backBits
	var acc uint64
	have := 0
	for range n {
		acc |= word << have
		for have += width; have >= 8; have -= 8 {
			dst = append(dst, byte(acc))
			acc >>= 8
		}
	}
	return append(dst, byte(acc|1<<have)) // where to start reading
}
