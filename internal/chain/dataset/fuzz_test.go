package dataset

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// FuzzCSV compares the reader with encoding/csv where both accept the text.
func FuzzCSV(f *testing.F) {
	f.Add("a,b\n1,2\n")
	f.Add("a,b\r\n\"x\"\"y\",\"line\nbreak\"\r\n")
	f.Add("a\n\"")
	f.Fuzz(func(t *testing.T, content string) {
		l := linesOf(t, content)
		header, err := readHeader(l)
		if err != nil {
			return
		}
		columns := make([]cell, len(header))
		to := make([]int, len(header))
		for i := range to {
			to[i] = i
		}
		reader := &csvRows{lines: l, to: to}
		r := &row{cells: columns}
		var got [][]string
		for {
			err := reader.next(r)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return
			}
			fields := make([]string, len(header))
			for i, c := range r.cells {
				if c.kind == text {
					fields[i] = string(c.b)
				}
			}
			got = append(got, fields)
		}
		want, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix([]byte(content), []byte("\xef\xbb\xbf")))).ReadAll()
		if err != nil || bytes.Contains([]byte(content), []byte("\r")) {
			return // it treats lone carriage returns in another way
		}
		require.True(t, utf8.ValidString(content))
		require.Len(t, got, len(want)-1)
		for i := range got {
			require.Equal(t, want[i+1], got[i])
		}
	})
}

// FuzzJSON checks that the reader neither panics nor loops.
func FuzzJSON(f *testing.F) {
	f.Add(`{"hash":"00","inputs":[{"addresses":["a"],"value":1}],"outputs":[]}`)
	f.Add(`{"hash":[1]}`)
	f.Add(`{"inputs":[{"addresses":[[]]}]}`)
	f.Add("{\"a\":1}{}")
	l := outputsLayout()
	f.Fuzz(func(t *testing.T, content string) {
		j := newJSONRows(linesOf(t, content), l.columns)
		r := &row{file: "f", cells: make([]cell, len(l.columns))}
		teller := &teller{check: checkerFor(chain.Chain{Name: "bitcoin", Family: chain.UTXO}), layout: l, checkOnly: true}
		for {
			if err := j.next(r); err != nil {
				return
			}
			l.touch(r)
			if err := l.tell(teller, r); err != nil {
				require.ErrorContains(t, err, "f:")
			}
		}
	})
}

func FuzzAmount(f *testing.F) {
	f.Add("0")
	f.Add("115792089237316195423570985008687907853269984665640564039457584007913129639935")
	f.Add("0xff")
	f.Add("1e5")
	f.Fuzz(func(t *testing.T, s string) {
		var a chain.Amount
		if parseAmount(&a, []byte(s)) != nil {
			return
		}
		base, digits := 10, s
		if len(s) > 2 && s[:2] == "0x" {
			base, digits = 16, s[2:]
		}
		want, ok := new(big.Int).SetString(digits, base)
		require.True(t, ok)
		require.Equal(t, want.String(), a.Dec())
	})
}

func FuzzTime(f *testing.F) {
	f.Add("1683029999")
	f.Add("2023-05-02T12:19:59Z")
	f.Add("2023-05-02 12:19:59 UTC")
	f.Add("2023-05-02 12:19:59.000001+00:00")
	f.Fuzz(func(t *testing.T, s string) {
		if n, err := parseTime([]byte(s)); err == nil {
			require.GreaterOrEqual(t, n, int64(0))
			require.LessOrEqual(t, n, int64(endOfTime))
		}
	})
}

func TestTimes(t *testing.T) {
	for _, s := range []string{
		"1683029999", "2023-05-02T12:19:59Z", "2023-05-02T14:19:59+02:00", "2023-05-02 12:19:59 UTC",
		"2023-05-02 12:19:59", "2023-05-02 12:19:59+00", "2023-05-02 12:19:59.000001+00:00", "2023-05-02T12:19:59.999",
	} {
		n, err := parseTime([]byte(s))
		require.NoError(t, err, s)
		require.EqualValues(t, 1683029999, n, s)
	}
}

func TestFloatAmount(t *testing.T) {
	for f, want := range map[float64]string{
		0: "0", 1: "1", 1e15: "1000000000000000", 1e22: "10000000000000000000000", 0x1p255: "57896044618658097711785492504343953926634992332820282019728792003956564819968",
	} {
		var a chain.Amount
		require.NoError(t, floatAmount(&a, f))
		require.Equal(t, want, a.Dec())
	}
	for _, f := range []float64{-1, 0.5, 0x1p256} {
		var a chain.Amount
		require.Error(t, floatAmount(&a, f))
	}
}

func TestDecimals(t *testing.T) {
	var a chain.Amount
	require.NoError(t, bigAmount(&a, []byte{0, 0, 0x3b, 0x9a, 0xca, 0}, 9)) // NUMERIC of BigQuery: 1.000000000
	require.Equal(t, "1", a.Dec())
	require.ErrorIs(t, bigAmount(&a, []byte{1}, 9), errFraction)
	require.ErrorIs(t, bigAmount(&a, []byte{0xff}, 0), errNegative)
	require.NoError(t, bigAmount(&a, []byte{0xff}, -1)) // raw bytes have no sign
	require.Equal(t, "255", a.Dec())
}

func linesOf(t *testing.T, content string) *lines {
	t.Helper()
	at := filepath.Join(t.TempDir(), "f")
	require.NoError(t, os.WriteFile(at, []byte(content), 0o600))
	in, err := os.Open(at)
	require.NoError(t, err)
	t.Cleanup(func() { in.Close() })
	return newLines(&stream{Reader: in, file: in, seekable: true})
}
