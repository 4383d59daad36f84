package replay_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/core/types"
	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/dataset"
	"github.com/scamtrace/scamtrace/internal/chaintest/btcnode"
	"github.com/scamtrace/scamtrace/internal/chaintest/conform"
	"github.com/scamtrace/scamtrace/internal/chaintest/evmnode"
	"github.com/scamtrace/scamtrace/internal/chaintest/replay"
	"github.com/scamtrace/scamtrace/internal/synth/names"
	"github.com/scamtrace/scamtrace/internal/synth/reference"
	"github.com/scamtrace/scamtrace/internal/synth/scenario"
	"github.com/scamtrace/scamtrace/internal/synth/world"
)

// listener hears transactions alone.
type listener struct {
	world.Witness
	ethereum func(*world.EthereumTx)
	bitcoin  func(*world.BitcoinTx)
}

func (l listener) Ethereum(x *world.EthereumTx) error { l.ethereum(x); return nil }
func (l listener) Bitcoin(x *world.BitcoinTx) error   { l.bitcoin(x); return nil }

func (listener) Entity(world.EntityFact) error   { return nil }
func (listener) Link(world.LinkFact) error       { return nil }
func (listener) Victim(world.VictimFact) error   { return nil }
func (listener) Deposit(world.DepositFact) error { return nil }
func (listener) Night(world.NightFact) error     { return nil }

func listen(t testing.TB, r *replay.Replay, ethereum func(*world.EthereumTx), bitcoin func(*world.BitcoinTx)) {
	t.Helper()
	if ethereum == nil {
		ethereum = func(*world.EthereumTx) {}
	}
	if bitcoin == nil {
		bitcoin = func(*world.BitcoinTx) {}
	}
	require.NoError(t, r.Retell(listener{ethereum: ethereum, bitcoin: bitcoin}))
}

// sizes are the sets that are held against their nodes. Half of the small one is
// on Bitcoin.
func sizes(t *testing.T, check func(*testing.T, *replay.Replay)) {
	for _, rows := range []int64{1_000, 10_000} {
		t.Run(fmt.Sprint(rows), func(t *testing.T) {
			if rows > 1_000 && testing.Short() {
				t.Skip("executes thousands of blocks")
			}
			sc := scenario.Default()
			if rows == 1_000 {
				sc.Bitcoin, sc.Layering.CoinJoin = 500_000, 1_000_000
			}
			at := time.Now()
			r, err := replay.Tell(t.Context(), sc, rows, 1)
			require.NoError(t, err)
			t.Logf("told in %v: %d and %d blocks, %d addresses", time.Since(at), r.Ethereum.Head().Height, r.Bitcoin.Height(), r.World.Parties().Len())
			check(t, r)
		})
	}
}

// What the play says has happened is what has happened on the chains.
func TestTell(t *testing.T) {
	sizes(t, func(t *testing.T, r *replay.Replay) {
		t.Run("movements", func(t *testing.T) { sameMovements(t, r) })
		t.Run("kinds", func(t *testing.T) { sameKinds(t, r) })
		t.Run("ethereum balances", func(t *testing.T) { sameBalances(t, r) })
		t.Run("bitcoin coins", func(t *testing.T) { sameCoins(t, r) })
	})
}

