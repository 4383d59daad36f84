package ledger_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
	"github.com/scamtrace/scamtrace/internal/ledger/ledgertest"
)

// Every transfer but the last is taken; the last is refused with an error that
// wraps the sentinel, names the transaction and says why.
func TestAddRefuses(t *testing.T) {
	for _, c := range []struct {
		name, chain, told string
		wraps             error
		tx, says          string
	}{
		{
			"two heights", "ethereum", "h=1 tx=a A -> B 1 eth time=9\n h=2 tx=a B -> C 1 usdt time=9",
			chain.ErrContradiction, "a", "at height 1, time 9 and at height 2, time 9",
		},
		{
			"two times", "ethereum", "h=1 tx=a A -> B 1 eth time=9\n h=1 tx=a B -> C 1 usdt time=8",
			chain.ErrContradiction, "a", "at height 1, time 9 and at height 1, time 8",
		},
		{
			"two indices", "ethereum", "h=1 tx=a A -> B 1 usdt\n h=1 i=4 tx=a A -> B 1 eth\n h=1 i=5 tx=a B -> C 1 eth trace=0",
			chain.ErrContradiction, "a", "at index 4 and at index 5 of block 1",
		},
		{
			"two statuses", "ethereum", "h=1 i=4 tx=a A -> B 1 eth unsure\n h=1 i=4 tx=a failed\n h=1 i=4 tx=a A -> B 1 usdt",
			chain.ErrContradiction, "a", "failed and to have succeeded",
		},
		{
			"a transfer without entries is checked too", "ethereum", "h=1 tx=a A -> B 1 eth\n h=2 tx=a",
			chain.ErrContradiction, "a", "at height 2",
		},
		{
			"height out of range", "ethereum", "h=4294967296 tx=a A -> B 1 eth time=1",
			chain.ErrInput, "a", "out of range",
		},
		{
			"time out of range", "ethereum", "h=1 tx=a A -> B 1 eth time=4294967296",
			chain.ErrInput, "a", "out of range",
		},
		{
			"creates value", "bitcoin", "t1 h=1 i=0: x:0(A 5) + x:1(B 5) -> C 6, D 5",
			chain.ErrContradiction, "t1", "creates value: inputs 10, outputs 11",
		},
		{
			"inputs that overflow", "bitcoin", "t1 h=1 i=0: x:0(A " + most + ") + x:1(B 1) -> C 0",
			chain.ErrInput, "t1", "more than 2^256-1",
		},
		{
			"outputs that overflow", "bitcoin", "t1 h=1 i=0: x:0(A 5) -> C " + most + ", D 1",
			chain.ErrInput, "t1", "more than 2^256-1",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			on := network(t, c.chain)
			transfers := parse(t, on, c.told)
			l := ledger.New(on)
			last := len(transfers) - 1
			require.NoError(t, add(l, transfers[:last]))
			err := l.Add(&transfers[last])
			require.ErrorIs(t, err, c.wraps)
			require.ErrorContains(t, err, ledgertest.Hash(c.tx).Text(on.Family))
			require.ErrorContains(t, err, c.says)
		})
	}
}

const most = "115792089237316195423570985008687907853269984665640564039457584007913129639935"

// Unknown amounts and coinbases create no value that a ledger can see.
func TestAddTakes(t *testing.T) {
	btc := network(t, "bitcoin")
	require.NoError(t, add(ledger.New(btc), parse(t, btc, `
		t1 h=1 i=0: coinbase -> A 50
		t2 h=1 i=1: x:0(A ?) + x:1(A 1) -> A 50
		t3 h=1 i=2: x:2(A 5) -> A 5
		t4 h=1 i=3: x:3(A 5) -> A ?, B 5
		t5 h=1 i=4: x:4(A `+most+`) -> A `+most)))
}

