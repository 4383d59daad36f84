package rows_test

import (
	"encoding/binary"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/dataset"
	"github.com/scamtrace/scamtrace/internal/synth/names"
	"github.com/scamtrace/scamtrace/internal/synth/rows"
	"github.com/scamtrace/scamtrace/internal/synth/scenario"
	"github.com/scamtrace/scamtrace/internal/synth/world"
)

// plain names are the numbers themselves, so that a person can read them.
type plain struct{ names.Namer }

func newPlain() plain {
	return plain{names.New(1, func(world.Party) world.Party { return 0 })}
}

func (plain) Ethereum(p world.Party) (a [20]byte) {
	binary.BigEndian.PutUint32(a[16:], uint32(p))
	return a
}

func (plain) Transaction(n int64) (h [32]byte) {
	binary.BigEndian.PutUint64(h[24:], uint64(n))
	return h
}

func (p plain) BitcoinTransaction(n int64) [32]byte { return p.Transaction(n) }

// ten transactions: what a set is made of.
func story() ([]world.EthereumTx, []world.BitcoinTx) {
	const price, base = 12, 10
	ethereum := []world.EthereumTx{
		{Height: 100, Time: 1_709_251_211, To: 1, Value: 5_000_000_000, Reward: true, BaseFee: base, NewBlock: true},
		{Height: 100, Time: 1_709_251_211, To: 2, Value: 7, Reward: true, BaseFee: base},
		{ // plain ether
			Number: 1, Height: 100, Index: 0, Time: 1_709_251_211, From: 1, To: 2, Value: 1_000_000_000,
			GasUsed: 21_000, GasPrice: price, BaseFee: base,
		},
		{ // tokens: the contract is called, and two events of it
			Number: 2, Height: 100, Index: 1, Time: 1_709_251_211, Nonce: 1, From: 1, To: 3, Input: world.TokenTransfer, Token: world.USDT,
			GasUsed: 50_000, GasPrice: price, BaseFee: base,
			Logs: []world.Log{{Token: world.USDT, From: 1, To: 3, Amount: 250_000_000}, {Token: world.DAI, From: 1, To: 3, Amount: 9}},
		},
		{ // runs out of gas
			Number: 3, Height: 102, Index: 4, Time: 1_709_251_235, From: 3, To: 4, Value: 5, Failed: true,
			GasUsed: 30_000, GasPrice: price, BaseFee: base, NewBlock: true,
		},
		{ // creates a contract
			Number: 4, Height: 102, Index: 5, Time: 1_709_251_235, From: 1, Creates: 5, Input: world.Creation, Value: 3,
			GasUsed: 700_000, GasPrice: price, BaseFee: base,
		},
		{ // a call inside that pays, one that reverts, one inside that, and one without a value of its own
			Number: 5, Height: 102, Index: 6, Time: 1_709_251_235, From: 2, To: 5, Input: world.ContractCall,
			GasUsed: 90_000, GasPrice: price, BaseFee: base, FirstLog: 2,
			Calls: []world.Call{
				{Path: "0", Kind: "call", From: 5, To: 6, Value: 2},
				{Path: "1", Kind: "call", From: 5, To: 7, Value: 1, Failed: true},
				{Path: "1_0", Kind: "delegatecall", From: 7, To: 6, Value: 1, Failed: true},
			},
			Logs: []world.Log{{Token: world.Counterfeit, From: 0, To: 2, Amount: 1}},
		},
	}
	bitcoin := []world.BitcoinTx{
		{Number: 0, Height: 50, Time: 1_709_251_300, Size: 120, Out: []world.Output{{To: 21, Value: 312_500_000}, {}}},
		{
			Number: 1, Height: 51, Index: 1, Time: 1_709_251_900, Size: 141,
			In:  []world.Coin{{Tx: 0, Index: 0, Owner: 21, Value: 312_500_000}},
			Out: []world.Output{{To: 22, Value: 300_000_000}, {To: 21, Value: 12_499_000}},
		},
		{
			Number: 2, Height: 51, Index: 2, Time: 1_709_251_900, Size: 220, Join: true,
			In:  []world.Coin{{Tx: 1, Index: 0, Owner: 22, Value: 300_000_000}, {Tx: 1, Index: 1, Owner: 21, Value: 12_499_000}},
			Out: []world.Output{{To: 23, Value: 312_498_000}},
		},
	}
	return ethereum, bitcoin
}

func write(t *testing.T, format rows.Format, tables []string) string {
	dir := t.TempDir()
	w := rows.New(dir, tables, format, newPlain())
	ethereum, bitcoin := story()
	for i := range ethereum {
		require.NoError(t, w.Ethereum(&ethereum[i]))
	}
	for i := range bitcoin {
		require.NoError(t, w.Bitcoin(&bitcoin[i]))
	}
	require.NoError(t, w.Close())
	return dir
}

// tell reads a set back by the source that the program has for it.
func tell(t *testing.T, dir, name string, addresses ...string) (lines []string, gaps []chain.Gap) {
	c, err := chain.Lookup(name)
	require.NoError(t, err)
	source, err := dataset.Driver().Open(t.Context(), c, chain.Options{Args: filepath.Join(dir, name), Workers: 1})
	require.NoError(t, err)
	defer source.Close()
	head, err := source.Head(t.Context())
	require.NoError(t, err)
	asked := map[chain.Address]struct{}{}
	for _, a := range addresses {
		asked[chain.Address(a)] = struct{}{}
	}
	parts, err := source.Plan(t.Context(), chain.Question{Addresses: asked, Span: chain.Span{To: head.Height}})
	require.NoError(t, err)
	for _, p := range parts {
		g, err := p.Ask(t.Context(), func(x *chain.Transfer) error {
			lines = append(lines, line(x))
			return nil
		})
		require.NoError(t, err)
		gaps = append(gaps, g...)
	}
	slices.Sort(lines)
	return lines, gaps
}

