package dataset

import (
	"bufio"
	"bytes"
	"io"
	"os"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// packing is how a file is compressed, told by its first bytes, never by its
// name.
type packing uint8

const (
	plain packing = iota
	gzipped
	zstandard
)

// maxWindow bounds the memory a zstd frame may ask for; zstd -19 --long=27
// needs 128 MiB.
const maxWindow = 128 << 20

// stream is a file's decompressed bytes.
type stream struct {
	io.Reader
	file *os.File
	zstd *zstd.Decoder
	// seekable says that offsets of the stream are offsets of the file.
	seekable bool
}

func sniffPacking(head []byte) packing {
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return gzipped
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		return zstandard
	}
	return plain
}

// newStream decompresses f, which it owns from then on.
func newStream(f *os.File) (*stream, error) {
	in := bufio.NewReaderSize(f, 1<<18)
	head, err := in.Peek(4)
	if err != nil && err != io.EOF {
		f.Close()
		return nil, err
	}
	s := &stream{file: f}
	switch sniffPacking(head) {
	case gzipped:
		s.Reader, err = gzip.NewReader(in)
	case zstandard:
		s.zstd, err = zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		s.Reader = s.zstd
	default:
		// The caller has a buffer of its own and may seek.
		_, err = f.Seek(0, io.SeekStart)
		s.Reader, s.seekable = f, true
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return s, nil
}

func (s *stream) Close() error {
	if s.zstd != nil {
		s.zstd.Close()
	}
	return s.file.Close()
}
