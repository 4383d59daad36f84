package table

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/ledger"
)

func TestStrides(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	d, err := zstd.NewReader(nil)
	require.NoError(t, err)
	defer d.Close()
	var s strides
	for _, length := range []int{42, 66, 64} {
		for _, n := range []int{64, 65, 127, 128, 129, 2848, 2849, 2850, 9000, 30000} {
			for _, head := range []int{0, 1, 7, 200_000} {
				var data []byte
				for range n {
					raw := make([]byte, 32)
					for i := 0; i < 32; i += 8 {
						binary.BigEndian.PutUint64(raw[i:], r.Uint64())
					}
					text := hex.EncodeToString(raw)
					if length != 64 {
						text = "0x" + text
					}
					data = binary.LittleEndian.AppendUint32(data, uint32(length))
					data = append(data, text[:length]...)
				}
				front := bytes.Repeat([]byte{9}, head)
				frame, ok := s.append(nil, front, data)
				require.True(t, ok)
				got, err := d.DecodeAll(frame, nil)
				require.NoError(t, err, "%d values of %d behind %d", n, length, head)
				require.True(t, bytes.Equal(append(front, data...), got))
				require.Less(t, len(frame)-head, len(data)*55/100+1000)
				data[len(data)-length] = 'z' // one that starts otherwise, or has no digit
				frame, ok = s.append(frame[:0], nil, data)
				if ok {
					got, err = d.DecodeAll(frame, nil)
					require.NoError(t, err)
					require.True(t, bytes.Equal(data, got))
				}
			}
		}
	}
}

func TestHybrid(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		width := 1 + r.IntN(20)
		var values []uint32
		for range r.IntN(40) {
			v := r.Uint32N(1 << width)
			for range 1 + r.IntN(1+r.IntN(40)) {
				values = append(values, v)
			}
		}
		require.Equal(t, values, readHybrid(appendHybrid(nil, values, width), len(values), width))
	}
}

// readHybrid is written from the specification.
func readHybrid(b []byte, n, width int) (out []uint32) {
	for len(b) > 0 {
		h, k := binary.Uvarint(b)
		b = b[k:]
		size := (width + 7) / 8
		if h&1 == 0 {
			var v uint32
			for i := range size {
				v |= uint32(b[i]) << (8 * i)
			}
			b = b[size:]
			for range h >> 1 {
				out = append(out, v)
			}
			continue
		}
		size = int(h>>1) * width
		for i := range int(h>>1) * 8 {
			var v uint32
			for k := range width {
				bit := i*width + k
				v |= uint32(b[bit/8]>>(bit%8)&1) << k
			}
			out = append(out, v)
		}
		b = b[size:]
	}
	if len(out) > n {
		out = out[:n]
	}
	return out
}

// TestManyRowGroups writes the same rows in one row group and in many.
func TestManyRowGroups(t *testing.T) {
	for _, b := range []*ledger.Book{accountBook(t, 20_000), bitcoinBook(t, 8_000, 3)} {
		write := func(most int) (rows []Transfer, groups int) {
			f := Folder{Dir: t.TempDir()}
			s, err := newSheet[Transfer](f, 0)
			require.NoError(t, err)
			s.pack.most = most
			s.of(b)
			for i := range b.Len() {
				x := b.At(i)
				putTransfer(s, b, &x)
				require.NoError(t, s.end(t.Context()))
			}
			file, err := s.close(t.Context())
			require.NoError(t, err)
			require.EqualValues(t, b.Len(), file.Rows)
			p, err := openFile(f.Dir + "/" + file.Path)
			require.NoError(t, err)
			defer p.Close()
			for _, g := range p.RowGroups() {
				for _, name := range []int{9, 10} {
					chunk := g.ColumnChunks()[name]
					pages := chunk.Pages()
					for {
						page, err := pages.ReadPage()
						if err != nil {
							break
						}
						values := make([]parquet.Value, page.NumValues())
						n, _ := page.Values().ReadValues(values)
						require.Len(t, values, n)
						for _, v := range values {
							if !v.IsNull() {
								has, err := chunk.BloomFilter().Check(v)
								require.NoError(t, err)
								require.True(t, has)
							}
						}
					}
					require.NoError(t, pages.Close())
				}
			}
			return readAll[Transfer](t, f, file), len(p.RowGroups())
		}
		want, one := write(groupBytes)
		got, many := write(50_000)
		require.Equal(t, 1, one)
		require.Greater(t, many, 3)
		require.Equal(t, want, got)
	}
}
