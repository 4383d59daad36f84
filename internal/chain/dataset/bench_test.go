package dataset

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
)

const benchRows = 1_000_000

// benchRow is row n of a token_transfers file of a million rows: 200,000
// addresses, 500 tokens, 8 rows a transaction, ordered by block.
func benchRow(n int, r *rand.Rand, accounts []string) tokenRow {
	account := func() string { return accounts[r.IntN(len(accounts))] }
	var h [32]byte
	r3 := rand.New(rand.NewPCG(uint64(n/8), 9))
	for i := 0; i < len(h); i += 8 {
		binary.LittleEndian.PutUint64(h[i:], r3.Uint64())
	}
	return tokenRow{
		Asset: fmt.Sprintf("0x%040x", 1<<60+r.IntN(500)), From: account(), To: account(),
		Value: fmt.Sprint(r.Uint64N(1e18)), Hash: "0x" + hex.EncodeToString(h[:]), Index: int64(n % 300),
		Height: int64(17_000_000 + n/150), Time: int64(1_680_000_000 + n/150*12),
	}
}

// benchFolders writes the same rows as Parquet, CSV and CSV.gz.
func benchFolders(b *testing.B) (dirs map[string]string, all []chain.Address) {
	b.Helper()
	root := b.TempDir()
	dirs = map[string]string{}
	for _, name := range []string{"parquet", "parquet-dict", "csv", "csv.gz"} {
		dirs[name] = filepath.Join(root, name)
		require.NoError(b, os.Mkdir(dirs[name], 0o755))
	}
	create := func(dir, name string) *os.File {
		f, err := os.Create(filepath.Join(dirs[dir], name))
		require.NoError(b, err)
		return f
	}
	p, c, g := create("parquet", "token_transfers.parquet"), create("csv", "token_transfers.csv"), create("csv.gz", "token_transfers.csv.gz")
	d := create("parquet-dict", "token_transfers.parquet")
	pw := parquet.NewGenericWriter[tokenRow](p, parquet.Compression(&zstd.Codec{Level: zstd.SpeedFastest}), parquet.MaxRowsPerRowGroup(500_000),
		parquet.DefaultEncodingFor(parquet.ByteArray, &parquet.Plain))
	dw := parquet.NewGenericWriter[tokenRow](d, parquet.Compression(&parquet.Snappy), parquet.MaxRowsPerRowGroup(500_000),
		parquet.DefaultEncodingFor(parquet.ByteArray, &parquet.RLEDictionary))
	cw, gz := bufio.NewWriterSize(c, 1<<20), gzip.NewWriter(g)
	gw := bufio.NewWriterSize(gz, 1<<20)
	header := "token_address,from_address,to_address,value,transaction_hash,log_index,block_number,block_timestamp\n"
	for _, w := range []*bufio.Writer{cw, gw} {
		_, err := w.WriteString(header)
		require.NoError(b, err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	seen := map[string]bool{}
	accounts := make([]string, 200_000)
	for i := range accounts {
		accounts[i] = fmt.Sprintf("0x%08x%016x%016x", r.Uint32(), r.Uint64(), r.Uint64())
	}
	for n := range benchRows {
		row := benchRow(n, r, accounts)
		for _, a := range []string{row.From, row.To} {
			if !seen[a] {
				seen[a] = true
				all = append(all, chain.Address(a))
			}
		}
		for _, w := range []*parquet.GenericWriter[tokenRow]{pw, dw} {
			_, err := w.Write([]tokenRow{row})
			require.NoError(b, err)
		}
		for _, w := range []*bufio.Writer{cw, gw} {
			fmt.Fprintf(w, "%s,%s,%s,%s,%s,%d,%d,%d\n", row.Asset, row.From, row.To, row.Value, row.Hash, row.Index, row.Height, row.Time)
		}
	}
	for _, closer := range []func() error{pw.Close, dw.Close, cw.Flush, gw.Flush, gz.Close, p.Close, d.Close, c.Close, g.Close} {
		require.NoError(b, closer())
	}
	return dirs, all
}

// BenchmarkAsk reads a million rows on one core. scan has no index: it checks
// every address. few asks for 10 addresses, most for nine of ten. first builds
// and writes the index, later uses it, for an address that the file has not and
// for ten that it has.
func BenchmarkAsk(b *testing.B) {
	dirs, all := benchFolders(b)
	frontier := func(n int) map[chain.Address]struct{} { return addressSet(all[len(all)-n:]...) }
	for _, format := range []string{"parquet", "parquet-dict", "csv", "csv.gz"} {
		for _, question := range []struct {
			name      string
			addresses map[chain.Address]struct{}
		}{
			{"none", addressSet("0x00000000000000000000000000000000000000ff")},
			{"few", frontier(10)},
			{"thousand", frontier(1000)},
			{"most", frontier(len(all) * 9 / 10)},
		} {
			for _, mode := range []string{"scan", "first", "later"} {
				b.Run(format+"/"+question.name+"/"+mode, func(b *testing.B) {
					benchAsk(b, dirs[format], mode, question.addresses)
				})
			}
		}
	}
}

func benchAsk(b *testing.B, dir, mode string, addresses map[chain.Address]struct{}) {
	b.Helper()
	ctx := context.Background()
	cache := ""
	if mode != "scan" {
		cache = b.TempDir()
	}
	told := 0
	once := func() {
		s := openFolder(b, "ethereum", dir, cache)
		for _, f := range s.files {
			if mode == "scan" {
				f.dropped = true
				continue
			}
			_, err := f.digest(ctx)
			require.NoError(b, err)
		}
		parts, err := s.Plan(ctx, chain.Question{Addresses: addresses, Span: everything()})
		require.NoError(b, err)
		told = 0
		b.StartTimer()
		for _, p := range parts {
			_, err := p.Ask(ctx, func(*chain.Transfer) error { told++; return nil })
			require.NoError(b, err)
		}
		b.StopTimer()
	}
	b.StopTimer()
	if mode == "later" {
		once()
		b.ResetTimer()
	}
	b.ReportAllocs()
	for range b.N { // not b.Loop: opening and hashing stay outside of the timer
		if mode == "first" {
			require.NoError(b, os.RemoveAll(cache))
		}
		once()
	}
	b.ReportMetric(float64(benchRows)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
	b.ReportMetric(float64(told), "told")
}
