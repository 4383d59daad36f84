package dataset

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"
)

// Rows of the tables as the exporters write them. A nil pointer is NULL.
type (
	txRow struct {
		Hash      string  `json:"hash" parquet:"hash"`
		Index     int64   `json:"transaction_index" parquet:"transaction_index"`
		From      string  `json:"from_address" parquet:"from_address"`
		To        *string `json:"to_address" parquet:"to_address,optional"`
		Value     string  `json:"value" parquet:"value"`
		Input     string  `json:"input" parquet:"input"`
		GasPrice  *int64  `json:"gas_price" parquet:"gas_price,optional"`
		GasUsed   *int64  `json:"receipt_gas_used" parquet:"receipt_gas_used,optional"`
		Effective *int64  `json:"receipt_effective_gas_price" parquet:"receipt_effective_gas_price,optional"`
		Created   *string `json:"receipt_contract_address" parquet:"receipt_contract_address,optional,dict"`
		Status    *int64  `json:"receipt_status" parquet:"receipt_status,optional"`
		Height    int64   `json:"block_number" parquet:"block_number"`
		Time      int64   `json:"block_timestamp" parquet:"block_timestamp,timestamp(microsecond)"`
	}
	traceRow struct {
		Hash   *string `json:"transaction_hash" parquet:"transaction_hash,optional"`
		From   *string `json:"from_address" parquet:"from_address,optional,dict"`
		To     *string `json:"to_address" parquet:"to_address,optional,dict"`
		Value  string  `json:"value" parquet:"value"`
		Type   string  `json:"trace_type" parquet:"trace_type,dict"`
		Call   *string `json:"call_type" parquet:"call_type,optional"`
		Path   *string `json:"trace_address" parquet:"trace_address,optional"`
		Error  *string `json:"error" parquet:"error,optional"`
		Status int64   `json:"status" parquet:"status"`
		Height int64   `json:"block_number" parquet:"block_number"`
		Time   int64   `json:"block_timestamp" parquet:"block_timestamp,timestamp(millisecond)"`
		ID     *string `json:"trace_id" parquet:"trace_id,optional"`
	}
	logRow struct {
		Asset  string   `json:"address" parquet:"address"`
		Topics []string `json:"topics" parquet:"topics,list"`
		Data   string   `json:"data" parquet:"data"`
		Hash   string   `json:"transaction_hash" parquet:"transaction_hash"`
		Index  int64    `json:"log_index" parquet:"log_index"`
		Height int64    `json:"block_number" parquet:"block_number"`
		Time   int64    `json:"block_timestamp" parquet:"block_timestamp,timestamp(microsecond)"`
	}
	tokenRow struct {
		Asset  string `json:"token_address" parquet:"token_address,dict"`
		From   string `json:"from_address" parquet:"from_address"`
		To     string `json:"to_address" parquet:"to_address"`
		Value  string `json:"value" parquet:"value"`
		Hash   string `json:"transaction_hash" parquet:"transaction_hash"`
		Index  int64  `json:"log_index" parquet:"log_index"`
		Height int64  `json:"block_number" parquet:"block_number"`
		Time   int64  `json:"block_timestamp" parquet:"block_timestamp"`
	}
	ioRow struct {
		Index      int64    `json:"index" parquet:"index"`
		SpentTx    string   `json:"spent_transaction_hash" parquet:"spent_transaction_hash"`
		SpentIndex int64    `json:"spent_output_index" parquet:"spent_output_index"`
		Type       string   `json:"type" parquet:"type"`
		Addresses  []string `json:"addresses" parquet:"addresses,list"`
		Value      *int64   `json:"value" parquet:"value,optional"`
	}
	btcRow struct {
		Hash     string  `json:"hash" parquet:"hash"`
		Height   int64   `json:"block_number" parquet:"block_number"`
		Time     int64   `json:"block_timestamp" parquet:"block_timestamp,timestamp(microsecond)"`
		Index    int64   `json:"index" parquet:"index"`
		Coinbase bool    `json:"is_coinbase" parquet:"is_coinbase"`
		Ins      int64   `json:"input_count" parquet:"input_count"`
		Outs     int64   `json:"output_count" parquet:"output_count"`
		Fee      *int64  `json:"fee" parquet:"fee,optional"`
		Inputs   []ioRow `json:"inputs" parquet:"inputs,list"`
		Outputs  []ioRow `json:"outputs" parquet:"outputs,list"`
	}
)

