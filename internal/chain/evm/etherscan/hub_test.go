package etherscan_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// exchange has a million transactions, ten a block. No node of a test has as
// many: the rows are made up as they are asked for. It sends them all, or gets
// them all.
func exchange(t *testing.T, sends bool) (chain.Options, *atomic.Int32) {
	const rows, address, other = 1_000_000, "0x00000000000000000000000000000000000000aa", "0x00000000000000000000000000000000000000bb"
	var asked atomic.Int32
	count := "0x0"
	if sends {
		count = "0xf4240"
	}
	o := scriptedNode(t, count, "0x", func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		q := r.URL.Query()
		at := func(name string) int { n, _ := strconv.Atoi(q.Get(name)); return n }
		first := at("startblock")*10 + (at("page")-1)*at("offset")
		last := min(first+at("offset"), rows, (at("endblock")+1)*10)
		from, to := address, other
		if !sends {
			from, to = to, from
		}
		list := []map[string]string{}
		for i := first; i < last; i++ {
			list = append(list, map[string]string{
				"blockNumber": strconv.Itoa(i / 10), "timeStamp": "1", "hash": fmt.Sprintf("0x%064x", i+1), "nonce": strconv.Itoa(i),
				"transactionIndex": strconv.Itoa(i % 10), "from": from, "to": to, "value": "5", "gasPrice": "1", "gasUsed": "1",
				"isError": "0", "txreceipt_status": "1", "contractAddress": "",
			})
		}
		if at("page")*at("offset") > 10_000 {
			fmt.Fprint(w, `{"status":"0","message":"Result window is too large, PageNo x Offset size must be less than or equal to 10000","result":null}`)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"status": "1", "message": "OK", "result": list})
	})
	return o, &asked
}

func TestHubCostsTwoRequests(t *testing.T) {
	t.Parallel()
	const address chain.Address = "0x00000000000000000000000000000000000000aa"
	for _, tt := range []struct {
		limit, most int
		sends       bool
	}{
		{500, 1, true},
		{5000, 2, true},
		{5000, 2, false},
		{9999, 2, false},
		{50_001, 1, true}, // and one for the count
	} {
		t.Run(fmt.Sprint(tt.limit, tt.sends), func(t *testing.T) {
			o, asked := exchange(t, tt.sends)
			src := open(t, o)
			q := question([]chain.Address{address})
			q.Limit, q.Span.To = tt.limit, 99_000
			got := mustAsk(t, src, q)
			require.Empty(t, got.transfers)
			require.Contains(t, got.gaps, chain.Gap{
				Address: address, Span: q.Span, Effect: chain.Hub, Reason: fmt.Sprintf("more than %d transfers", tt.limit),
			})
			require.LessOrEqual(t, int(asked.Load()), tt.most)
			before := asked.Load()
			again := mustAsk(t, src, q)
			require.ElementsMatch(t, got.gaps, again.gaps)
			require.Equal(t, before, asked.Load())
		})
	}
}
