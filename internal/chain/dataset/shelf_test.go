package dataset

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// plainTokens writes rows as one row group of many small pages. Of 40 addresses
// each is in one row of twenty.
func plainTokens(t *testing.T, n int, spoil func(int, *tokenRow)) (dir string, rows []tokenRow) {
	t.Helper()
	r := rand.New(rand.NewPCG(7, 8))
	rows = make([]tokenRow, n)
	for i := range rows {
		rows[i] = tokenRow{
			Asset: addr(900 + r.IntN(3)), From: addr(r.IntN(40)), To: addr(r.IntN(40)),
			Value: fmt.Sprint(r.Uint64N(1e17)), Hash: fmt.Sprintf("0x%064x", i/3+1),
			Index: int64(i % 300), Height: int64(100 + i/50), Time: int64(1_680_000_000 + i/50*12),
		}
		switch r.IntN(20) {
		case 0:
			rows[i].Value = "0x1f"
		case 1:
			rows[i].Value = "123456789012345678901234567890"
		}
		spoil(i, &rows[i])
	}
	dir = t.TempDir()
	data := asParquet(t, rows, parquet.PageBufferSize(4<<10), parquet.DataPageVersion(1), parquet.DefaultEncodingFor(parquet.ByteArray, &parquet.Plain))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "token_transfers.parquet"), data, 0o600))
	return dir, rows
}

// The rounds of a crawl are answered from the shelf as they would be from the
// file, or from text.
func TestShelf_answersLikeTheFile(t *testing.T) {
	dir, rows := plainTokens(t, 9000, func(int, *tokenRow) {})
	text := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(text, "token_transfers.csv"), asCSV(t, rows), 0o600))
	slow := openFolder(t, "ethereum", text, "")
	rounds := []chain.Question{
		{Addresses: addressSet(addr(1)), Span: everything()},
		{Addresses: addressSet(addr(2), addr(0)), Answered: addressSet(addr(1)), Span: everything()},
		{Addresses: addressSet(addr(3), addr(4)), Answered: addressSet(addr(0), addr(1), addr(2)), Span: chain.Span{From: 120, To: 250}},
		{Addresses: addressSet(addr(5), addr(6)), Answered: addressSet(addr(6)), Span: everything()},
		{Addresses: addressSet(addr(7), addr(8), addr(9)), Span: everything(), Limit: 20},
		{Addresses: addressSet(addr(77)), Span: everything()},
	}
	for name, full := range map[string]bool{"a disk with room": false, "a full disk": true} {
		t.Run(name, func(t *testing.T) {
			s := openFolder(t, "ethereum", dir, t.TempDir())
			s.shelf.full = full
			for i, q := range rounds {
				want, _ := mustAsk(t, slow, q)
				told, _ := mustAsk(t, s, q)
				require.Equal(t, want, told, "round %d", i)
			}
			if full {
				require.Zero(t, s.shelf.end)
			} else {
				require.EqualValues(t, 9000*(shelfKey+shelfRow), s.shelf.end, "each row is there once")
			}
		})
	}
}

// Rows that do not fit on the shelf, or cannot be true, stay in their file: what
// is wrong is told when the row is asked for, as ever.
func TestShelf_refusesOddRows(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*tokenRow)
		fault string
	}{
		"above 128 bits": {func(r *tokenRow) { r.Value = "0x1" + fmt.Sprintf("%040x", 7) }, ""},
		"no amount":      {func(r *tokenRow) { r.Value = "1.5" }, "token_transfers.parquet: row 2001: value: "},
	} {
		t.Run(name, func(t *testing.T) {
			dir, _ := plainTokens(t, 3000, func(i int, r *tokenRow) {
				if i == 2000 {
					r.From, r.To = addr(50), addr(51)
					c.spoil(r)
				}
			})
			s := openFolder(t, "ethereum", dir, t.TempDir())
			for range 3 {
				told, _ := mustAsk(t, s, chain.Question{Addresses: addressSet(addr(1)), Span: everything()})
				require.NotEmpty(t, told)
			}
			require.Zero(t, s.shelf.end)
			told, _, err := ask(context.Background(), s, chain.Question{Addresses: addressSet(addr(50)), Span: everything()})
			if c.fault == "" {
				require.NoError(t, err)
				require.Len(t, told, 1)
				return
			}
			require.ErrorIs(t, err, chain.ErrInput)
			require.ErrorContains(t, err, c.fault)
		})
	}
}
