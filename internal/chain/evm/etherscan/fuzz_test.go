package etherscan_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain/evm/etherscan"
)

func fuzzRows(f *testing.F, action string, seeds ...string) {
	for _, s := range append(seeds, "[]", "null", "[{}]", `[{"blockNumber":18446744073709551615}]`, `[{"value":"-1"}]`, `[{"hash":"GENESIS_"}]`) {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, list []byte) {
		rows, err := etherscan.Rows(action, list)
		if err != nil {
			require.Zero(t, rows)
			require.False(t, strings.ContainsAny(err.Error(), "\x00\r"), "%q", err)
		}
	})
}

const place = `"blockNumber":"7","timeStamp":"9","hash":"0x0000000000000000000000000000000000000000000000000000000000000001",` +
	`"from":"0x00000000000000000000000000000000000000aa","to":"0x00000000000000000000000000000000000000bb","value":"5"`

func FuzzTransactions(f *testing.F) {
	fuzzRows(f, "txlist", `[{`+place+`,"nonce":"1","gasPrice":"3","gasUsed":"4","isError":"0","txreceipt_status":"1","contractAddress":""}]`)
}

func FuzzInternals(f *testing.F) {
	fuzzRows(f, "txlistinternal", `[{`+place+`,"type":"call","traceId":"0_1","isError":"0"}]`,
		`[{`+place+`,"type":"create","callType":"","index":"3","isError":"1"}]`)
}

func FuzzTokens(f *testing.F) {
	fuzzRows(f, "tokentx", `[{`+place+`,"contractAddress":"0x00000000000000000000000000000000000000cc","logIndex":"3"}]`,
		`[{`+place+`,"contractAddress":"0x00000000000000000000000000000000000000cc","tokenID":"3"}]`)
}