// What no source may tell, because it is no transfer on that chain.
func TestAddRefusesShapes(t *testing.T) {
	entry := func(n uint64) []chain.Entry {
		e := chain.Entry{Address: "a"}
		e.Amount.SetUint64(n)
		return []chain.Entry{e}
	}
	unknown := []chain.Entry{{Address: "a", AmountUnknown: true}}
	both := append(entry(1), entry(1)...)
	for _, c := range []struct {
		name, chain string
		kind        chain.Kind
		asset       chain.Asset
		in, out     []chain.Entry
		wraps       error
		says        string
	}{
		{"no asset", "ethereum", chain.Token, "", entry(1), entry(1), chain.ErrInput, "without an asset"},
		{"a token without a contract", "ethereum", chain.Token, chain.Native, entry(1), entry(1), chain.ErrInput, "token transfer without a contract"},
		{"no kind", "ethereum", 0, chain.Native, entry(1), entry(1), chain.ErrInput, "unknown transfer on an account chain"},
		{"a UTXO transfer on Ethereum", "ethereum", chain.Output, chain.Native, entry(1), entry(1), chain.ErrInput, "utxo transfer on an account chain"},
		{"a call on Bitcoin", "bitcoin", chain.Internal, chain.Native, entry(1), entry(1), chain.ErrInput, "internal transfer on a UTXO chain"},
		{"a token on Bitcoin", "bitcoin", chain.Token, "0xusdt", entry(1), entry(1), chain.ErrInput, "token transfer on a UTXO chain"},
		{"a fee with a payee", "ethereum", chain.Fee, chain.Native, entry(1), entry(1), chain.ErrInput, "1 payers and 1 payees"},
		{"a fee without a payer", "ethereum", chain.Fee, chain.Native, nil, entry(1), chain.ErrInput, "0 payers and 1 payees"},
		{"a reward with a payer", "ethereum", chain.Reward, chain.Native, entry(1), entry(1), chain.ErrInput, "1 payers and 1 payees"},
		{"two payers", "ethereum", chain.NativeKind, chain.Native, both, entry(2), chain.ErrInput, "2 payers and 1 payees"},
		{"no payee", "ethereum", chain.Internal, chain.Native, entry(1), nil, chain.ErrInput, "1 payers and 0 payees"},
		{"an unknown amount paid", "ethereum", chain.NativeKind, chain.Native, unknown, entry(0), chain.ErrInput, "unknown amount"},
		{"an unknown amount received", "ethereum", chain.NativeKind, chain.Native, entry(0), unknown, chain.ErrInput, "unknown amount"},
		{"more paid than received", "ethereum", chain.Token, "0xusdt", entry(5), entry(4), chain.ErrContradiction, "token leaves 5 and 4 arrives"},
		{"less paid than received", "ethereum", chain.NativeKind, chain.Native, entry(4), entry(5), chain.ErrContradiction, "native leaves 4 and 5 arrives"},
	} {
		t.Run(c.name, func(t *testing.T) {
			on := network(t, c.chain)
			err := ledger.New(on).Add(&chain.Transfer{
				Tx: chain.Tx{Hash: ledgertest.Hash("bad")}, Kind: c.kind, Asset: c.asset, In: c.in, Out: c.out,
			})
			require.ErrorIs(t, err, c.wraps)
			require.ErrorContains(t, err, ledgertest.Hash("bad").Text(on.Family))
			require.ErrorContains(t, err, c.says)
		})
	}
}

// The eight-byte column gives back every amount as it was told.
func TestAmounts(t *testing.T) {
	btc := network(t, "bitcoin")
	amounts := []string{
		"0", "1", "2100000000000000",
		"9223372036854775807", "9223372036854775808", // 2^63-1, 2^63
		"18446744073709551615", "18446744073709551616", // 2^64-1, 2^64
		most, "?",
	}
	var told strings.Builder
	for i, a := range amounts {
		told.WriteString("t" + string(rune('a'+i)) + " h=1 i=" + string(rune('0'+i)) + ": coinbase -> A " + a + "\n")
	}
	l := ledger.New(btc)
	require.NoError(t, add(l, parse(t, btc, told.String())))
	b, err := l.Seal(nil)
	require.NoError(t, err)
	require.Equal(t, told.String(), ledgertest.Text(b))
}

// A wide amount, too, is filled in from the output that is spent.
func TestFillWide(t *testing.T) {
	sealCase{
		told: "t1 h=1 i=0: coinbase -> A " + most + "\n t2 h=2 i=0: t1:0(A ?) -> B 18446744073709551616",
		book: "t1 h=1 i=0: coinbase -> A " + most + "\n t2 h=2 i=0: t1:0(A " + most + ") -> B 18446744073709551616",
	}.run(t, network(t, "bitcoin"))
}
