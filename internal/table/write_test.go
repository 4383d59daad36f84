package table

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

func TestWriteGolden(t *testing.T) {
	dir := t.TempDir()
	writeRun(t, dir)
	require.Equal(t, `seeds
c1|bitcoin|1a|seed|-|5|-|-|-|-|-|-|ünïcode, "quoted"\n
c1|ethereum|0xaa|victim_tx|-|60|-|-|1700000000000000|0xbb|-|6277101735386680763835789423207666416102355444464034512896|-
visits
bitcoin|1a|0|-|-|forward|-|-|-
bitcoin|1b|1|1a|exchange|forward|7|7000000|ab
bitcoin|1c|2|1b|-|forward|8|8000000|cd
coverage
bitcoin|dataset|-|-|0|800000|true|-
ethereum|dataset|0xaa|internal|5|9|false|no traces
labels
bitcoin|1b|Kraken 3|exchange|kraken|pack|80|true|true
links
bitcoin|1a|1b|co-spend|ef|50|false|label|1
bitcoin|1a|1c|co-spend|ab|90|true|-|2
clusters
bitcoin|1a|k1
bitcoin|1c|k1
endpoints
c1|1a|fifo|bitcoin|native|1b|exchange|55|55
c1|1a|fifo|bitcoin|native|1c|-|40|40
c1|1a|haircut|bitcoin|native|1b|exchange|55|55
c1|1a|haircut|bitcoin|native|1c|-|40|40
conservation
c1|1a|fifo|bitcoin|native|100|100|40|40|55|55|5|5|0|0
c1|1a|haircut|bitcoin|native|100|100|40|40|55|55|5|5|0|0
`, dump(t, dir, "seeds", "visits", "coverage", "labels", "links", "clusters", "endpoints", "conservation"))
}

// dump shows tables cell by cell, read without the row structs.
func dump(t *testing.T, dir string, tables ...string) string {
	t.Helper()
	var b strings.Builder
	for _, name := range tables {
		fmt.Fprintln(&b, name)
		paths, err := Paths(dir, name)
		require.NoError(t, err)
		for _, path := range paths {
			f, err := openFile(path)
			require.NoError(t, err)
			for _, g := range f.RowGroups() {
				rows := g.Rows()
				buf := make([]parquet.Row, 1)
				for {
					n, err := rows.ReadRows(buf)
					if n == 0 {
						break
					}
					cells := make([]string, len(buf[0]))
					for i, v := range buf[0] {
						switch {
						case v.IsNull():
							cells[i] = "-"
						case v.Kind() == parquet.FixedLenByteArray:
							cells[i] = Decimal(v.ByteArray()).String()
						default:
							cells[i] = strings.ReplaceAll(v.String(), "\n", `\n`)
						}
					}
					fmt.Fprintln(&b, strings.Join(cells, "|"))
					if err != nil {
						break
					}
				}
				require.NoError(t, rows.Close())
			}
			require.NoError(t, f.Close())
		}
	}
	return b.String()
}

func TestTransfersAsInTheBook(t *testing.T) {
	for _, b := range []*ledger.Book{accountBook(t, 2300), bitcoinBook(t, 1300, 4)} {
		f := Folder{Dir: t.TempDir()}
		file, err := WriteTransfers(t.Context(), f, 0, b, 0, b.Len())
		require.NoError(t, err)
		family := b.Chain().Family
		for i, r := range readAll[Transfer](t, f, file) {
			x := b.At(i)
			tx := b.Tx(x.Tx)
			require.Equal(t, b.Chain().Name, r.Chain)
			require.Equal(t, tx.Hash.Text(family), r.TransactionHash)
			require.EqualValues(t, tx.Pos.Height, r.BlockNumber)
			require.Equal(t, tx.Time*1_000_000, r.BlockTimestamp)
			require.EqualValues(t, tx.Pos.Index, *r.TransactionIndex)
			require.Equal(t, x.Kind.String(), r.Kind)
			require.Equal(t, string(b.Asset(x.Asset)), r.Asset)
			require.Equal(t, x.Kind == chain.Token, r.LogIndex != nil)
			require.Equal(t, x.Kind == chain.Internal, r.TraceAddress != nil)
			if x.Kind == chain.Internal {
				require.Equal(t, fmt.Sprintf("0.%d", b.Path(x)[1]), *r.TraceAddress)
			}
			require.Equal(t, !x.Inexact, r.Exact)
			var want chain.Amount
			if family == chain.UTXO {
				want, _ = sum(b, x.Mid, x.End)
				require.EqualValues(t, x.Mid-x.First, *r.Inputs)
				require.EqualValues(t, x.End-x.Mid, *r.Outputs)
				in, ok := sum(b, x.First, x.Mid)
				require.Equal(t, ok && x.Mid > x.First, r.FeeLossless != "")
				if r.FeeLossless != "" {
					require.Equal(t, in.Sub(&in, &want).Dec(), r.FeeLossless)
				}
				require.Empty(t, r.FromAddress+r.ToAddress)
			} else {
				want = b.Entry(x.First).Amount
				require.Equal(t, string(b.Text(b.Entry(x.First).Address)), r.FromAddress)
				if x.Mid < x.End {
					require.Equal(t, string(b.Text(b.Entry(x.Mid).Address)), r.ToAddress)
				} else {
					require.Empty(t, r.ToAddress)
				}
			}
			require.Equal(t, want.Dec(), r.ValueLossless)
			_, fits := NewDecimal(&want)
			require.Equal(t, fits, r.Value != nil)
		}
	}
}

