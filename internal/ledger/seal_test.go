package ledger_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
	"github.com/scamtrace/scamtrace/internal/ledger/ledgertest"
)

// sealCase is what is told, in that order, and the book that must come of it:
// transfers in chain order, or an error that wraps wrong and has all of says.
type sealCase struct {
	name string
	told string
	keep []string
	book string
	says []string
}

func (c sealCase) run(t *testing.T, on chain.Chain) {
	t.Helper()
	l := ledger.New(on)
	require.NoError(t, add(l, parse(t, on, c.told)), "only Seal may refuse")
	b, err := l.Seal(only(l, c.keep...))
	if c.says != nil {
		require.ErrorIs(t, err, chain.ErrContradiction)
		for _, s := range c.says {
			require.ErrorContains(t, err, s)
		}
		return
	}
	require.NoError(t, err)
	require.Equal(t, lines(c.book), ledgertest.Text(b))
}

// text is a transaction's hash as an error writes it.
func text(f chain.Family, name string) string { return ledgertest.Hash(name).Text(f) }

func TestSealAccounts(t *testing.T) {
	eth := network(t, "ethereum")
	for _, c := range []sealCase{
		{
			name: "heights, then indices",
			told: `h=11 i=0 A -> B 4 eth
			       h=10 i=300 A -> B 3 eth
			       h=9 i=70000 A -> B 1 eth
			       h=10 i=2 A -> B 2 eth
			       h=70000 i=0 A -> B 5 eth`,
			book: `h=9 i=70000 A -> B 1 eth
			       h=10 i=2 A -> B 2 eth
			       h=10 i=300 A -> B 3 eth
			       h=11 i=0 A -> B 4 eth
			       h=70000 i=0 A -> B 5 eth`,
		},
		{
			name: "inside a transaction: fee, value, calls depth first, tokens by log, reward",
			told: `h=1 i=0 reward -> M 9 eth n=1
			       h=1 i=0 reward -> M 8 eth
			       h=1 i=0 A -> B 7 usdt log=12
			       h=1 i=0 A -> B 6 usdc log=7
			       h=1 i=0 B -> C 5 eth trace=1
			       h=1 i=0 C -> D 4 eth trace=0.10
			       h=1 i=0 C -> D 3 eth trace=0.2
			       h=1 i=0 B -> C 2 eth trace=0
			       h=1 i=0 A -> B 1 eth
			       h=1 i=0 A -> fee 1 eth`,
			book: `h=1 i=0 A -> fee 1 eth
			       h=1 i=0 A -> B 1 eth
			       h=1 i=0 B -> C 2 eth trace=0
			       h=1 i=0 C -> D 3 eth trace=0.2
			       h=1 i=0 C -> D 4 eth trace=0.10
			       h=1 i=0 B -> C 5 eth trace=1
			       h=1 i=0 A -> B 6 usdc log=7
			       h=1 i=0 A -> B 7 usdt log=12
			       h=1 i=0 reward -> M 8 eth
			       h=1 i=0 reward -> M 9 eth n=1`,
		},
		{
			name: "transactions of unknown index stand by their logs; without logs, last",
			told: `h=5 tx=w A -> B 9 eth
			       h=5 tx=z A -> B 8 usdt log=8
			       h=5 tx=y A -> B 4 usdt log=4
			       h=5 tx=x A -> B 3 usdt log=3
			       h=5 tx=v A -> B 1 usdt log=0
			       h=5 i=0 A -> B 1 eth
			       h=5 i=4 A -> B 2 usdt log=2
			       h=5 i=9 A -> B 7 usdt log=7
			       h=5 i=10 A -> B 7 eth`,
			book: `h=5 i=? A -> B 1 usdt tx=v
			       h=5 i=0 A -> B 1 eth
			       h=5 i=4 A -> B 2 usdt log=2
			       h=5 i=? A -> B 3 usdt log=3 tx=x
			       h=5 i=? A -> B 4 usdt log=4 tx=y
			       h=5 i=9 A -> B 7 usdt log=7
			       h=5 i=? A -> B 8 usdt log=8 tx=z
			       h=5 i=10 A -> B 7 eth
			       h=5 i=? A -> B 9 eth tx=w`,
		},
		{
			name: "between equals the hash decides",
			told: `h=5 tx=b A -> B 1 eth
			       h=5 tx=a A -> B 1 eth`,
			book: `h=5 i=? A -> B 1 eth tx=a
			       h=5 i=? A -> B 1 eth tx=b`,
		},
		{
			name: "index and status may be told later",
			told: `h=5 tx=b A -> B 2 usdt log=1 unsure
			       h=5 tx=a A -> B 3 usdt log=9 unsure
			       h=5 i=7 tx=b A -> B 1 eth
			       h=5 i=8 tx=a A -> fee 1 eth unsure`,
			book: `h=5 i=7 A -> B 1 eth tx=b
			       h=5 i=7 A -> B 2 usdt log=1 tx=b
			       h=5 i=8 A -> fee 1 eth tx=a unsure
			       h=5 i=8 A -> B 3 usdt log=9 tx=a unsure`,
		},
		{
			name: "told twice is kept once, and exact wins over rounded",
			told: `h=1 i=0 A -> B 5 usdt log=3
			       h=1 i=0 B -> C 5 eth trace=0 inexact
			       h=1 i=0 A -> B 5 usdt log=3
			       h=1 i=0 B -> C 5 eth trace=0
			       h=1 i=0 A -> B 5 usdt log=3
			       h=1 i=0 B -> C 5 eth trace=0 inexact
			       h=1 i=1 B -> C 5 eth inexact
			       h=1 i=1 B -> C 5 eth inexact`,
			book: `h=1 i=0 B -> C 5 eth trace=0
			       h=1 i=0 A -> B 5 usdt log=3
			       h=1 i=1 B -> C 5 eth inexact`,
		},
		{
			name: "one log, two amounts",
			told: "h=1 i=0 A -> B 5 usdt log=3\n h=1 i=0 A -> B 6 usdt log=3",
			says: []string{text(chain.Account, "1.0"), "two different token transfers with number 3"},
		},
		{
			name: "one log, two payees",
			told: "h=1 i=0 A -> B 5 usdt log=3\n h=1 i=0 A -> C 5 usdt log=3",
			says: []string{text(chain.Account, "1.0"), "number 3"},
		},
		{
			name: "one log, two assets",
			told: "h=1 i=0 A -> B 5 usdt log=3\n h=1 i=0 A -> B 5 usdc log=3",
			says: []string{text(chain.Account, "1.0"), "number 3"},
		},
		{
			name: "one call, two amounts",
			told: "h=1 i=0 A -> B 5 eth trace=0.4\n h=1 i=0 A -> B 5 eth trace=0.3\n h=1 i=0 A -> B 6 eth trace=0.4",
			says: []string{text(chain.Account, "1.0"), "trace address [0 4]"},
		},
		{
			name: "a failed transaction moves its fee only, told first",
			told: `h=1 i=0 failed
			       h=1 i=0 A -> B 5 eth unsure
			       h=1 i=0 A -> B 5 usdt log=3 unsure
			       h=1 i=0 A -> fee 1 eth unsure`,
			book: `h=1 i=0 A -> fee 1 eth failed`,
		},
		{
			name: "a failed transaction moves its fee only, told last",
			told: `h=1 i=0 A -> fee 1 eth unsure
			       h=1 i=0 A -> B 5 usdt log=3 unsure
			       h=1 i=0 A -> B 5 eth unsure
			       h=1 i=0 failed`,
			book: `h=1 i=0 A -> fee 1 eth failed`,
		},
		{
			name: "kept is what touches an address of the filter, on either side",
			keep: []string{"A"},
			told: `h=1 i=0 A -> B 1 eth
			       h=2 i=0 B -> C 2 eth
			       h=3 i=0 C -> A 3 eth
			       h=4 i=0 A -> fee 4 eth
			       h=5 i=0 B -> fee 5 eth
			       h=6 i=0 reward -> A 6 eth`,
			book: `h=1 i=0 A -> B 1 eth
			       h=3 i=0 C -> A 3 eth
			       h=4 i=0 A -> fee 4 eth
			       h=6 i=0 reward -> A 6 eth`,
		},
		{
			name: "self-transfers, zero values, mints and burns are kept as they are",
			told: `h=1 i=0 A -> A 5 eth
			       h=2 i=0 A -> B 0 eth
			       h=3 i=0 null -> A 5 usdt
			       h=4 i=0 A -> null 5 usdt
			       h=5 i=0 A -> B! 5 eth`,
			book: `h=1 i=0 A -> A 5 eth
			       h=2 i=0 A -> B! 0 eth
			       h=3 i=0 null -> A 5 usdt
			       h=4 i=0 A -> null 5 usdt
			       h=5 i=0 A -> B! 5 eth`,
		},
		{name: "nothing told"},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, eth) })
	}
}

