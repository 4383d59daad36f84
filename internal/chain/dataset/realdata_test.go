package dataset

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
)

func kindCounts(told []chain.Transfer) map[chain.Kind]int {
	n := map[chain.Kind]int{}
	for i := range told {
		n[told[i].Kind]++
	}
	return n
}

func TestRealData(t *testing.T) {
	for _, tc := range []struct {
		name, chain string
		head        uint64
		kinds       map[chain.Kind]int
	}{
		{"eth_heist_easyfi", "ethereum", 15202750, map[chain.Kind]int{chain.Token: 4479}},
		{"eth_mftracer_54m", "ethereum", 0, map[chain.Kind]int{chain.Token: 292}},
		{"eth_mftracer_atomic", "ethereum", 0, map[chain.Kind]int{chain.Token: 1080}},
		{"eth_mftracer_lifi", "ethereum", 0, map[chain.Kind]int{chain.Token: 135}},
		{"eth_full_blocks_3300400", "ethereum", 3302204, nil},
		{"btc_coinjoin_wasabi1", "bitcoin", 0, map[chain.Kind]int{chain.Output: 550}},
		{"btc_coinjoin_whirlpool", "bitcoin", 0, map[chain.Kind]int{chain.Output: 4864}},
		{"btc_raw_blocks", "bitcoin", 702861, map[chain.Kind]int{chain.Output: 8374}},
		{"emul_wasabi2_a", "bitcoin-regtest", 323, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := realData(t, tc.name)
			s := openFolder(t, tc.chain, dir, "")
			head, err := s.Head(context.Background())
			require.NoError(t, err)
			if tc.head > 0 {
				require.Equal(t, tc.head, head.Height)
			}
			require.NotZero(t, head.Time)
			q := chain.Question{Addresses: allAddresses(t, s), Span: everything()}
			told, gaps := mustAsk(t, s, q)
			require.NotEmpty(t, told)
			counts := kindCounts(told)
			t.Log(counts, gaps)
			for k, n := range tc.kinds {
				require.Equal(t, n, counts[k])
			}
			seen := map[string]bool{}
			for i := range told {
				id := fmt.Sprint(told[i].Tx.Hash, told[i].Kind, told[i].Ordinal, told[i].Path)
				require.False(t, seen[id], "one identity twice: %v", told[i])
				seen[id] = true
			}
			cache := t.TempDir()
			for range 2 { // the first builds the index, the second uses it
				again, _ := mustAsk(t, openFolder(t, tc.chain, dir, cache), q)
				require.Equal(t, told, again)
			}
		})
	}
}

// The coinbase of block 277647 claims 25 bitcoin of subsidy and all fees.
func TestRealData_feesOfBlock277647(t *testing.T) {
	s := openFolder(t, "bitcoin", realData(t, "btc_raw_blocks"), "")
	told, _ := mustAsk(t, s, chain.Question{
		Addresses: allAddresses(t, s), Span: chain.Span{From: 277647, To: 277647},
	})
	require.Len(t, told, 213)
	var in, out, claimed chain.Amount
	for i := range told {
		for _, e := range told[i].In {
			require.False(t, e.AmountUnknown)
			in.Add(&in, &e.Amount)
		}
		for _, e := range told[i].Out {
			if len(told[i].In) == 0 {
				claimed.Add(&claimed, &e.Amount)
			} else {
				out.Add(&out, &e.Amount)
			}
		}
	}
	require.Equal(t, claimed.Uint64()-25e8, in.Uint64()-out.Uint64())
	require.EqualValues(t, 4737355, in.Uint64()-out.Uint64())
}

// The folder holds logs and token_transfers of the same blocks: they must tell
// the same, except for ERC-721, whose token id token_transfers takes for value.
func TestRealData_logsAgreeWithTokenTransfers(t *testing.T) {
	dir := realData(t, "eth_etl_blocks_17173049")
	without := t.TempDir()
	for _, name := range []string{"token_transfers.jsonl.gz", "transactions.jsonl.gz", "blocks.jsonl.gz"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		write(t, without, name, string(b))
	}
	logs, transfers := openFolder(t, "ethereum", dir, ""), openFolder(t, "ethereum", without, "")
	q := chain.Question{Addresses: allAddresses(t, logs), Span: everything(), Kinds: []chain.Kind{chain.Token}}
	a, _ := mustAsk(t, logs, q)
	b, _ := mustAsk(t, transfers, q)
	byOrdinal := map[string]chain.Transfer{}
	for _, tr := range b {
		byOrdinal[fmt.Sprint(tr.Tx.Hash, tr.Ordinal)] = tr
	}
	for _, tr := range a {
		id := fmt.Sprint(tr.Tx.Hash, tr.Ordinal)
		other, ok := byOrdinal[id]
		require.True(t, ok)
		other.Tx.Pos.Index = tr.Tx.Pos.Index // only logs tell it
		require.Equal(t, other, tr)
		delete(byOrdinal, id)
	}
	t.Log(len(a), "transfers agree;", len(byOrdinal), "are not ERC-20 Transfer logs of three topics")
	require.Less(t, len(byOrdinal), len(b)/5)
	head, err := logs.Head(context.Background())
	require.NoError(t, err)
	require.EqualValues(t, 17173050, head.Height)
	require.NotZero(t, head.Hash)
}
