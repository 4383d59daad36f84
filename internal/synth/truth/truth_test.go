package truth_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/synth/names"
	"github.com/scamtrace/scamtrace/internal/synth/truth"
	"github.com/scamtrace/scamtrace/internal/synth/world"
)

// people are all on Ethereum, and nobody was ever active.
type people struct{}

func (people) Len() int                             { return 3 }
func (people) Role(world.Party) world.Role          { return world.Benign }
func (people) Bitcoin(world.Party) bool             { return false }
func (people) Controller(world.Party) world.Entity  { return 0 }
func (people) Exchange(world.Party) world.Entity    { return 0 }
func (people) Seen(world.Party) (first, last int64) { return -1, -1 }

// What a witness is told stands in the files, row by row.
func TestWriter(t *testing.T) {
	dir := t.TempDir()
	n := names.New(1, func(world.Party) world.Party { return 0 })
	w, err := truth.New(dir, n, people{}, truth.Parts{Transfers: true, Deposits: true, Nights: true})
	require.NoError(t, err)
	for _, f := range []world.EntityFact{
		{Entity: 1, Name: "compound-1", Kind: "compound"},
		{Entity: 2, Name: "team-1", Kind: "team", Parent: 1},
		{Entity: 3, Name: "victim-1", Kind: "victim"},
		{Entity: 4, Name: "alder", Kind: "exchange"},
	} {
		require.NoError(t, w.Entity(f))
	}
	require.ErrorContains(t, w.Entity(world.EntityFact{Entity: 9}), "entity 9 comes after 4 others")

	scam := world.Mark{Stage: "payment", Entity: 3}
	require.NoError(t, w.Ethereum(&world.EthereumTx{
		Number: 1, From: 1, To: 2, Value: 5, Mark: scam, FirstLog: 7,
		Calls: []world.Call{
			{Path: "0_1", Kind: "call", Value: 1},
			{Path: "1", Kind: "call", Value: 1, Failed: true},
			{Path: "2", Kind: "delegatecall", Value: 1},
			{Path: "3", Kind: "call"},
		},
		Logs: []world.Log{{Token: world.USDT, Amount: 1}},
	}))
	require.NoError(t, w.Ethereum(&world.EthereumTx{
		Number: 1, Mark: world.Mark{Noise: "zero"}, FirstLog: 8, Logs: []world.Log{{Token: world.USDT}},
	}))
	// What failed moved nothing, a reward is nobody's, and the crowd is left out.
	require.NoError(t, w.Ethereum(&world.EthereumTx{Number: 2, Value: 5, Mark: scam, Failed: true}))
	require.NoError(t, w.Ethereum(&world.EthereumTx{Number: 3, Value: 5, Mark: scam, Reward: true}))
	require.NoError(t, w.Ethereum(&world.EthereumTx{Number: 4, Value: 5}))
	require.NoError(t, w.Bitcoin(&world.BitcoinTx{Number: 5, Mark: world.Mark{Stage: "peel", Entity: 2}}))
	require.NoError(t, w.Bitcoin(&world.BitcoinTx{Number: 6}))

	require.NoError(t, w.Link(world.LinkFact{
		Type: "swap", From: 1, To: 2, AssetIn: world.Ether, AmountIn: 3, AssetOut: world.USDT, AmountOut: 4, Tx: 1, Controller: 2,
	}))
	require.NoError(t, w.Victim(world.VictimFact{
		Victim: 3, Exchange: 4, Team: 2, Collection: 2, Asset: world.Ether, Payments: 2, Paid: 7, Refunded: 1, Induced: true,
	}))
	require.NoError(t, w.Deposit(world.DepositFact{
		From: 1, Deposit: 2, Exchange: 4, Controller: world.CrowdEntity, Asset: world.DAI, Amount: 8, DepositTx: 1, SweepTx: -1,
	}))
	require.NoError(t, w.Night(world.NightFact{Night: 30, Type: "cash_out", Bitcoin: true, Amount: 9, Tx: 5}))
	require.NoError(t, w.Close(truth.End{Rows: 10, Scam: 4, Public: world.Public{
		Seeds: []world.Seed{
			{Party: 1, Verdict: "scam"}, {Party: 1, Verdict: truth.Typo}, {Party: 1, Verdict: truth.WrongChain},
		},
		Labels: []world.Label{{Party: 2, Label: "alder hot", Category: "exchange", Event: "late", At: 1_709_251_200}},
	}}))

	hash := func(number int64) string { h := n.Transaction(number); return names.Hex(h[:]) }
	coin := func(number int64) string { h := n.BitcoinTransaction(number); return names.Hex(h[:])[2:] }
	a, b := n.Ethereum(1), n.Ethereum(2)
	one, two := names.Hex(a[:]), names.Hex(b[:])
	const usdt, dai = "0xdac17f958d2ee523a2206206994597c13d831ec7", "0x6b175474e89094c44da98b954eedeac495271d0f"
	for name, want := range map[string][]string{
		"entities": {"compound-1,compound,", "team-1,team,compound-1", "victim-1,victim,", "alder,exchange,"},
		"transfers": {
			"ethereum," + hash(1) + ",native,,,payment,,victim-1",
			"ethereum," + hash(1) + ",internal,,0.1,payment,,victim-1",
			"ethereum," + hash(1) + ",token,7,,payment,,victim-1",
			"ethereum," + hash(1) + ",token,8,,,zero,",
			"bitcoin," + coin(5) + ",utxo,,,peel,,team-1",
		},
		"links":           {"swap,ethereum," + one + "," + two + ",native,3000000000," + usdt + ",4," + hash(1) + ",team-1"},
		"victims":         {"victim-1,ethereum,,alder,team-1," + two + ",native,2,7000000000,1000000000,true"},
		"deposits":        {"ethereum," + one + "," + two + ",alder,user-1," + dai + ",8000000000," + hash(1) + ","},
		"nights":          {"30,cash_out,bitcoin,,native,9," + coin(5)},
		"seeds":           {"ethereum," + one + ",scam", "ethereum," + one[:21] + one[22:] + ",typo", "bitcoin," + one + ",wrong_chain"},
		"labels_timeline": {"ethereum," + two + ",alder hot,exchange,late,2024-03-01T00:00:00Z"},
		"sums": {
			"alerts_cash_out,1", "deposited_ethereum_" + dai + ",8000000000", "deposits,1", "entities_compound,1",
			"entities_exchange,1", "entities_team,1", "entities_victim,1", "labels_late,1", "links_swap,1",
			"paid_ethereum_native,7000000000", "refunded_ethereum_native,1000000000", "rows,10", "rows_scam,4",
			"seeds_scam,1", "seeds_typo,1", "seeds_wrong_chain,1",
			"transfers_noise_zero,1", "transfers_stage_payment,3", "transfers_stage_peel,1",
		},
		"addresses": nil, // nobody was ever active
	} {
		data, err := os.ReadFile(filepath.Join(dir, name+".csv"))
		require.NoError(t, err)
		lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
		require.NotContains(t, string(data), "\r")
		require.Equal(t, strings.Join(want, "\n"), strings.Join(lines[1:], "\n"), name)
	}
}
