package node_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain/evm/node"
	"github.com/scamtrace/scamtrace/internal/fetch"
	"github.com/scamtrace/scamtrace/internal/fetch/jsonrpc"
)

// Every wording that servers were seen to use.
func TestFaults(t *testing.T) {
	const ranged, plain = true, false
	for _, tt := range []struct {
		server  string
		ranged  bool
		status  int
		code    int
		message string
		want    fetch.Class
		stated  uint64
		suggest uint64
	}{
		// go-ethereum, as it was seen to answer.
		{"geth", plain, 200, -32600, "batch too large", fetch.TooMany, 0, 0},
		{"geth", plain, 200, -32003, "response too large", fetch.TooMany, 0, 0},
		{"geth", plain, 413, 0, "content length too large (1228867>1048576)", fetch.TooMany, 0, 0},
		{"geth", ranged, 413, 0, "content length too large (1228867>1048576)", fetch.TooMany, 0, 0},
		{"geth", ranged, 200, -32602, "invalid argument 0: exceed max topics", fetch.TooMany, 0, 0},
		{"geth", ranged, 200, -32000, "exceed max addresses or topics per search position", fetch.TooMany, 0, 0},
		{"geth", ranged, 200, -32602, "exceed maximum block range 100", fetch.TooWide, 100, 0},
		{"geth", ranged, 200, -32602, "block range extends beyond current head block", fetch.Transient, 0, 0},
		{"geth", ranged, 200, -32602, "invalid block range params", fetch.Transient, 0, 0},
		{"geth", plain, 200, -32000, "finalized block not found", fetch.Unsupported, 0, 0},
		{"geth", plain, 200, -32000, "safe block not found", fetch.Unsupported, 0, 0},
		{"geth", plain, 200, -32000, "block #65535 not found", fetch.Transient, 0, 0},
		{"geth", plain, 200, -32000, "transaction not found", fetch.Transient, 0, 0},
		{"geth", plain, 200, -32000, "header not found", fetch.Transient, 0, 0},
		{"geth", plain, 200, -32000, "historical state is not available", fetch.Pruned, 0, 0},
		{"geth", plain, 200, -32000, "historical state 21d08b5a is not available", fetch.Pruned, 0, 0},
		{"geth", plain, 200, -32000, "required historical state unavailable (reexec=128)", fetch.Pruned, 0, 0},
		{"geth", plain, 200, -32000, "missing trie node 0c2f (path ) state 0x0c2f is not available", fetch.Pruned, 0, 0},
		{"geth", plain, 200, 4444, "pruned history unavailable", fetch.Pruned, 0, 0},
		{"geth", plain, 200, -32601, "the method trace_filter does not exist/is not available", fetch.Unsupported, 0, 0},
		{"geth", ranged, 200, -32002, "request timed out", fetch.TooWide, 0, 0},
		{"geth", plain, 200, -32002, "request timed out", fetch.Transient, 0, 0},
		{"geth", plain, 200, 3, "execution reverted: rate limit", fetch.Final, 0, 0},
		{"geth", plain, 200, -32000, "execution reverted", fetch.Final, 0, 0},
		{"geth", plain, 200, -32000, "invalid opcode: INVALID", fetch.Final, 0, 0},
		// Ranges and results.
		{"reth", ranged, 200, -32602, "query exceeds max results 20000, retry with the range 17000000-17000099", fetch.TooWide, 0, 100},
		{"reth", ranged, 200, -32602, "query exceeds max block range 100000", fetch.TooWide, 100_000, 0},
		{"java-tron", ranged, 200, -32602, "exceed max block range: 5000", fetch.TooWide, 5000, 0},
		{"java-tron", ranged, 200, -32005, "query returned more than 10000 results. Try with this block range", fetch.TooWide, 0, 0},
		{"Alchemy", ranged, 400, -32600, "Under the Free tier plan, you can make eth_getLogs requests with up to a 10 block range. Based on your parameters, this block range should work: [0x10, 0x19]. Upgrade to PAYG for expanded block range.", fetch.TooWide, 10, 10},
		{"Alchemy", ranged, 200, -32602, "Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range and no limit on the response size, or you can request any block range with a cap of 10K logs in the response. Based on your parameters and the response size limit, this block range should work: [0x0, 0x3e7]", fetch.TooWide, 0, 1000},
		{"Infura", ranged, 200, -32602, "range 1000000 exceeds limit of 10000", fetch.TooWide, 10_000, 0},
		{"Infura", ranged, 200, -32005, "query returned more than 10000 results. Try with this block range [0x100, 0x1ff].", fetch.TooWide, 0, 256},
		{"Infura", ranged, 200, -32005, "query timeout exceeded", fetch.TooWide, 0, 0},
		{"QuickNode", ranged, 413, 0, "eth_getLogs and eth_newFilter are limited to a 10,000 blocks range", fetch.TooWide, 10_000, 0},
		{"QuickNode", ranged, 413, -32614, "eth_getLogs is limited to a 10,000 range", fetch.TooWide, 10_000, 0},
		{"Ankr", ranged, 200, -32600, "block range is too wide", fetch.TooWide, 0, 0},
		{"Cloudflare", ranged, 200, -32047, "Invalid eth_getLogs request. 'fromBlock'-'toBlock' range too large. Max range: 800", fetch.TooWide, 800, 0},
		{"publicnode", ranged, 200, -32701, "exceed maximum block range: 50000", fetch.TooWide, 50_000, 0},
		{"publicnode", ranged, 200, -32602, "maximum block range: 50000", fetch.TooWide, 50_000, 0},
		{"BlockPI", ranged, 200, -32602, "eth_getLogs is limited to 1024 block range", fetch.TooWide, 1024, 0},
		{"1rpc", ranged, 200, -32602, "eth_getLogs is limited to a 50 block range", fetch.TooWide, 50, 0},
		{"Coinbase", ranged, 200, -32602, "please limit the query to at most 1000 blocks", fetch.TooWide, 1000, 0},
		{"Base", ranged, 200, -32602, "block range too large", fetch.TooWide, 0, 0},
		{"thirdweb", ranged, 200, -32602, "Maximum allowed number of requested blocks is 1000", fetch.TooWide, 1000, 0},
		{"Avalanche", ranged, 200, -32000, "requested too many blocks from 100 to 5000, maximum is set to 2048", fetch.TooWide, 2048, 0},
		{"Arbitrum", ranged, 200, -32000, "logs matched by query exceeds limit of 10000", fetch.TooWide, 0, 0},
		{"Optimism", ranged, 200, -32000, "backend response too large", fetch.TooWide, 0, 0},
		{"Arc", ranged, 200, -32012, "requested range too large", fetch.TooWide, 0, 0},
		{"anvil", ranged, 200, -32602, "block range too large, currently limited to 300", fetch.TooWide, 300, 0},
		{"reth trace_filter", ranged, 200, -32602, "Block range too large; currently limited to 100 blocks", fetch.TooWide, 100, 0},
		// Rates and quotas.
		{"Alchemy", ranged, 429, 429, "Your app has exceeded its compute units per second capacity. If you have retries enabled, you can safely ignore this message.", fetch.Limited, 0, 0},
		{"Alchemy", plain, 403, -32600, "Monthly capacity limit exceeded. Visit your dashboard to upgrade", fetch.Exhausted, 0, 0},
		{"Infura", plain, 402, 402, "Payment Required", fetch.Exhausted, 0, 0},
		{"Infura", plain, 429, -32005, "daily request count exceeded, request rate limited", fetch.Exhausted, 0, 0},
		{"Infura", ranged, 429, -32005, "project ID request rate exceeded", fetch.Limited, 0, 0},
		{"QuickNode", ranged, 429, -32007, "50/second request limit reached - reduce calls per second", fetch.Limited, 0, 0},
		{"others", ranged, 200, -32005, "rate limit exceeded", fetch.Limited, 0, 0},
		{"others", ranged, 200, -32005, "limit exceeded", fetch.Limited, 0, 0},
		{"others", ranged, 200, -32029, "Too many requests", fetch.Limited, 0, 0},
		{"Tron", plain, 403, 0, "The key exceeds the frequency limit(15), and the query server is suspended for 30s", fetch.Limited, 0, 0},
		{"btcd-like", plain, 503, 0, "503 Too busy.  Try again later.", fetch.Limited, 0, 0},
		{"bitcoind-like", plain, 503, 0, "Work queue depth exceeded", fetch.Limited, 0, 0},
		// Keys.
		{"Alchemy", plain, 401, -32600, "Must be authenticated!", fetch.Refused, 0, 0},
		{"Infura", plain, 401, -32002, "invalid project id", fetch.Refused, 0, 0},
		{"others", plain, 403, 0, "Forbidden", fetch.Refused, 0, 0},
		{"others", plain, 200, -32000, "Invalid API key", fetch.Refused, 0, 0},
		{"Etherscan", plain, 200, 0, "Missing or unsupported chainid parameter", fetch.Refused, 0, 0},
		// In passing, and what is no answer.
		{"others", plain, 502, 0, "Bad Gateway", fetch.Transient, 0, 0},
		{"others", ranged, 503, 0, "Service Unavailable", fetch.Transient, 0, 0},
		{"others", plain, 200, -32603, "Internal error", fetch.Transient, 0, 0},
		{"others", plain, 200, -32000, "upstream connect error", fetch.Transient, 0, 0},
		{"others", plain, 501, 0, "Not Implemented", fetch.Unsupported, 0, 0},
		{"others", plain, 200, -32600, "Unsupported method: trace_filter. See available methods", fetch.Unsupported, 0, 0},
		{"others", plain, 404, 0, "<html>not found</html>", fetch.Broken, 0, 0},
		{"others", plain, 200, -32602, "missing value for required argument 1", fetch.Broken, 0, 0},
	} {
		t.Run(tt.server+" "+tt.message, func(t *testing.T) {
			v := node.Classify(jsonrpc.Fault{Status: tt.status, Code: tt.code, Message: tt.message}, tt.ranged)
			require.Equal(t, tt.want, v.Class)
			require.NotEmpty(t, v.Reason)
			if tt.want == fetch.TooWide {
				stated, suggested := node.Hint(v.Reason)
				require.Equal(t, tt.stated, stated)
				require.Equal(t, tt.suggest, suggested)
			}
		})
	}
}

func TestCutsFitRoundCaps(t *testing.T) {
	for width := uint64(2); width < 100_000; width = width*5/4 + 1 {
		c := node.Cut(width)
		require.Positive(t, c)
		require.Less(t, c, width)
	}
	require.EqualValues(t, 10_000, node.Cut(20_000))
	require.EqualValues(t, 20_000, node.Cut(30_000))
	require.EqualValues(t, 1_280_000, node.Cut(2_000_000))
	require.EqualValues(t, 5000, node.Cut(10_000))
	require.EqualValues(t, 10, node.Cut(20))
}
