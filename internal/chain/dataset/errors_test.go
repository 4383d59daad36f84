package dataset

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
)

const (
	tokenHeader = "token_address,from_address,to_address,value,transaction_hash,log_index,block_number,block_timestamp\n"
	txHeader    = "hash,from_address,to_address,value,block_number,block_timestamp\n"
)

func tokenLine(from, value, hash, height, time string) string {
	return strings.Join([]string{addr(9), from, addr(2), value, hash, "0", height, time}, ",") + "\n"
}

func TestErrors(t *testing.T) {
	good := tokenLine(addr(1), "5", hx(1), "10", "1683029999")
	tooBig := "115792089237316195423570985008687907853269984665640564039457584007913129639936"
	object := `{"token_address":"` + addr(9) + `","from_address":"` + addr(1) + `","to_address":"` + addr(2) +
		`","value":5,"transaction_hash":"` + hx(1) + `","log_index":0,"block_number":10,"block_timestamp":1683029999}` + "\n"
	bitcoin := func(mutate func(*btcRow)) string {
		r := smallBitcoin()[1]
		mutate(&r)
		return line(t, r)
	}
	gz := packed(t, gzipped, []byte(tokenHeader+strings.Repeat(good, 2000)))
	zst := packed(t, zstandard, []byte(tokenHeader+strings.Repeat(good, 2000)))
	pq := asParquet(t, newSmallChain().tokens)
	for _, tc := range []struct {
		name, chain, file, content, want string
	}{
		{"no table", "ethereum", "labels.csv", "a,b\n", "holds no known table; looked for files or folders named blocks, transactions, traces, logs, token_transfers"},
		{"unknown format in a table", "ethereum", "logs/part-0.avro", "x", "logs/part-0.avro: lies in the folder of table logs and is not a known format"},
		{"missing column", "ethereum", "token_transfers.csv", strings.Replace(tokenHeader, "value", "worth", 1), "token_transfers.csv:1: column value is missing; this file has columns token_address"},
		{"column twice", "ethereum", "token_transfers.csv", "value," + tokenHeader, "token_transfers.csv:1: value: the column is there twice"},
		{"no header", "ethereum", "token_transfers.csv", "", "token_transfers.csv:1: the file has no header line"},
		{"no times", "ethereum", "transactions.csv", "hash,from_address,to_address,value,block_number\n", "transactions.csv: column block_timestamp is missing; add it, or a blocks table"},
		{"few fields", "ethereum", "token_transfers.csv", tokenHeader + good + "a,b\n", "token_transfers.csv:3: 2 fields; the header has 8"},
		{"capitals", "ethereum", "token_transfers.csv", tokenHeader + tokenLine("0x00000000000000000000000000000000000000AB", "5", hx(1), "1", "1"), "token_transfers.csv:2: from_address: \"0x00000000000000000000000000000000000000AB\" has capitals"},
		{"short address", "ethereum", "token_transfers.csv", tokenHeader + tokenLine("0xab", "5", hx(1), "1", "1"), "token_transfers.csv:2: from_address: \"0xab\" is not an address"},
		{"no address", "ethereum", "token_transfers.csv", tokenHeader + tokenLine("", "5", hx(1), "1", "1"), "token_transfers.csv:2: from_address: value is missing"},
		{"too big", "ethereum", "token_transfers.csv", tokenHeader + good + tokenLine(addr(1), tooBig, hx(1), "1", "1"), "token_transfers.csv:3: value: amount is above 2^256-1"},
		{"negative", "ethereum", "token_transfers.csv", tokenHeader + tokenLine(addr(1), "-1", hx(1), "1", "1"), "token_transfers.csv:2: value: amount is negative"},
		{"fraction", "ethereum", "token_transfers.csv", tokenHeader + tokenLine(addr(1), "1.5", hx(1), "1", "1"), "token_transfers.csv:2: value: amount has a fraction"},
		{"float text", "ethereum", "token_transfers.csv", tokenHeader + tokenLine(addr(1), "1e18", hx(1), "1", "1"), "token_transfers.csv:2: value: \"1e18\" is written as a float"},
		{"bad hash", "ethereum", "token_transfers.csv", tokenHeader + tokenLine(addr(1), "1", "0xzz", "1", "1"), "token_transfers.csv:2: transaction_hash: \"0xzz\" has not 64"},
		{"bad height", "ethereum", "token_transfers.csv", tokenHeader + tokenLine(addr(1), "1", hx(1), "x", "1"), "token_transfers.csv:2: block_number: \"x\" is not a whole number"},
		{"milliseconds", "ethereum", "token_transfers.csv", tokenHeader + tokenLine(addr(1), "1", hx(1), "1", "1683029999000"), "token_transfers.csv:2: block_timestamp: 1683029999000 is after the year 9999"},
		{"bad time", "ethereum", "token_transfers.csv", tokenHeader + tokenLine(addr(1), "1", hx(1), "1", "yesterday"), "token_transfers.csv:2: block_timestamp: \"yesterday\" is not a time"},
		{"not UTF-8", "ethereum", "token_transfers.csv", tokenHeader + "\xff" + good, "token_transfers.csv:2: is not UTF-8"},
		{"open quote", "ethereum", "token_transfers.csv", tokenHeader + good + "\"" + good, "token_transfers.csv:3: a quoted field does not end"},
		{"line numbers behind a quoted newline", "ethereum", "token_transfers.csv", strings.TrimSpace(tokenHeader) + ",note\n" + strings.TrimSpace(good) + ",\"a\nb\"\nx\n", "token_transfers.csv:4: 1 fields; the header has 9"},
		{"status", "ethereum", "transactions.csv", "receipt_status," + txHeader + "2," + hx(1) + "," + addr(1) + "," + addr(2) + ",1,1,1\n", "transactions.csv:2: receipt_status: \"2\" is neither 0 nor 1"},
		{"truncated gzip", "ethereum", "token_transfers.csv.gz", string(gz[:len(gz)-10]), "the file ends too early; it is truncated"},
		{"truncated zstd", "ethereum", "token_transfers.csv.zst", string(zst[:len(zst)-10]), "the file ends too early; it is truncated"},
		{"truncated Parquet", "ethereum", "token_transfers.parquet", string(pq[:len(pq)-10]), "token_transfers.parquet: is not a complete Parquet file"},
		{"no Parquet", "ethereum", "token_transfers.parquet", "hello", "token_transfers.parquet: is not Parquet"},
		{"another schema", "ethereum", "logs.parquet", string(pq), "logs.parquet: column address is missing; this file has columns token_address"},
		{"Parquet row", "ethereum", "token_transfers.parquet", string(asParquet(t, []tokenRow{newSmallChain().tokens[0], {}})), "token_transfers.parquet: row 2: from_address: value is missing"},
		{"binary addresses", "ethereum", "token_transfers.parquet", string(asParquet(t, []struct {
			From [20]byte `parquet:"from_address"`
		}{{}})), "token_transfers.parquet: column from_address: holds"},
		{"name twice", "ethereum", "token_transfers.jsonl", object + strings.Replace(object, "{", `{"value":6,`, 1), "token_transfers.jsonl:2: "},
		{"name missing", "ethereum", "token_transfers.jsonl", object + strings.Replace(object, `"value":5,`, "", 1), "token_transfers.jsonl:2: value: the name is missing"},
		{"JSON not UTF-8", "ethereum", "token_transfers.jsonl", object + "{\"x\":\"\xff\"}\n", "token_transfers.jsonl:2: "},
		{"truncated JSON", "ethereum", "token_transfers.jsonl", object + object[:50], "token_transfers.jsonl:2: the JSON object does not end"},
		{"JSON array", "ethereum", "token_transfers.json", "[" + object + "]", "token_transfers.json:1: is a JSON array"},
		{"JSON float", "ethereum", "token_transfers.json", strings.Replace(object, ":5,", ":5.5,", 1), "token_transfers.json:1: value: amount has a fraction"},
		{"fee", "bitcoin", "transactions.json", bitcoin(func(r *btcRow) { *r.Fee = 301 }), "transactions.json:1: fee: contradiction in the data: inputs hold 5000001000"},
		{"truncated inputs", "bitcoin", "transactions.json", bitcoin(func(r *btcRow) { r.Inputs = r.Inputs[:1] }), "transactions.json:1: input_count: is 2, but the list has 1"},
		{"no inputs", "bitcoin", "transactions.json", bitcoin(func(r *btcRow) { r.Inputs = []ioRow{} }), "transactions.json:1: inputs: are none"},
		{"output without value", "bitcoin", "transactions.json", bitcoin(func(r *btcRow) { r.Outputs[0].Value = nil }), "transactions.json:1: outputs[0]: value: value is missing"},
		{"testnet address", "bitcoin-testnet", "transactions.json", bitcoin(func(*btcRow) {}), "transactions.json:1: inputs[0]: address: \"" + btcA + "\" is not an address of this chain"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, tc.file, tc.content)
			for _, cache := range []string{"", t.TempDir()} {
				s, err := Driver().Open(context.Background(), mustChain(t, tc.chain), chain.Options{Args: dir, Cache: cache})
				if err == nil {
					_, _, err = ask(context.Background(), s, chain.Question{Addresses: addressSet(addr(1), ""), Span: everything()})
				}
				require.ErrorContains(t, err, tc.want)
				is := chain.ErrInput
				if tc.name == "fee" {
					is = chain.ErrContradiction
				}
				require.ErrorIs(t, err, is)
			}
		})
	}
}