func hx(n int) string   { return fmt.Sprintf("0x%064x", n) }
func addr(n int) string { return fmt.Sprintf("0x%040x", n) }
func ptr[T any](v T) *T { return &v }
func topic(n int) string {
	return "0x000000000000000000000000" + addr(n)[2:]
}

// smallChain is a chain with every case of every account table.
type smallChain struct {
	txs    []txRow
	traces []traceRow
	logs   []logRow
	tokens []tokenRow
}

const smallTime = 1683029999

func newSmallChain() smallChain {
	var c smallChain
	tx := func(n int, to *string, value string, status, used, price *int64) {
		c.txs = append(c.txs, txRow{
			Hash: hx(n), Index: int64(n), From: addr(1), To: to, Value: value, Input: "0x,\"\n", GasPrice: ptr(int64(7)),
			GasUsed: used, Effective: price, Status: status, Height: int64(100 + n), Time: smallTime + int64(n),
		})
	}
	one, zero, gas, price := ptr(int64(1)), ptr(int64(0)), ptr(int64(21000)), ptr(int64(9))
	tx(1, ptr(addr(2)), "340282366920938463463374607431768211456", one, gas, price)
	tx(2, ptr(addr(2)), "5", zero, gas, price) // failed: only the fee
	tx(3, ptr(addr(2)), "5", zero, nil, price) // failed, no fee known
	tx(4, ptr(addr(2)), "0", one, gas, nil)    // gas_price instead
	tx(5, nil, "6", nil, nil, nil)             // creation, before Byzantium
	tx(6, nil, "6", one, nil, nil)             // creation of nobody knows what
	tx(7, ptr(addr(3)), "1", one, nil, nil)    // touches 1 and 3
	c.txs[4].Created = ptr(addr(77))
	trace := func(tx int, kind string, call *string, path string, from, to int, value string) *traceRow {
		r := traceRow{
			Value: value, Type: kind, Call: call, Status: 1, Height: int64(100 + tx), Time: smallTime + int64(tx),
		}
		if tx > 0 {
			r.Hash = ptr(hx(tx))
		}
		if path != "" {
			r.Path = &path
		}
		if from > 0 {
			r.From = ptr(addr(from))
		}
		if to > 0 {
			r.To = ptr(addr(to))
		}
		c.traces = append(c.traces, r)
		return &c.traces[len(c.traces)-1]
	}
	call := ptr("call")
	trace(1, "call", call, "", 1, 2, "9")   // root: the transaction's own value
	trace(1, "call", call, "0", 2, 3, "10") // moves
	trace(1, "call", ptr("delegatecall"), "1", 2, 3, "11")
	trace(1, "call", call, "0_1", 3, 1, "0") // moves nothing
	trace(1, "create", nil, "2_0", 2, 4, "12")
	trace(1, "suicide", nil, "2_1", 4, 1, "13")
	trace(1, "call", call, "3", 2, 1, "14").Error = ptr("Out of gas")
	trace(1, "call", call, "4", 2, 1, "15").Status = 0
	trace(0, "reward", nil, "", 0, 5, "5000000000000000000").ID = ptr("reward_100_0")
	trace(0, "reward", nil, "", 0, 1, "4375000000000000000").ID = ptr("reward_100_1")
	trace(0, "genesis", nil, "", 0, 1, "1").ID = ptr("genesis_100_0")
	for i := range 5 {
		data := hx(1000 * i) // the first moves zero
		l := logRow{
			Asset: addr(900), Topics: []string{transferTopic, topic(1 + i%3), topic(2 + i)}, Data: data,
			Hash: hx(1), Index: int64(i), Height: 101, Time: smallTime + 1,
		}
		c.logs = append(c.logs, l)
		c.tokens = append(c.tokens, tokenRow{
			Asset: addr(900), From: addr(1 + i%3), To: addr(2 + i), Value: fmt.Sprint(1000 * i),
			Hash: hx(1), Index: int64(i), Height: 101, Time: smallTime + 1,
		})
	}
	c.logs = append(c.logs,
		logRow{Asset: addr(901), Topics: []string{transferTopic, topic(1), topic(2), hx(7)}, Data: "0x", Hash: hx(1), Index: 8, Height: 101, Time: smallTime + 1},
		logRow{Asset: addr(901), Topics: []string{hx(5)}, Data: hx(1), Hash: hx(1), Index: 9, Height: 101, Time: smallTime + 1},
		logRow{Asset: addr(901), Topics: []string{}, Data: "0x", Hash: hx(1), Index: 10, Height: 101, Time: smallTime + 1})
	return c
}

