package dataset

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// What an index answers equals what a scan answers.
func TestIndex_answersLikeScan(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		require.NoError(t, err)
		n := rapid.IntRange(0, 300).Draw(rt, "rows")
		rows := make([]tokenRow, n)
		account := rapid.IntRange(1, 60)
		for i := range rows {
			rows[i] = tokenRow{
				Asset: addr(900), From: addr(account.Draw(rt, "from")), To: addr(account.Draw(rt, "to")),
				Value: fmt.Sprint(i), Hash: hx(i), Index: int64(i), Height: int64(100 + i/7), Time: int64(1000 + i/7),
			}
		}
		switch rapid.IntRange(0, 3).Draw(rt, "format") {
		case 0:
			write(t, dir, "token_transfers.csv", string(asCSV(t, rows)))
		case 1:
			write(t, dir, "token_transfers.json.gz", string(packed(t, gzipped, asJSONL(t, rows))))
		case 2:
			write(t, dir, "token_transfers.parquet", string(asParquet(t, rows, parquet.PageBufferSize(200), parquet.MaxRowsPerRowGroup(64))))
		case 3:
			write(t, dir, "token_transfers.parquet", string(asParquet(t, rows, parquet.DefaultEncodingFor(parquet.ByteArray, &parquet.RLEDictionary))))
		}
		cache, err := os.MkdirTemp(t.TempDir(), "")
		require.NoError(t, err)
		for range 3 {
			q := chain.Question{Addresses: map[chain.Address]struct{}{}, Span: everything()}
			for _, a := range rapid.SliceOfN(rapid.IntRange(1, 200), 1, 20).Draw(rt, "asked") {
				q.Addresses[chain.Address(addr(a))] = struct{}{}
			}
			q.Span.From = rapid.Uint64Range(0, 150).Draw(rt, "from height")
			scan, indexed := openFolder(t, "ethereum", dir, ""), openFolder(t, "ethereum", dir, cache)
			want, _ := mustAsk(t, scan, q)
			for range 2 {
				got, _ := mustAsk(t, indexed, q)
				require.Equal(t, want, got)
			}
		}
	})
}

func TestChunk_may(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		x := &indexer{}
		inside := rapid.SliceOf(rapid.Uint32()).Draw(rt, "inside")
		for _, p := range inside {
			x.address(uint64(p) << 32)
		}
		x.height(5)
		x.end(0, 0)
		outside := rapid.SliceOf(rapid.Uint32()).Draw(rt, "outside")
		asked := append([]uint32(nil), outside...)
		if len(inside) > 0 && rapid.Bool().Draw(rt, "hit") {
			asked = append(asked, inside[rapid.IntRange(0, len(inside)-1).Draw(rt, "which")])
		}
		want := false
		for _, a := range asked {
			for _, b := range inside {
				want = want || a == b
			}
		}
		asked = radixSort(asked, make([]uint32, len(asked)))
		q := &question{Question: chain.Question{Span: everything()}, prints: asked}
		require.Equal(t, want, x.chunks[0].may(q))
	})
}

func TestIndex_damagedIsRebuilt(t *testing.T) {
	dir, cache := t.TempDir(), t.TempDir()
	write(t, dir, "token_transfers.csv", string(asCSV(t, newSmallChain().tokens)))
	q := chain.Question{Addresses: addressSet(addr(1)), Span: everything()}
	want, _ := mustAsk(t, openFolder(t, "ethereum", dir, cache), q)
	files, err := filepath.Glob(filepath.Join(cache, "*.idx"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	good, err := os.ReadFile(files[0])
	require.NoError(t, err)
	for at := range good {
		bad := append([]byte(nil), good...)
		bad[at] ^= 1
		_, err := decodeIndex(bad)
		require.Error(t, err)
	}
	require.NoError(t, os.WriteFile(files[0], good[:len(good)-1], 0o600))
	got, _ := mustAsk(t, openFolder(t, "ethereum", dir, cache), q)
	require.Equal(t, want, got)
	again, err := os.ReadFile(files[0])
	require.NoError(t, err)
	require.Equal(t, good, again)
}

// With an index, a plain text file is read by pieces at the right lines.
func TestIndex_cutsPlainText(t *testing.T) {
	if testing.Short() {
		t.Skip("writes a file of a million rows")
	}
	dir, cache := t.TempDir(), t.TempDir()
	f, err := os.Create(filepath.Join(dir, "token_transfers.csv"))
	require.NoError(t, err)
	_, err = f.WriteString(tokenHeader)
	require.NoError(t, err)
	const n = chunkRows*chunksAPart + 1000
	for i := range n {
		_, err = f.WriteString(tokenLine(addr(1000+i/1000), "5", hx(i), "10", "1683029999"))
		require.NoError(t, err)
	}
	require.NoError(t, f.Close())
	q := chain.Question{Addresses: addressSet(addr(1000), addr(1000+(n-1)/1000)), Span: everything()}
	want, _ := mustAsk(t, openFolder(t, "ethereum", dir, cache), q)
	s := openFolder(t, "ethereum", dir, cache)
	parts, err := s.Plan(t.Context(), q)
	require.NoError(t, err)
	require.Len(t, parts, 3)
	got, _ := mustAsk(t, s, q)
	require.Equal(t, want, got)
	require.Len(t, got, 1000+n%1000)
}