func TestSealBitcoin(t *testing.T) {
	btc := network(t, "bitcoin")
	for _, c := range []sealCase{
		{
			name: "spends are linked",
			told: `t2 h=2 i=5: t1:1(B 20) + t1:0(A 30) -> C 49
			       t1 h=1 i=0: coinbase -> A 30, B 20
			       t3 h=3 i=1: t2:0(C 49) + x:7(Z 1) -> D 50`,
			book: `t1 h=1 i=0: coinbase -> A 30, B 20
			       t2 h=2 i=5: t1:1(B 20) + t1:0(A 30) -> C 49
			       t3 h=3 i=1: t2:0(C 49) + x:7?(Z 1) -> D 50`,
		},
		{
			name: "an output is found by its index, not its place",
			told: `t1 h=1 i=0: coinbase -> B 20 @4, A 30 @2
			       t2 h=2 i=5: t1:2(A 30) + t1:4(B 20) -> C 50`,
			book: `t1 h=1 i=0: coinbase -> B 20 @4, A 30 @2
			       t2 h=2 i=5: t1:2(A 30) + t1:4(B 20) -> C 50`,
		},
		{
			name: "amount and owner of an input come from the output it spends",
			told: `t1 h=1 i=0: coinbase -> A 30, _ 4
			       t2 h=2 i=5: t1:0(_ ?) + t1:1(B ?) + x:0(_ ?) -> C 90`,
			book: `t1 h=1 i=0: coinbase -> A 30, _ 4
			       t2 h=2 i=5: t1:0(A 30) + t1:1(B 4) + x:0?(_ ?) -> C 90`,
		},
		{
			name: "what one telling lacks another has",
			told: `t2 h=2 i=5: x:0(A ?) -> C 9
			       t2 h=2 i=5: x:0(A 10) -> C 9
			       t2 h=2 i=5: x:0(A ?) -> C 9`,
			book: `t2 h=2 i=5: x:0?(A 10) -> C 9`,
		},
		{
			name: "unknown indices stand by what they spend, however long the chain",
			told: `a3 h=7: b2:0(A 1) -> A 1
			       b2 h=7: c1:0(A 1) -> A 1
			       c1 h=7: x:0(A 1) -> A 1
			       z0 h=7: coinbase -> M 1
			       a0 h=7: x:1(A 1) -> A 1`,
			book: `z0 h=7 i=?: coinbase -> M 1
			       a0 h=7 i=?: x:1?(A 1) -> A 1
			       c1 h=7 i=?: x:0?(A 1) -> A 1
			       b2 h=7 i=?: c1:0(A 1) -> A 1
			       a3 h=7 i=?: b2:0(A 1) -> A 1`,
		},
		{
			name: "known and unknown indices in one block",
			told: `k9 h=7 i=9: u2:0(A 1) -> A 1
			       u2 h=7: u1:0(A 1) -> A 1
			       u1 h=7: k3:0(A 1) -> A 1
			       k3 h=7 i=3: u0:0(A 1) -> A 1
			       u0 h=7: x:0(A 1) -> A 1
			       k0 h=7 i=0: coinbase -> M 1
			       k4 h=7 i=4: x:1(A 1) -> A 1`,
			book: `k0 h=7 i=0: coinbase -> M 1
			       u0 h=7 i=?: x:0?(A 1) -> A 1
			       k3 h=7 i=3: u0:0(A 1) -> A 1
			       u1 h=7 i=?: k3:0(A 1) -> A 1
			       u2 h=7 i=?: u1:0(A 1) -> A 1
			       k4 h=7 i=4: x:1?(A 1) -> A 1
			       k9 h=7 i=9: u2:0(A 1) -> A 1`,
		},
		{
			name: "an output whose maker is filtered away is not in the book",
			keep: []string{"C"},
			told: "t1 h=1 i=0: coinbase -> A 30\n t2 h=2 i=0: t1:0(A 30) -> C 30",
			book: "t2 h=2 i=0: t1:0?(A 30) -> C 30",
		},
		{
			name: "two inputs that do not name what they spend are no double spend",
			told: "t1 h=1 i=0: :0(A 1) + :0(A 1) -> B 2",
			book: "t1 h=1 i=0: :0?(A 1) + :0?(A 1) -> B 2",
		},
		{
			name: "spent twice",
			told: "t1 h=1 i=0: coinbase -> A 30\n t2 h=2 i=0: t1:0(A 30) -> C 30\n t3 h=3 i=0: t1:0(A 30) -> C 30",
			says: []string{text(chain.UTXO, "t3"), "input 0 spends an output that was spent before"},
		},
		{
			name: "spent twice in one transaction",
			told: "t1 h=1 i=0: coinbase -> A 30\n t2 h=2 i=0: t1:0(A 30) + t1:0(A 30) -> C 60",
			says: []string{text(chain.UTXO, "t2"), "input 1 spends an output that was spent before"},
		},
		{
			name: "spent twice, and the book does not have what is spent",
			told: "t2 h=2 i=0: x:0(A 30) -> C 30\n t3 h=3 i=0: y:0(B 2) + x:0(A 30) -> C 30",
			says: []string{text(chain.UTXO, "t3"), "input 1 spends an output that was spent before"},
		},
		{
			name: "spent before it is made",
			told: "t1 h=3 i=0: coinbase -> A 30\n t2 h=2 i=0: t1:0(A 30) -> C 30",
			says: []string{text(chain.UTXO, "t2"), "input 0 spends an output that is made later"},
		},
		{
			name: "spends itself",
			told: "t1 h=3 i=0: t1:0(A 30) -> A 30",
			says: []string{text(chain.UTXO, "t1"), "made later"},
		},
		{
			name: "a ring of unknown indices",
			told: "t1 h=3: t2:0(A 30) -> A 30\n t2 h=3: t1:0(A 30) -> A 30",
			says: []string{"made later"},
		},
		{
			name: "an output that is not there",
			told: "t1 h=1 i=0: coinbase -> A 30\n t2 h=2 i=0: t1:1(A 30) -> C 30",
			says: []string{text(chain.UTXO, "t2"), text(chain.UTXO, "t1") + " has no output 1"},
		},
		{
			name: "another amount than the output",
			told: "t1 h=1 i=0: coinbase -> A 30\n t2 h=2 i=0: t1:0(A 31) -> C 30",
			says: []string{text(chain.UTXO, "t2"), "input 0 claims 31, the output it spends has 30"},
		},
		{
			name: "another owner than the output",
			told: "t1 h=1 i=0: coinbase -> A 30\n t2 h=2 i=0: t1:0(B 30) -> C 30",
			says: []string{text(chain.UTXO, "t2"), "input 0 is of B, the output it spends is of A"},
		},
		{
			name: "value created, seen only when the inputs are filled in",
			told: "t1 h=1 i=0: coinbase -> A 30\n t2 h=2 i=0: t1:0(A ?) -> C 31",
			says: []string{text(chain.UTXO, "t2"), "creates value: inputs 30, outputs 31"},
		},
		{
			name: "one transaction, two tellings",
			told: "t1 h=1 i=0: x:0(A 30) -> A 30\n t1 h=1 i=0: x:0(A 30) -> A 29",
			says: []string{text(chain.UTXO, "t1"), "two different utxo transfers"},
		},
		{
			name: "one transaction, two lists of inputs",
			told: "t1 h=1 i=0: x:0(A 30) -> A 30\n t1 h=1 i=0: x:1(A 30) -> A 30",
			says: []string{text(chain.UTXO, "t1"), "two different utxo transfers"},
		},
		{
			name: "one transaction, fewer inputs",
			told: "t1 h=1 i=0: x:0(A 30) -> A 3\n t1 h=1 i=0: x:0(A 30) + x:1(A 30) -> A 3",
			says: []string{text(chain.UTXO, "t1"), "two different utxo transfers"},
		},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, btc) })
	}
}

