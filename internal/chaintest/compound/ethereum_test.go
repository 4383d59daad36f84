package compound_test

import (
	"math/big"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chaintest/compound"
)

func number(t *testing.T, s string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(s, 10, 64)
	require.NoError(t, err)
	return n
}

func big10(t *testing.T, s string) *big.Int {
	t.Helper()
	n, ok := new(big.Int).SetString(s, 10)
	require.True(t, ok, s)
	return n
}

// purse keeps balances and refuses debts.
type purse map[[2]string]*big.Int

func (p purse) add(t *testing.T, asset, owner string, v *big.Int, sign int64) {
	t.Helper()
	k := [2]string{asset, owner}
	if p[k] == nil {
		p[k] = new(big.Int)
	}
	p[k].Add(p[k], new(big.Int).Mul(v, big.NewInt(sign)))
	require.GreaterOrEqual(t, p[k].Sign(), 0, "%s of %s after %s", asset, owner, v)
}

// Nobody ever spends what it does not have: not at the end, at every step.
func TestEthereumIsCovered(t *testing.T) {
	t.Parallel()
	w := write(t, demo())
	have := purse{}
	tokens, traces := map[string][]map[string]string{}, map[string][]map[string]string{}
	for _, r := range w.csv("ethereum/token_transfers.csv.gz") {
		tokens[r["transaction_hash"]] = append(tokens[r["transaction_hash"]], r)
	}
	var rewards []map[string]string
	for _, r := range w.csv("ethereum/traces.csv.gz") {
		if r["trace_type"] == "reward" {
			rewards = append(rewards, r)
			continue
		}
		traces[r["transaction_hash"]] = append(traces[r["transaction_hash"]], r)
	}
	nonces, seen := map[string]int64{}, map[string]bool{}
	var lastBlock, lastIndex, failed int64
	for _, tx := range w.csv("ethereum/transactions.csv.gz") {
		block, index := number(t, tx["block_number"]), number(t, tx["transaction_index"])
		for len(rewards) > 0 && number(t, rewards[0]["block_number"]) <= block {
			have.add(t, "", rewards[0]["to_address"], big10(t, rewards[0]["value"]), 1)
			rewards = rewards[1:]
		}
		require.False(t, seen[tx["hash"]])
		seen[tx["hash"]] = true
		require.Truef(t, block > lastBlock || block == lastBlock && index == lastIndex+1, "order at %s", tx["hash"])
		lastBlock, lastIndex = block, index
		require.Equal(t, compound.Start+12*(block-19_336_600), number(t, tx["block_timestamp"]))
		require.Equal(t, nonces[tx["from_address"]], number(t, tx["nonce"]))
		nonces[tx["from_address"]]++
		fee := new(big.Int).Mul(big10(t, tx["receipt_gas_used"]), big10(t, tx["receipt_effective_gas_price"]))
		have.add(t, "", tx["from_address"], fee, -1)
		require.NotEmpty(t, traces[tx["hash"]])
		for _, c := range traces[tx["hash"]] {
			if c["status"] == "1" && (c["call_type"] == "call" || c["trace_type"] == "create") {
				have.add(t, "", c["from_address"], big10(t, c["value"]), -1)
				have.add(t, "", c["to_address"], big10(t, c["value"]), 1)
			}
		}
		if tx["receipt_status"] == "0" {
			require.Empty(t, tokens[tx["hash"]])
			if tx["value"] != "0" {
				failed++
			}
		}
		for _, m := range tokens[tx["hash"]] {
			if m["from_address"] != "0x0000000000000000000000000000000000000000" {
				have.add(t, m["token_address"], m["from_address"], big10(t, m["value"]), -1)
			}
			have.add(t, m["token_address"], m["to_address"], big10(t, m["value"]), 1)
		}
	}
	require.Positive(t, failed, "failed transactions with value")
	require.Empty(t, rewards)
}

func TestEthereumBlocksFitTheTransactions(t *testing.T) {
	t.Parallel()
	w := write(t, demo())
	blocks := map[string]map[string]string{}
	for _, b := range w.csv("ethereum/blocks.csv.gz") {
		blocks[b["number"]] = b
	}
	counts := map[string]int{}
	for _, tx := range w.csv("ethereum/transactions.csv.gz") {
		b := blocks[tx["block_number"]]
		require.Equal(t, b["hash"], tx["block_hash"])
		require.Equal(t, b["timestamp"], tx["block_timestamp"])
		counts[tx["block_number"]]++
	}
	for n, b := range blocks {
		require.Equal(t, strconv.Itoa(counts[n]), b["transaction_count"])
	}
}