func TestEmptyDataSet(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "token_transfers.csv", tokenHeader)
	write(t, dir, "transactions.parquet", string(asParquet[txRow](t, nil)))
	write(t, dir, "traces.jsonl", "")
	write(t, dir, "labels.csv", "not read")
	write(t, dir, "_tmp/logs.csv", "not read")
	s := openFolder(t, "ethereum", dir, t.TempDir())
	head, err := s.Head(context.Background())
	require.NoError(t, err)
	require.Zero(t, head)
	told, gaps := mustAsk(t, s, chain.Question{Addresses: addressSet(addr(1)), Span: everything()})
	require.Empty(t, told)
	require.Empty(t, gaps)
	inputs, err := s.Inputs(context.Background())
	require.NoError(t, err)
	require.Len(t, inputs, 3)
	require.Equal(t, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", inputs[1].SHA256)
}

func TestFileChangedWhileRead(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "token_transfers.csv", tokenHeader)
	s := openFolder(t, "ethereum", dir, "")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "token_transfers.csv"), []byte(tokenHeader+"x"), 0o600))
	_, err := s.Plan(context.Background(), chain.Question{Addresses: addressSet(addr(1)), Span: everything()})
	require.ErrorContains(t, err, "changed while it was being read")
}

func TestTimesFromBlocks(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "transactions.csv", "hash,from_address,to_address,value,block_number\n"+hx(1)+","+addr(1)+","+addr(2)+",5,10\n")
	write(t, dir, "blocks.csv", "number,hash,timestamp\n9,"+hx(9)+",90\n10,"+hx(10)+",2009-01-03 18:15:05 UTC\n")
	s := openFolder(t, "ethereum", dir, "")
	told, _ := mustAsk(t, s, chain.Question{Addresses: addressSet(addr(2)), Span: everything()})
	require.Len(t, told, 1)
	require.EqualValues(t, 1231006505, told[0].Tx.Time)
	head, err := s.Head(context.Background())
	require.NoError(t, err)
	require.Equal(t, chain.Hash{31: 0x10 - 6}, head.Hash)

	write(t, dir, "blocks.csv", "number,timestamp\n9,90\n")
	_, _, err = ask(context.Background(), openFolder(t, "ethereum", dir, ""), chain.Question{Addresses: addressSet(addr(2)), Span: everything()})
	require.ErrorContains(t, err, "transactions.csv: block_timestamp: the blocks table has no block 10")
}

