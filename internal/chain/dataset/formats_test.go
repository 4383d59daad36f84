package dataset

import (
	"context"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/snappy"
	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// form writes tables as files of one format.
type form struct {
	name string
	put  func(t testing.TB, dir, table string, csv, jsonl []byte, parquet func(from, to int, o ...parquet.WriterOption) []byte, n int)
}

func forms() []form {
	return []form{
		{"csv", func(t testing.TB, dir, table string, csv, _ []byte, _ func(int, int, ...parquet.WriterOption) []byte, _ int) {
			write(t, dir, table+".csv", string(csv))
		}},
		{"csv.gz", func(t testing.TB, dir, table string, csv, _ []byte, _ func(int, int, ...parquet.WriterOption) []byte, _ int) {
			write(t, dir, table+"_0001.csv.gz", string(packed(t, gzipped, csv)))
		}},
		{"misnamed", func(t testing.TB, dir, table string, csv, _ []byte, _ func(int, int, ...parquet.WriterOption) []byte, _ int) {
			write(t, dir, table+".json", string(packed(t, zstandard, csv)))
		}},
		{"jsonl", func(t testing.TB, dir, table string, _, jsonl []byte, _ func(int, int, ...parquet.WriterOption) []byte, _ int) {
			write(t, dir, table+"/part.jsonl", string(jsonl))
		}},
		{"jsonl.zst", func(t testing.TB, dir, table string, _, jsonl []byte, _ func(int, int, ...parquet.WriterOption) []byte, _ int) {
			write(t, dir, table+".jsonl.zst", string(packed(t, zstandard, jsonl)))
		}},
		{"parquet", func(t testing.TB, dir, table string, _, _ []byte, p func(int, int, ...parquet.WriterOption) []byte, n int) {
			write(t, dir, table+".parquet", string(p(0, n)))
		}},
		{"small pages", func(t testing.TB, dir, table string, _, _ []byte, p func(int, int, ...parquet.WriterOption) []byte, n int) {
			write(t, dir, table+".parquet", string(p(0, n, parquet.PageBufferSize(64), parquet.MaxRowsPerRowGroup(4), parquet.DataPageVersion(1))))
		}},
		{"aws", func(t testing.TB, dir, table string, _, _ []byte, p func(int, int, ...parquet.WriterOption) []byte, n int) {
			base := "v1.0/" + table + "/date=2023-05-0"
			write(t, dir, base+"1/part-0.snappy.parquet", string(p(0, n/2, parquet.Compression(&snappy.Codec{}))))
			write(t, dir, base+"2/part-0.snappy.parquet", string(p(n/2, n, parquet.Compression(&snappy.Codec{}))))
			write(t, dir, base+"2/_SUCCESS", "")
		}},
	}
}

// put writes rows in a form. CSV and JSON hold seconds; in Parquet the times
// are scaled to the unit of the column.
func put[T any](t testing.TB, f form, dir, table string, rows []T, scaled []T) {
	t.Helper()
	var csv []byte
	if table != "nested" {
		csv = asCSV(t, rows)
	}
	f.put(t, dir, table, csv, asJSONL(t, rows), func(from, to int, o ...parquet.WriterOption) []byte {
		return asParquet(t, scaled[from:to], o...)
	}, len(rows))
}

func (c smallChain) write(t testing.TB, f form, dir string, logs bool) {
	t.Helper()
	txs := append([]txRow(nil), c.txs...)
	for i := range txs {
		txs[i].Time *= 1e6
	}
	traces := append([]traceRow(nil), c.traces...)
	for i := range traces {
		traces[i].Time *= 1e3
	}
	put(t, f, dir, "transactions", c.txs, txs)
	put(t, f, dir, "traces", c.traces, traces)
	if logs {
		scaled := append([]logRow(nil), c.logs...)
		for i := range scaled {
			scaled[i].Time *= 1e6
		}
		put(t, f, dir, "logs", c.logs, scaled)
		return
	}
	put(t, f, dir, "token_transfers", c.tokens, c.tokens)
}

func TestFormats_tellTheSame(t *testing.T) {
	c := newSmallChain()
	frontiers := []map[chain.Address]struct{}{
		addressSet(addr(1)), addressSet(addr(3), addr(5)), addressSet(addr(77)), addressSet(addr(1), addr(2), addr(4)), addressSet(addr(999)),
	}
	for _, logs := range []bool{false, true} {
		want := map[int][]chain.Transfer{}
		for _, f := range forms() {
			t.Run(f.name, func(t *testing.T) {
				dir, cache := t.TempDir(), t.TempDir()
				c.write(t, f, dir, logs)
				for _, cache := range []string{"", cache, cache} {
					s := openFolder(t, "ethereum", dir, cache)
					head, err := s.Head(context.Background())
					require.NoError(t, err)
					require.Equal(t, chain.Block{Height: 107, Time: smallTime + 7}, head)
					for i, frontier := range frontiers {
						told, gaps := mustAsk(t, s, chain.Question{Addresses: frontier, Span: everything()})
						require.Empty(t, gaps)
						told = byTable(told)
						if _, ok := want[i]; !ok {
							want[i] = told
						}
						require.Equal(t, want[i], told)
					}
				}
			})
		}
		require.Len(t, want[0], 13, "of the first frontier")
		require.Len(t, want[2], 1)
		require.Empty(t, want[4])
	}
}

// byTable orders transfers by kind group, because the order of tables follows
// the order of paths.
func byTable(told []chain.Transfer) []chain.Transfer {
	var out []chain.Transfer
	for _, kinds := range [][]chain.Kind{{chain.Fee, chain.NativeKind}, {chain.Internal, chain.Reward}, {chain.Token}} {
		for _, tr := range told {
			for _, k := range kinds {
				if tr.Kind == k {
					out = append(out, tr)
				}
			}
		}
	}
	return out
}

func TestBitcoin_tellsTheSame(t *testing.T) {
	rows := smallBitcoin()
	scaled := append([]btcRow(nil), rows...)
	for i := range scaled {
		scaled[i].Time *= 1e6
	}
	want := map[string][]chain.Transfer{}
	for _, f := range forms()[3:] {
		t.Run(f.name, func(t *testing.T) {
			dir := t.TempDir()
			f.put(t, dir, "transactions", nil, asJSONL(t, rows), func(from, to int, o ...parquet.WriterOption) []byte {
				return asParquet(t, scaled[from:to], o...)
			}, len(rows))
			s := openFolder(t, "bitcoin", dir, t.TempDir())
			for _, a := range []string{btcA, btcB, btcC, btcNonstandard, "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"} {
				for range 2 {
					told, gaps := mustAsk(t, s, chain.Question{Addresses: addressSet(a), Span: everything()})
					require.Empty(t, gaps)
					if _, ok := want[a]; !ok {
						want[a] = told
					}
					require.Equal(t, want[a], told)
				}
			}
		})
	}
	require.Len(t, want[btcA], 2)
	require.Empty(t, want[btcA][0].In)
	spend := want[btcA][1]
	require.Equal(t, chain.Address(btcB), spend.In[1].Address)
	require.EqualValues(t, 7, spend.In[1].Spends.Index)
	require.Empty(t, spend.Out[1].Address, "two addresses are no one's")
	require.True(t, want[btcB][1].In[0].AmountUnknown)
	require.Len(t, want[btcC], 1)
	require.Len(t, want[btcNonstandard], 1)
}