// sameMovements reads the exports of both chains. Every movement of the play is
// there, with its parties, amount and place; what is there beyond them are the
// deployer's fees.
func sameMovements(t *testing.T, r *replay.Replay) {
	asked := map[string][]chain.Address{}
	for p := 1; p < r.World.Parties().Len(); p++ {
		if p := world.Party(p); r.World.Parties().Bitcoin(p) {
			asked["bitcoin-regtest"] = append(asked["bitcoin-regtest"], chain.Address(r.Names.Bitcoin(p).Address))
		} else {
			a := r.Names.Ethereum(p)
			asked["ethereum"] = append(asked["ethereum"], chain.Address(names.Hex(a[:])))
		}
	}
	dirs := map[string]string{"ethereum": t.TempDir(), "bitcoin-regtest": t.TempDir()}
	require.NoError(t, r.Ethereum.ExportRewards(dirs["ethereum"]))
	require.NoError(t, r.Bitcoin.Export(dirs["bitcoin-regtest"], r.Bitcoin.Height()))

	var want, got []string
	count := map[string]int{}
	for _, m := range r.Movements() {
		if !m.Failed || m.Kind == chain.Fee {
			want = append(want, line(m))
			count[m.Chain+" "+m.Kind.String()]++
		}
	}
	t.Log(count)
	for name, dir := range dirs {
		c, err := chain.Lookup(name)
		require.NoError(t, err)
		s, err := dataset.Driver().Open(t.Context(), c, chain.Options{Args: dir})
		require.NoError(t, err)
		a, err := conform.Ask(t.Context(), s, chain.Question{Addresses: conform.Set(asked[name]...), Span: chain.Span{To: math.MaxUint64}})
		require.NoError(t, err)
		require.Empty(t, a.Gaps)
		require.NoError(t, s.Close())
		for i := range a.Transfers {
			if x := &a.Transfers[i]; len(x.In)+len(x.Out) > 0 {
				got = append(got, told(r, c, x))
			}
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	require.Len(t, slices.Compact(slices.Clone(want)), len(want), "each movement is another")
	missing, extra := conform.Differences(want, got)
	require.Empty(t, missing[:min(5, len(missing))])
	require.Empty(t, extra[:min(5, len(extra))])
}

// told is a transfer in the words of the reference, as line writes it. A payment
// of the miner stands for a coinbase.
func told(r *replay.Replay, c chain.Chain, x *chain.Transfer) string {
	m := reference.Movement{
		Chain: c.Name, Tx: x.Tx.Hash.Text(c.Family), Height: x.Tx.Pos.Height, Index: x.Tx.Pos.Index, Kind: x.Kind,
		Asset: string(x.Asset), TraceAddress: x.Path, Failed: x.Tx.Status == chain.Failed,
	}
	if x.Kind == chain.Token {
		m.LogIndex = x.Ordinal
	}
	side := func(list []chain.Entry) (out []reference.Entry) {
		for _, e := range list {
			one := reference.Entry{Address: string(e.Address), Amount: e.Amount.ToBig()}
			if e.Spends != (chain.Outpoint{}) {
				one.Spends = reference.Outpoint{Tx: e.Spends.Tx.Text(c.Family), Index: int(e.Spends.Index)}
			}
			out = append(out, one)
		}
		return out
	}
	m.In, m.Out = side(x.In), side(x.Out)
	if x.Kind == chain.Output && len(x.In) > 0 && x.In[0].Address == r.Bitcoin.Address("miner") {
		m.In, m.Out = nil, m.Out[:1] // the other is change
	}
	return line(m)
}

// line is a movement in words. Rewards have no name on a chain and no place in
// their block.
func line(m reference.Movement) string {
	if m.Kind == chain.Reward {
		m.Tx, m.Index = "", 0
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %d.%d %s %s %v %d %s failed=%t", m.Chain, m.Height, m.Index, m.Tx, m.Kind, m.TraceAddress, m.LogIndex, m.Asset, m.Failed)
	side := func(list []reference.Entry) {
		for _, e := range list {
			fmt.Fprintf(&b, " %s:%s of %s:%d", e.Address, e.Amount, e.Spends.Tx, e.Spends.Index)
		}
	}
	side(m.In)
	b.WriteString(" ->")
	side(m.Out)
	return b.String()
}

// sameKinds counts what kinds of transactions the receipts tell.
func sameKinds(t *testing.T, r *replay.Replay) {
	count := func(kinds map[string]int, tx *types.Transaction, x *types.Receipt) {
		kinds["logs"] += len(x.Logs)
		switch {
		case x.Status == types.ReceiptStatusSuccessful && tx.To() == nil:
			kinds["creations"]++
		case x.Status == types.ReceiptStatusSuccessful:
			kinds["others"]++
		case x.GasUsed == tx.Gas():
			kinds["out of gas"]++
		default:
			kinds["reverted"]++
		}
	}
	got, want := map[string]int{}, map[string]int{}
	numbers := map[[32]byte]bool{}
	failed := 0
	listen(t, r, func(x *world.EthereumTx) {
		if x.Reward {
			return
		}
		numbers[r.Names.Transaction(x.Number)] = true
		want["logs"] += len(x.Logs)
		switch {
		case x.Failed:
			failed++
		case x.Creates != 0:
			want["creations"]++
		default:
			want["others"]++
		}
	}, nil)
	forms := map[uint8]int{}
	for i, b := range r.Ethereum.Blocks {
		require.LessOrEqual(t, len(b.Withdrawals()), 20)
		for k, tx := range b.Transactions() {
			if numbers[tx.Hash()] {
				forms[tx.Type()]++
				count(got, tx, r.Ethereum.Receipts[i][k])
				delete(numbers, tx.Hash())
			}
		}
	}
	require.Empty(t, numbers)
	t.Log(got, forms)
	require.Equal(t, failed, got["out of gas"]+got["reverted"])
	if r.Ethereum.Head().Height > 5_000 {
		require.NotZero(t, got["out of gas"])
		require.NotZero(t, got["reverted"])
	}
	delete(got, "out of gas")
	delete(got, "reverted")
	require.Equal(t, want, got)
	require.Greater(t, forms[types.LegacyTxType], 100)
	require.Greater(t, forms[types.DynamicFeeTxType], 100)
}

type holding struct {
	token world.Token
	owner world.Party
}

// sameBalances asks a node what everybody has in the end, and how often everybody
// paid.
func sameBalances(t *testing.T, r *replay.Replay) {
	has, nonces := map[holding]int64{}, map[world.Party]int{}
	pay := func(token world.Token, from, to world.Party, amount int64) {
		has[holding{token, from}] -= amount
		has[holding{token, to}] += amount
	}
	tokens := world.Token(0)
	listen(t, r, func(x *world.EthereumTx) {
		if x.Reward {
			pay(world.Ether, 0, x.To, x.Value)
			return
		}
		nonces[x.From]++
		pay(world.Ether, x.From, 0, x.GasUsed*x.GasPrice)
		if x.Failed {
			return
		}
		pay(world.Ether, x.From, x.To, x.Value)
		for _, c := range x.Calls {
			pay(world.Ether, c.From, c.To, c.Value)
		}
		for _, l := range x.Logs {
			tokens = max(tokens, l.Token)
			pay(l.Token, l.From, l.To, l.Amount)
		}
	}, nil)
	node := evmnode.Start(t, r.Ethereum, evmnode.Limits{})
	ask := func(method string, args ...any) *big.Int {
		var text string
		require.NoError(t, node.Call(context.Background(), &text, method, args...))
		n, ok := new(big.Int).SetString(strings.TrimPrefix(text, "0x"), 16)
		require.True(t, ok, text)
		return n
	}
	checked := 0
	for n := 1; n < r.World.Parties().Len(); n++ {
		p := world.Party(n)
		if r.World.Parties().Bitcoin(p) {
			continue
		}
		address := r.Names.Ethereum(p)
		a := names.Hex(address[:])
		require.Equal(t, names.Units(world.Ether, has[holding{0, p}]), ask("eth_getBalance", a, "latest").String(), "party %d", p)
		if !r.World.Parties().Contract(p) {
			require.EqualValues(t, nonces[p], ask("eth_getTransactionCount", a, "latest").Int64(), "party %d", p)
		}
		for token := world.USDT; token <= tokens; token++ {
			if has[holding{token, p}] == 0 && n%16 != 0 {
				continue // who has nothing: all would take long
			}
			checked++
			require.Equal(t, names.Units(token, has[holding{token, p}]), ask("eth_call", map[string]any{
				"to": names.Asset(r.Names, token), "input": "0x70a08231" + strings.Repeat("0", 24) + a[2:],
			}, "latest").String(), "party %d, token %d", p, token)
		}
	}
	t.Log(checked, "balances of tokens")
}

// sameCoins asks a node for every coin that is left, and for those that are not.
func sameCoins(t *testing.T, r *replay.Replay) {
	type outpoint struct {
		tx    int64
		index int
	}
	coins, spent := map[outpoint]world.Output{}, map[outpoint]bool{}
	counts := map[string]int{}
	listen(t, r, nil, func(x *world.BitcoinTx) {
		for _, c := range x.In {
			require.Equal(t, world.Output{To: c.Owner, Value: c.Value}, coins[outpoint{c.Tx, c.Index}])
			delete(coins, outpoint{c.Tx, c.Index})
			spent[outpoint{c.Tx, c.Index}] = true
		}
		for i, o := range x.Out {
			if o.To != 0 {
				coins[outpoint{x.Number, i}] = o
			}
		}
		switch {
		case x.Join:
			counts["CoinJoins"]++
		case x.Mark.Stage == "peel":
			counts["peels"]++
		case len(x.In) == 0:
			counts["coinbases"]++
		case len(x.In) > 1:
			counts["multi-input"]++
		}
	})
	t.Log(len(coins), "coins,", len(spent), "spent,", counts)
	for _, kind := range []string{"CoinJoins", "multi-input", "coinbases"} {
		require.NotZero(t, counts[kind], kind)
	}
	node := btcnode.Start(t, r.Bitcoin, btcnode.Options{NoAddrIndex: true})
	type output struct {
		Value        float64
		ScriptPubKey struct{ Hex string }
	}
	ask := func(at outpoint) (answer output) {
		require.NoError(t, json.Unmarshal(node.Call("gettxout", fmt.Sprintf("%x", r.Names.BitcoinTransaction(at.tx)), at.index, false), &answer))
		return answer
	}
	for at, o := range coins {
		found := ask(at)
		require.Equal(t, o.Value, int64(math.Round(found.Value*1e8)))
		require.Equal(t, r.Names.Bitcoin(o.To).Hex, found.ScriptPubKey.Hex)
	}
	for at := range spent {
		require.Zero(t, ask(at).Value)
	}
}

// A replay is a function of its arguments.
func TestTell_repeats(t *testing.T) {
	tell := func(seed uint64) (chain.Block, chain.Block) {
		r, err := replay.Tell(t.Context(), scenario.Default(), 1_000, seed)
		require.NoError(t, err)
		return r.Ethereum.Head(), r.Bitcoin.Block(r.Bitcoin.Height())
	}
	a, b := tell(2)
	c, d := tell(2)
	require.Equal(t, a, c)
	require.Equal(t, b, d)
	e, f := tell(3)
	require.NotEqual(t, a.Hash, e.Hash)
	require.NotEqual(t, b.Hash, f.Hash)
}

// A look-alike shares what wallets show with whom it imitates.
func TestNames_lookAlike(t *testing.T) {
	r, err := replay.Tell(t.Context(), scenario.Default(), 2_000, 1)
	require.NoError(t, err)
	fakes := 0
	for n := 1; n < r.World.Parties().Len(); n++ {
		p := world.Party(n)
		if other := r.World.Parties().Like(p); other != 0 {
			fakes++
			a, b := r.Names.Ethereum(p), r.Names.Ethereum(other)
			require.NotEqual(t, a, b)
			x, y := names.Hex(a[:]), names.Hex(b[:])
			require.Equal(t, y[:5], x[:5])
			require.Equal(t, y[38:], x[38:])
		}
	}
	require.NotZero(t, fakes)
}

// The files that the public and the truth have are those of any synthetic set,
// with the names of the chains.
func TestWrite(t *testing.T) {
	r, err := replay.Tell(t.Context(), scenario.Default(), 1_000, 1)
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, r.WritePublic(dir))
	require.NoError(t, r.WriteTruth(filepath.Join(dir, "truth"), true))
	transfers, err := os.ReadFile(filepath.Join(dir, "truth", "transfers.csv"))
	require.NoError(t, err)
	require.Greater(t, strings.Count(string(transfers), "\n"), 300)
	onChain := map[string]bool{}
	for _, b := range r.Ethereum.Blocks {
		for _, tx := range b.Transactions() {
			onChain[strings.ToLower(tx.Hash().Hex())] = true
		}
	}
	for line := range strings.Lines(string(transfers)) {
		if cells := strings.Split(line, ","); cells[0] == "ethereum" {
			require.True(t, onChain[cells[1]], line)
		}
	}
	labels, err := os.ReadFile(filepath.Join(dir, "labels.csv"))
	require.NoError(t, err)
	require.Contains(t, string(labels), "bitcoin-regtest,")
	require.Contains(t, string(labels), "fogbank,mixer")
}

// A node cannot do without fees.
func TestTell_refuses(t *testing.T) {
	sc := scenario.Default()
	sc.Tables = []string{"token_transfers"}
	_, err := replay.Tell(t.Context(), sc, 1_000, 1)
	require.ErrorContains(t, err, "the tables of the scenario must have transactions")
}