func TestFloatsAreInexact(t *testing.T) {
	type floatRow struct {
		Asset  string  `parquet:"token_address"`
		From   string  `parquet:"from_address"`
		To     string  `parquet:"to_address"`
		Value  float64 `parquet:"value"`
		Hash   string  `parquet:"transaction_hash"`
		Index  int64   `parquet:"log_index"`
		Height int64   `parquet:"block_number"`
		Time   int64   `parquet:"block_timestamp"`
	}
	dir := t.TempDir()
	write(t, dir, "token_transfers.parquet", string(asParquet(t, []floatRow{{addr(9), addr(1), addr(2), 1e23, hx(1), 1, 1, 1}})))
	told, gaps := mustAsk(t, openFolder(t, "ethereum", dir, ""), chain.Question{
		Addresses: addressSet(addr(2)), Span: everything(), Kinds: []chain.Kind{chain.Token},
	})
	require.True(t, told[0].Inexact)
	require.Equal(t, "99999999999999991611392", told[0].In[0].Amount.Dec())
	require.Equal(t, []chain.Gap{{Kind: chain.Token, Span: everything(), Reason: "amounts are floating point"}}, gaps)
}

func TestLimitAndAnswered(t *testing.T) {
	dir := t.TempDir()
	rows := make([]tokenRow, 100)
	for i := range rows {
		rows[i] = newSmallChain().tokens[0]
		rows[i].Index, rows[i].To = int64(i), addr(100+i)
	}
	write(t, dir, "token_transfers.parquet", string(asParquet(t, rows, parquet.PageBufferSize(100))))
	s := openFolder(t, "ethereum", dir, "")
	q := chain.Question{Addresses: addressSet(addr(1)), Span: everything(), Limit: 10}
	told, _ := mustAsk(t, s, q)
	require.Len(t, told, 11, "one more than the limit shows that it was passed")
	q.Addresses = addressSet(addr(1), addr(150))
	told, _ = mustAsk(t, s, q)
	require.Len(t, told, 12)
	q = chain.Question{Addresses: addressSet(addr(1)), Answered: addressSet(addr(150)), Span: everything()}
	told, _ = mustAsk(t, s, q)
	require.Len(t, told, 99)
}