// A book has a transaction when it has a transfer of it, and lists them in
// chain order.
func TestTransactions(t *testing.T) {
	eth := network(t, "ethereum")
	l := ledger.New(eth)
	require.NoError(t, add(l, parse(t, eth, `
		h=2 i=0 tx=two A -> B 1 eth
		h=1 i=0 tx=one A -> B 1 eth
		h=1 i=0 tx=one A -> fee 1 eth
		h=3 i=0 tx=failed A -> B 1 eth failed
		h=3 i=1 tx=elsewhere B -> C 1 eth
		h=3 i=2 tx=empty`)))
	for _, name := range []string{"one", "two", "failed", "elsewhere", "empty"} {
		_, ok := l.FindTx(ledgertest.Hash(name))
		require.True(t, ok, "the ledger was told of %s", name)
	}
	b, err := l.Seal(only(l, "A"))
	require.NoError(t, err)
	var order []string
	for id := range b.Transactions() {
		order = append(order, ledgertest.TxName(b.Tx(id).Hash))
	}
	require.Equal(t, []string{"one", "two"}, order)
	for name, has := range map[string]bool{"one": true, "two": true, "failed": false, "elsewhere": false, "empty": false, "nobody": false} {
		_, ok := b.FindTx(ledgertest.Hash(name))
		require.Equal(t, has, ok, name)
	}
}
