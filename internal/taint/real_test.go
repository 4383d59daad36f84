package taint_test

import (
	"compress/gzip"
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
	"github.com/scamtrace/scamtrace/internal/taint"
)

// Three hacks whose money flow was verified by hand: how much of what reached a
// terminal the methods call tainted. The shares were computed independently; half
// a percent is left for the order inside a block, which the data does not tell,
// and for where unknown openings stand among the lots.
func TestTrace_verifiedHacks(t *testing.T) {
	data := os.Getenv("SCAMTRACE_DATA")
	if data == "" {
		data = filepath.Join("..", "..", "..", "shared", "data")
	}
	for _, x := range []struct {
		set           string
		fifo, haircut float64
	}{
		{"eth_mftracer_54m", 0.8401, 0.8401},
		{"eth_mftracer_lifi", 0.9918, 0.9910},
		{"eth_mftracer_atomic", 0.8681, 0.8695},
	} {
		t.Run(x.set, func(t *testing.T) {
			dir := filepath.Join(data, x.set)
			if _, err := os.Stat(dir); err != nil {
				t.Skip("no data: ", err)
			}
			b, in, terminal := hack(t, dir)
			require.InDelta(t, x.fifo, taintedIntoTerminals(t, b, in, terminal, "fifo"), 0.005)
			require.InDelta(t, x.haircut, taintedIntoTerminals(t, b, in, terminal, "haircut"), 0.005)
		})
	}
}

func hack(t *testing.T, dir string) (*ledger.Book, taint.Input, map[ledger.AddressID]bool) {
	l := ledger.New(mustChain(t, "ethereum"))
	for _, r := range table(t, filepath.Join(dir, "token_transfers.csv.gz")) {
		number := func(column string) uint64 {
			n, err := strconv.ParseUint(r[column], 10, 64)
			require.NoError(t, err)
			return n
		}
		h, err := chain.ParseHash(r["transaction_hash"])
		require.NoError(t, err)
		a := amount(t, r["value"])
		require.NoError(t, l.Add(&chain.Transfer{
			Tx: chain.Tx{
				Hash: h, Pos: chain.Pos{Height: number("block_number"), Index: chain.UnknownIndex},
				Time: int64(number("block_timestamp")),
			},
			Kind: chain.Token, Ordinal: uint32(number("log_index")), Asset: chain.Asset(r["token_address"]),
			In:  []chain.Entry{{Address: chain.Address(r["from_address"]), Amount: a}},
			Out: []chain.Entry{{Address: chain.Address(r["to_address"]), Amount: a}},
		}))
	}
	b := seal(t, l)
	in := taint.Input{Book: b}
	terminal := map[ledger.AddressID]bool{}
	for _, r := range table(t, filepath.Join(dir, "labels.csv.gz")) {
		a, ok := b.Find(chain.Address(r["address"]))
		switch {
		case !ok:
		case r["category"] == "source":
			in.Sources = append(in.Sources, taint.Source{Address: a})
		case r["category"] == "terminal":
			terminal[a] = true
		}
	}
	in.Stopped = func(a ledger.AddressID) bool { return terminal[a] }
	return b, in, terminal
}

func taintedIntoTerminals(t *testing.T, b *ledger.Book, in taint.Input, terminal map[ledger.AddressID]bool, name string) float64 {
	var all, tainted chain.Amount
	for i := range b.Len() {
		if e := b.Entry(b.At(i).Mid); terminal[e.Address] {
			all.Add(&all, &e.Amount)
		}
	}
	_, err := taint.Trace(in, method(t, name), taint.Sink{Row: func(r taint.Row) error {
		if terminal[b.Entry(r.Entry).Address] {
			tainted.Add(&tainted, &r.Amount)
		}
		return nil
	}})
	require.NoError(t, err)
	return tainted.Float64() / all.Float64()
}

func table(t *testing.T, path string) (rows []map[string]string) {
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	all, err := csv.NewReader(z).ReadAll()
	require.NoError(t, err)
	for _, line := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}