func TestEntriesAsInTheBook(t *testing.T) {
	b := bitcoinBook(t, 700, 9)
	f := Folder{Dir: t.TempDir()}
	file, err := WriteEntries(t.Context(), f, 0, b, 0, b.Len())
	require.NoError(t, err)
	rows := readAll[Entry](t, f, file)
	require.Len(t, rows, b.Entries())
	for i := range b.Len() {
		x := b.At(i)
		for id := x.First; id < x.End; id++ {
			r, e := rows[id], b.Entry(id)
			require.Equal(t, b.Tx(x.Tx).Hash.Text(chain.UTXO), r.TransactionHash)
			require.Equal(t, string(b.Text(e.Address)), r.Address)
			require.EqualValues(t, e.Index, r.Index)
			require.Equal(t, id < x.Mid, r.Side == SideIn)
			require.Equal(t, id < x.Mid, r.SpentOutputIndex != nil)
			require.Equal(t, e.Known, r.ValueLossless != "")
			if e.Known {
				require.Equal(t, e.Amount.Dec(), r.Value.String())
			} else {
				require.Nil(t, r.Value)
			}
		}
	}
}

// TestSameRowsSameBytes writes the same run again, all parts at once.
func TestSameRowsSameBytes(t *testing.T) {
	eth, btc := accountBook(t, 5000), bitcoinBook(t, 900, 2)
	type job func(Folder) (File, error)
	jobs := []job{
		func(f Folder) (File, error) { return WriteTransfers(t.Context(), f, 0, eth, 0, eth.Len()) },
		func(f Folder) (File, error) { return WriteTransfers(t.Context(), f, 1, btc, 0, btc.Len()) },
		func(f Folder) (File, error) { return WriteEntries(t.Context(), f, 0, btc, 0, btc.Len()) },
		func(f Folder) (File, error) { return WriteFlows(t.Context(), f, 0, eth) },
		func(f Folder) (File, error) { return WriteFlows(t.Context(), f, 1, btc) },
		func(f Folder) (File, error) { return writeTaint(t, f, 0, "fifo", eth, btc) },
		func(f Folder) (File, error) { return Write(t.Context(), f, 0, seedRows()) },
	}
	run := func(f Folder) []File {
		files := make([]File, len(jobs))
		var wg sync.WaitGroup
		for i, j := range jobs {
			wg.Go(func() {
				file, err := j(f)
				if err == nil {
					files[i] = file
				}
			})
		}
		wg.Wait()
		return files
	}
	first := run(Folder{Dir: t.TempDir()})
	for _, f := range first {
		require.NotEmpty(t, f.SHA256)
	}
	for range 3 {
		require.Equal(t, first, run(Folder{Dir: t.TempDir()}))
	}
}

func TestOrderGivenDoesNotMatter(t *testing.T) {
	rows := seedRows()
	a, err := Write(t.Context(), Folder{Dir: t.TempDir()}, 0, rows)
	require.NoError(t, err)
	rows[0], rows[1] = rows[1], rows[0]
	b, err := Write(t.Context(), Folder{Dir: t.TempDir()}, 0, rows)
	require.NoError(t, err)
	require.Equal(t, a, b)
}

// TestNullsStayNull writes every pattern of null and text: parquet-go's own
// struct writer turns some nulls into empty text.
func TestNullsStayNull(t *testing.T) {
	for pattern := range 1 << 8 {
		var rows []Link
		for i := range 70 {
			r := Link{Chain: "c", AddressA: fmt.Sprintf("%03d", i), AddressB: "b", Heuristic: "h"}
			if i < 8 && pattern>>i&1 == 1 {
				r.TransactionHash, r.Reason = "x", "y"
			}
			rows = append(rows, r)
		}
		f := Folder{Dir: t.TempDir()}
		file, err := Write(t.Context(), f, 0, rows)
		require.NoError(t, err)
		type projection struct {
			TransactionHash *string `parquet:"transaction_hash,optional"`
			Reason          *string `parquet:"reason,optional"`
		}
		for i, r := range readAll[projection](t, f, file) {
			want := rows[i].Reason != ""
			require.Equal(t, want, r.Reason != nil, "pattern %b, row %d", pattern, i)
			require.Equal(t, want, r.TransactionHash != nil, "pattern %b, row %d", pattern, i)
		}
	}
}