// line is "height kind tx: from amount > to amount, asset".
func line(x *chain.Transfer) string {
	side := func(entries []chain.Entry) string {
		var list []string
		for _, e := range entries {
			list = append(list, strings.TrimLeft(strings.TrimPrefix(string(e.Address), "0x"), "0")+" "+e.Amount.Dec())
		}
		return strings.Join(list, " + ")
	}
	return fmt.Sprintf("%d %s %x: %s > %s, %s", x.Tx.Pos.Height, x.Kind, x.Tx.Hash[30:], side(x.In), side(x.Out), x.Asset)
}

func everybody() (ethereum, bitcoin []string) {
	n := newPlain()
	for p := world.Party(0); p < 30; p++ {
		a := n.Ethereum(p)
		ethereum, bitcoin = append(ethereum, names.Hex(a[:])), append(bitcoin, n.Bitcoin(p+1).Address)
	}
	return ethereum, bitcoin
}

// Both formats tell the story as it was.
func TestWriter_story(t *testing.T) {
	for _, format := range rows.Formats() {
		t.Run(string(format), func(t *testing.T) {
			dir := write(t, format, scenario.Tables())
			addresses, coins := everybody()

			lines, gaps := tell(t, dir, "ethereum", addresses...)
			require.Empty(t, gaps)
			counterfeit := newPlain().Token(world.Counterfeit)
			require.Equal(t, []string{
				"100 fee 0001: 1 252000000000000 > , native",
				"100 fee 0002: 1 600000000000000 > , native",
				"100 native 0001: 1 1000000000000000000 > 2 1000000000000000000, native",
				"100 reward B:  > 1 5000000000000000000, native",
				"100 reward B:  > 2 7000000000, native",
				"100 token 0002: 1 250000000 > 3 250000000, 0xdac17f958d2ee523a2206206994597c13d831ec7",
				"100 token 0002: 1 9000000000 > 3 9000000000, 0x6b175474e89094c44da98b954eedeac495271d0f",
				"102 fee 0003: 3 360000000000000 > , native",
				"102 fee 0004: 1 8400000000000000 > , native",
				"102 fee 0005: 2 1080000000000000 > , native",
				"102 internal 0005: 5 2000000000 > 6 2000000000, native",
				"102 native 0004: 1 3000000000 > 5 3000000000, native",
				"102 token 0005:  1 > 2 1, " + names.Hex(counterfeit[:]),
			}, rewards(lines))

			a, b, c := coins[20], coins[21], coins[22]
			lines, gaps = tell(t, dir, "bitcoin", coins...)
			require.Empty(t, gaps)
			require.Equal(t, []string{
				"50 utxo 0000:  > " + a + " 312500000 +  0, native",
				"51 utxo 0001: " + a + " 312500000 > " + b + " 300000000 + " + a + " 12499000, native",
				"51 utxo 0002: " + b + " 300000000 + " + a + " 12499000 > " + c + " 312498000, native",
			}, lines)
		})
	}
}

// rewards leaves out the block's hash, by which rewards go.
func rewards(lines []string) []string {
	for i, l := range lines {
		if before, after, found := strings.Cut(l, " reward "); found {
			lines[i] = before + " reward B" + after[strings.Index(after, ":"):]
		}
	}
	return lines
}

// A table that is not wanted is not there; one without rows is, so that nobody
// takes it for missing.
func TestWriter_tables(t *testing.T) {
	dir := t.TempDir()
	w := rows.New(dir, []string{"blocks", "token_transfers", "traces"}, rows.Parquet, newPlain())
	require.NoError(t, w.Ethereum(&world.EthereumTx{
		Number: 1, Height: 7, Time: 1_709_251_211, From: 1, To: 2, Input: world.TokenTransfer, Token: world.USDT,
		Logs: []world.Log{{Token: world.USDT, From: 1, To: 2, Amount: 3}},
	}))
	require.Equal(t, []rows.Count{{"ethereum/blocks", 0}, {"ethereum/token_transfers", 1}, {"ethereum/traces", 1}}, w.Counts())
	require.NoError(t, w.Close())
	folders, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	require.NoError(t, err)
	for i := range folders {
		folders[i], _ = filepath.Rel(dir, folders[i])
	}
	require.Equal(t, []string{"ethereum/blocks", "ethereum/token_transfers", "ethereum/traces"}, folders)

	dir = t.TempDir()
	w = rows.New(dir, scenario.Tables(), rows.Parquet, newPlain())
	require.NoError(t, w.Close())
	lines, gaps := tell(t, dir, "ethereum", "0x0000000000000000000000000000000000000001")
	require.Empty(t, lines)
	require.Empty(t, gaps)
}

// BenchmarkTransfers is the speed of token transfers, in rows a second.
func BenchmarkTransfers(b *testing.B) {
	w := rows.New(b.TempDir(), []string{"token_transfers"}, rows.Parquet, names.New(1, func(world.Party) world.Party { return 0 }))
	n := int64(0)
	for b.Loop() {
		tx := world.EthereumTx{
			Number: n, Height: 20_000_000 + n/40, Time: 1_709_251_211 + n/40*12, From: world.Party(n % 100_000), To: world.Party(n % 70_001),
			Input: world.TokenTransfer, Token: world.USDT,
			Logs: []world.Log{{Token: world.USDT, From: world.Party(n % 100_000), To: world.Party(n % 70_001), Amount: n * 1_000_003 % 1e12}},
		}
		if err := w.Ethereum(&tx); err != nil {
			b.Fatal(err)
		}
		n++
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "rows/s")
}
