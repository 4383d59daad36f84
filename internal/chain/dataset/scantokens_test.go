package dataset

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// oddTokens are rows written in every way that is understood.
func oddTokens(n int) []tokenRow {
	r := rand.New(rand.NewPCG(7, 7))
	rows := make([]tokenRow, n)
	for i := range rows {
		hash := fmt.Sprintf("0x%064x", i/3+1)
		switch r.IntN(200) {
		case 0:
			hash = hash[2:]
		case 1:
			hash = "0x" + strings.ToUpper(hash[2:])
		}
		value := fmt.Sprint(r.Uint64N(1e17))
		switch r.IntN(50) {
		case 0:
			value = "0x1f"
		case 1:
			value = "123456789012345678901234567890"
		case 2:
			value = "000000000000000000000000000000017"
		}
		rows[i] = tokenRow{
			Asset: addr(900 + r.IntN(3)), From: addr(r.IntN(40)), To: addr(r.IntN(40)), Value: value, Hash: hash,
			Index: int64(i % 300), Height: int64(100 + i/50), Time: int64(1_680_000_000 + i/50*12),
		}
	}
	return rows
}

// Rows told column by column are those told one by one, from text.
func TestTokens_columnsTellTheSame(t *testing.T) {
	rows := oddTokens(9000)
	text := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(text, "token_transfers.csv"), asCSV(t, rows), 0o600))
	questions := []chain.Question{
		{Addresses: addressSet(addr(1)), Span: everything()},
		{Addresses: addressSet(addr(1), addr(2), addr(0)), Answered: addressSet(addr(7), addr(8)), Span: everything()},
		{Addresses: addressSet(addr(3), addr(4)), Answered: addressSet(addr(4)), Span: chain.Span{From: 120, To: 250}},
		{Addresses: addressSet(addr(3), addr(4), addr(5)), Span: everything(), Limit: 20},
		{Addresses: addressSet(addr(77)), Span: everything()},
	}
	plain := parquet.DefaultEncodingFor(parquet.ByteArray, &parquet.Plain)
	slow := openFolder(t, "ethereum", text, "")
	for name, options := range map[string][]parquet.WriterOption{
		"plain":      {plain, parquet.PageBufferSize(4 << 10), parquet.DataPageVersion(1), parquet.Compression(&parquet.Zstd)},
		"raw":        {plain, parquet.PageBufferSize(3 << 10), parquet.DataPageVersion(1)},
		"pages v2":   {plain, parquet.PageBufferSize(4 << 10), parquet.DataPageVersion(2), parquet.Compression(&parquet.Snappy)},
		"dictionary": {parquet.PageBufferSize(4 << 10), parquet.DefaultEncodingFor(parquet.ByteArray, &parquet.RLEDictionary)},
		"delta":      {parquet.PageBufferSize(4 << 10), parquet.DefaultEncodingFor(parquet.ByteArray, &parquet.DeltaLengthByteArray)},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			options := append(options, parquet.MaxRowsPerRowGroup(9000))
			require.NoError(t, os.WriteFile(filepath.Join(dir, "token_transfers.parquet"), asParquet(t, rows, options...), 0o600))
			s := openFolder(t, "ethereum", dir, "")
			for i, q := range questions {
				want, _ := mustAsk(t, slow, q)
				for range 2 { // without an index, then with it
					told, _ := mustAsk(t, s, q)
					require.Equal(t, want, told, "question %d", i)
				}
			}
		})
	}
}

// An error in the middle of a run names its row, and the rows before it were
// told.
func TestTokens_errorNamesItsRow(t *testing.T) {
	for column, spoil := range map[string]func(*tokenRow){
		"value":            func(r *tokenRow) { r.Value = "1.5" },
		"transaction_hash": func(r *tokenRow) { r.Hash = "0x12" },
		"token_address":    func(r *tokenRow) { r.Asset = "USDT" },
		"log_index":        func(r *tokenRow) { r.Index = -1 },
		"block_number":     func(r *tokenRow) { r.Height = -1 },
		"block_timestamp":  func(r *tokenRow) { r.Time = -1 },
	} {
		t.Run(column, func(t *testing.T) {
			rows := oddTokens(3000)
			for i := range rows {
				rows[i].From = addr(1)
			}
			spoil(&rows[2000])
			dir := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(dir, "token_transfers.parquet"),
				asParquet(t, rows, parquet.PageBufferSize(4<<10), parquet.DataPageVersion(1), parquet.DefaultEncodingFor(parquet.ByteArray, &parquet.Plain)), 0o600))
			s := openFolder(t, "ethereum", dir, "")
			s.files[0].dropped = true // no index, whose pass would find a bad height first
			told, _, err := ask(context.Background(), s, chain.Question{Addresses: addressSet(addr(1)), Span: everything()})
			require.ErrorIs(t, err, chain.ErrInput)
			require.ErrorContains(t, err, "token_transfers.parquet: row 2001: "+column+": ")
			require.Len(t, told, 2000)
		})
	}
}