func TestEmptyTableHasAFile(t *testing.T) {
	f := Folder{Dir: t.TempDir()}
	file, err := Write[Label](t.Context(), f, 0, nil)
	require.NoError(t, err)
	require.Equal(t, "labels/part-00000.parquet", file.Path)
	require.Empty(t, readAll[Label](t, f, file))
	w, err := NewTaintWriter(t.Context(), f, 3)
	require.NoError(t, err)
	file, err = w.Close()
	require.NoError(t, err)
	require.Equal(t, "taint/part-00003.parquet", file.Path)
	w.Abandon()
	require.Empty(t, readAll[Taint](t, f, file))
}

func TestFailedWriteLeavesNothing(t *testing.T) {
	b := accountBook(t, 3000)
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		f := Folder{Dir: t.TempDir()}
		w, err := NewTaintWriter(ctx, f, 0)
		require.NoError(t, err)
		require.NoError(t, w.Add("c", "s", "m", b, b.At(1), ledger.NoEntry, amount(1)))
		cancel()
		_, err = w.Close()
		require.ErrorIs(t, err, context.Canceled)
		_, err = WriteTransfers(ctx, f, 0, b, 0, b.Len())
		require.ErrorIs(t, err, context.Canceled)
		_, err = Write(ctx, f, 0, seedRows())
		require.ErrorIs(t, err, context.Canceled)
		nothing(t, f.Dir)
	})
	t.Run("abandoned", func(t *testing.T) {
		f := Folder{Dir: t.TempDir()}
		w, err := NewTaintWriter(t.Context(), f, 0)
		require.NoError(t, err)
		w.Abandon()
		nothing(t, f.Dir)
	})
	t.Run("full disk", func(t *testing.T) {
		if _, err := os.Stat("/dev/full"); err != nil {
			t.Skip("no /dev/full")
		}
		f := Folder{Dir: t.TempDir()}
		for _, name := range []string{"transfers", "seeds"} {
			require.NoError(t, os.Mkdir(filepath.Join(f.Dir, name), 0o755))
			require.NoError(t, os.Symlink("/dev/full", filepath.Join(f.Dir, name, "part-00000.parquet"+inprogress)))
		}
		_, err := WriteTransfers(t.Context(), f, 0, b, 0, b.Len())
		require.ErrorIs(t, err, syscall.ENOSPC)
		require.ErrorContains(t, err, "part-00000.parquet")
		require.ErrorContains(t, err, "free space")
		_, err = Write(t.Context(), f, 0, seedRows())
		require.ErrorIs(t, err, syscall.ENOSPC)
		nothing(t, f.Dir)
	})
	t.Run("not a folder", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "file")
		require.NoError(t, os.WriteFile(path, nil, 0o600))
		_, err := Write(t.Context(), Folder{Dir: path}, 0, seedRows())
		require.ErrorContains(t, err, "writing "+path)
	})
}

func nothing(t *testing.T, dir string) {
	t.Helper()
	found, err := filepath.Glob(dir + "/*/*")
	require.NoError(t, err)
	require.Empty(t, found)
}

func TestRowGroupsAndFooter(t *testing.T) {
	f := Folder{Dir: t.TempDir(), Tool: Tool{Version: "1.2.3", Commit: "abc"}}
	b := accountBook(t, 3000)
	file, err := WriteTransfers(t.Context(), f, 0, b, 0, b.Len())
	require.NoError(t, err)
	p, err := openFile(f.Dir + "/" + file.Path)
	require.NoError(t, err)
	defer p.Close()
	require.Equal(t, "scamtrace version 1.2.3(build abc)", p.Metadata().CreatedBy)
	version, ok := p.Lookup("schema_version")
	require.True(t, ok)
	require.Equal(t, "1", version)
	for i, c := range p.RowGroups()[0].ColumnChunks() {
		bloom := c.BloomFilter() != nil
		require.Equal(t, i == 9 || i == 10, bloom, i)
		index, err := c.ColumnIndex()
		require.NoError(t, err)
		require.Positive(t, index.NumPages())
	}
	filter := p.RowGroups()[0].ColumnChunks()[9].BloomFilter()
	for r, err := range Read[Transfer](t.Context(), f.Dir+"/"+file.Path) {
		require.NoError(t, err)
		has, err := filter.Check(parquet.ByteArrayValue([]byte(r.FromAddress)))
		require.NoError(t, err)
		require.True(t, has)
	}
}