func smallBitcoin() []btcRow {
	h := func(n int) string { return hx(n)[2:] }
	return []btcRow{
		{Hash: h(1), Height: 1, Time: smallTime, Coinbase: true, Outs: 2, Inputs: []ioRow{}, Outputs: []ioRow{
			{Index: 0, Type: "p2pk", Addresses: []string{btcA}, Value: ptr(int64(50e8))},
			{Index: 1, Type: "op_return", Addresses: []string{}, Value: ptr(int64(0))},
		}},
		{Hash: h(2), Height: 2, Time: smallTime + 600, Index: 1, Ins: 2, Outs: 3, Fee: ptr(int64(300)), Inputs: []ioRow{
			{Index: 0, SpentTx: h(1), SpentIndex: 0, Addresses: []string{btcA}, Value: ptr(int64(50e8))},
			{Index: 1, SpentTx: h(9), SpentIndex: 7, Addresses: []string{btcB}, Value: ptr(int64(1000))},
		}, Outputs: []ioRow{
			{Index: 0, Addresses: []string{btcC}, Value: ptr(int64(50e8))},
			{Index: 1, Addresses: []string{btcA, btcB}, Value: ptr(int64(700))},
			{Index: 2, Addresses: []string{btcNonstandard}, Value: ptr(int64(0))},
		}},
		{Hash: h(3), Height: 3, Time: smallTime + 1200, Index: 4, Ins: 1, Outs: 1, Inputs: []ioRow{
			{Index: 0, SpentTx: h(8), SpentIndex: 1, Addresses: []string{}, Value: nil},
		}, Outputs: []ioRow{{Index: 0, Addresses: []string{btcB}, Value: ptr(int64(5))}}},
	}
}

const (
	btcA           = "12c6DSiU4Rq3P4ZxziKxzrL5LmMBrzjrJX"
	btcB           = "bc1q6tgj7s8lp2x7dkunj47mpc6seyv03k04h7uhtw"
	btcC           = "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"
	btcNonstandard = "nonstandard00112233445566778899aabbccddeeff00112233"
)

// Writers of one table in one format.

func asCSV[T any](t testing.TB, rows []T) []byte {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	kind := reflect.TypeFor[T]()
	var names []string
	for i := range kind.NumField() {
		names = append(names, kind.Field(i).Tag.Get("json"))
	}
	require.NoError(t, w.Write(names))
	for _, r := range rows {
		var fields []string
		v := reflect.ValueOf(r)
		for i := range v.NumField() {
			f := v.Field(i)
			if f.Kind() == reflect.Pointer {
				if f.IsNil() {
					fields = append(fields, "")
					continue
				}
				f = f.Elem()
			}
			switch x := f.Interface().(type) {
			case []string:
				fields = append(fields, strings.Join(x, ","))
			default:
				fields = append(fields, fmt.Sprint(x))
			}
		}
		require.NoError(t, w.Write(fields))
	}
	w.Flush()
	require.NoError(t, w.Error())
	return b.Bytes()
}

func asJSONL[T any](t testing.TB, rows []T) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, r := range rows {
		j, err := json.Marshal(r)
		require.NoError(t, err)
		b.Write(append(j, '\n'))
	}
	return b.Bytes()
}

func asParquet[T any](t testing.TB, rows []T, options ...parquet.WriterOption) []byte {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[T](&b, options...)
	_, err := w.Write(rows)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

func packed(t testing.TB, how packing, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	var w io.WriteCloser
	switch how {
	case gzipped:
		w = gzip.NewWriter(&out)
	case zstandard:
		var err error
		w, err = zstd.NewWriter(&out)
		require.NoError(t, err)
	default:
		return b
	}
	_, err := w.Write(b)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}
