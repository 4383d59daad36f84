package table

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
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
