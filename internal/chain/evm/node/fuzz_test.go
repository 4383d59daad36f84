package node_test

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain/evm/node"
)

const (
	aHash    = `"0x1111111111111111111111111111111111111111111111111111111111111111"`
	anOwner  = `"0x0000000000000000000000002222222222222222222222222222222222222222"`
	aToken   = `"0x3333333333333333333333333333333333333333"`
	transfer = `"0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"`
	aLog     = `{"address":` + aToken + `,"topics":[` + transfer + `,` + anOwner + `,` + anOwner + `],"data":` + aHash +
		`,"blockNumber":"0x1","transactionHash":` + aHash + `,"transactionIndex":"0x0","blockHash":` + aHash + `,"logIndex":"0x0","removed":false}`
	aFrame = `{"type":"CALL","from":` + aToken + `,"to":` + aToken + `,"value":"0x1","calls":[{"type":"CREATE2","from":` + aToken +
		`,"to":` + aToken + `,"value":"0x2"},{"type":"SELFDESTRUCT","from":` + aToken + `,"value":"0x3","error":"x"}]}`
	aRow = `{"action":{"callType":"call","from":` + aToken + `,"to":` + aToken + `,"value":"0x1"},"blockHash":` + aHash +
		`,"blockNumber":1,"subtraces":0,"traceAddress":[0,1],"transactionHash":` + aHash + `,"transactionPosition":0,"type":"call"}`
	aReceipt = `{"transactionHash":` + aHash + `,"blockHash":` + aHash + `,"blockNumber":"0x1","transactionIndex":"0x0","gasUsed":"0x5208",` +
		`"effectiveGasPrice":"0x1","status":"0x1","l1Fee":"0x5","contractAddress":null,"logs":[` + aLog + `]}`
)

// strict is JSON as it comes from the client: checked.
func strict(v jsontext.Value) bool { return v.IsValid() }

func FuzzLogs(f *testing.F) {
	f.Add([]byte(`[` + aLog + `]`))
	f.Add([]byte(`[]`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, b []byte) {
		transfers, all, err := node.Logs(b)
		if err == nil && (transfers > all || !strict(b) && all > 0 && len(b) < 20) {
			t.Fatal(transfers, all)
		}
	})
}

func FuzzFrames(f *testing.F) {
	f.Add([]byte(aFrame))
	f.Fuzz(func(t *testing.T, b []byte) {
		moves, err := node.Frames(b)
		for _, m := range moves {
			if err != nil || len(m.Path) == 0 || m.Value == "0x0" {
				t.Fatal(m, err)
			}
		}
	})
}

func FuzzRows(f *testing.F) {
	f.Add([]byte(`[` + aRow + `]`))
	f.Fuzz(func(t *testing.T, b []byte) {
		moves, _ := node.Rows(b)
		for _, m := range moves {
			if len(m.Path) == 0 || m.Value == "0x0" {
				t.Fatal(m)
			}
		}
	})
}

func FuzzBlock(f *testing.F) {
	bloom := `"0x`
	for range 256 {
		bloom += "00"
	}
	bloom += `"`
	block := `{"number":"0x1","hash":` + aHash + `,"parentHash":` + aHash + `,"timestamp":"0x1","transactionsRoot":` + aHash +
		`,"receiptsRoot":` + aHash + `,"logsBloom":` + bloom + `,"baseFeePerGas":"0x1","transactions":[{"hash":` + aHash + `,"from":` + aToken +
		`,"to":null,"value":"0x1","gasPrice":"0x1","transactionIndex":"0x0","authorizationList":[]}],"withdrawals":[{"address":` + aToken + `,"amount":"0x1"}]}`
	f.Add([]byte(block), []byte(`[`+aReceipt+`]`), []byte(`[{"txHash":`+aHash+`,"result":`+aFrame+`}]`))
	f.Fuzz(func(_ *testing.T, b, receipts, traces []byte) {
		if _, _, _, err := node.Block(b, receipts, traces); err == nil {
			_ = node.Sealed(b)
		}
	})
}

func FuzzReceipt(f *testing.F) {
	f.Add([]byte(aReceipt))
	f.Fuzz(func(t *testing.T, b []byte) {
		if fee, err := node.Receipt(b); err == nil && fee == "" {
			t.Fatal("no fee")
		}
	})
}

func FuzzHint(f *testing.F) {
	f.Add("query returned more than 10000 results. Try with this block range [0x100, 0x1ff].")
	f.Add("retry with the range 1-99999999999999999999")
	f.Fuzz(func(_ *testing.T, s string) { node.Hint(s) })
}
