package cluster_test

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/cluster"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// open opens a file of the shared data sets, or skips the test.
func open(t testing.TB, set, name string) io.Reader {
	t.Helper()
	if testing.Short() {
		t.Skip("real data is left out with -short")
	}
	dir := os.Getenv("SCAMTRACE_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(dir, set, name))
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("no data set %s; set SCAMTRACE_DATA", set)
	}
	require.NoError(t, err)
	t.Cleanup(func() { f.Close() })
	z, err := gzip.NewReader(bufio.NewReader(f))
	require.NoError(t, err)
	return z
}

// etlTx is a transaction as bitcoin-etl writes it.
type etlTx struct {
	Hash    string     `json:"hash"`
	Block   uint64     `json:"block_number"`
	Time    int64      `json:"block_timestamp"`
	Index   uint32     `json:"index"`
	Inputs  []etlEntry `json:"inputs"`
	Outputs []etlEntry `json:"outputs"`
}

type etlEntry struct {
	Index      uint32   `json:"index"`
	SpentTx    string   `json:"spent_transaction_hash"`
	SpentIndex uint32   `json:"spent_output_index"`
	Addresses  []string `json:"addresses"`
	Value      *uint64  `json:"value"`
}

func readBitcoin(t testing.TB, set, name string) *ledger.Book {
	t.Helper()
	c, err := chain.Lookup(name)
	require.NoError(t, err)
	l := ledger.New(c)
	for dec := json.NewDecoder(open(t, set, "transactions.json.gz")); ; {
		var x etlTx
		if err := dec.Decode(&x); err == io.EOF {
			break
		} else {
			require.NoError(t, err)
		}
		tx := &chain.Transfer{
			Tx:   chain.Tx{Hash: parseHash(t, x.Hash), Pos: chain.Pos{Height: x.Block, Index: x.Index}, Time: x.Time, Status: chain.Succeeded},
			Kind: chain.Output, Asset: chain.Native, In: etlEntries(t, x.Inputs), Out: etlEntries(t, x.Outputs),
		}
		require.NoError(t, l.Add(tx))
	}
	b, err := l.Seal(nil)
	require.NoError(t, err)
	return b
}

func etlEntries(t testing.TB, list []etlEntry) []chain.Entry {
	var out []chain.Entry
	for _, e := range list {
		x := chain.Entry{Index: e.Index, AmountUnknown: e.Value == nil}
		if e.Value != nil {
			x.Amount.SetUint64(*e.Value)
		}
		if len(e.Addresses) == 1 {
			x.Address = chain.Address(e.Addresses[0])
		}
		if e.SpentTx != "" {
			x.Spends = chain.Outpoint{Tx: parseHash(t, e.SpentTx), Index: e.SpentIndex}
		}
		out = append(out, x)
	}
	return out
}

func parseHash(t testing.TB, s string) chain.Hash {
	h, err := chain.ParseHash(s)
	require.NoError(t, err)
	return h
}

// rows reads a CSV file whose first row names the columns.
func rows(t testing.TB, set, name string) []map[string]string {
	r := csv.NewReader(open(t, set, name))
	head, err := r.Read()
	require.NoError(t, err)
	var out []map[string]string
	for {
		row, err := r.Read()
		if err == io.EOF {
			return out
		}
		require.NoError(t, err)
		m := map[string]string{}
		for i, h := range head {
			m[h] = row[i]
		}
		out = append(out, m)
	}
}

// largest is the size of the largest co-spend cluster.
func largest(t testing.TB, b *ledger.Book, guards ...string) (size int, list []cluster.Cluster) {
	cfg := cluster.Defaults()
	cfg.Guards = guards
	links, err := cluster.Find(cluster.Input{Book: b}, cfg, []string{cluster.CoSpend})
	require.NoError(t, err)
	list = cluster.Union(b, links, united())
	for _, c := range list {
		size = max(size, len(c.Members))
	}
	return size, list
}

// vetoes counts, by label, the transactions with two and more input addresses
// and those among them that are vetoed.
func vetoes(_ testing.TB, b *ledger.Book, labels map[chain.Hash][]string) (all, vetoed map[string]int) {
	all, vetoed = map[string]int{}, map[string]int{}
	for i := range b.Len() {
		x := b.At(i)
		payers := map[ledger.AddressID]bool{}
		for e := x.First; e < x.Mid; e++ {
			if a := b.Entry(e).Address; b.Text(a) != "" {
				payers[a] = true
			}
		}
		if len(payers) < 2 {
			continue
		}
		of := labels[b.Tx(x.Tx).Hash]
		if len(of) == 0 {
			of = []string{"none"}
		}
		for _, label := range of {
			all[label]++
			if cluster.CoinJoin(b, x) {
				vetoed[label]++
			}
		}
	}
	return all, vetoed
}

func txLabels(t testing.TB, set string) map[chain.Hash][]string {
	out := map[chain.Hash][]string{}
	for _, r := range rows(t, set, "tx_labels.csv.gz") {
		h := parseHash(t, r["txid"])
		out[h] = append(out[h], r["label"])
	}
	return out
}

func TestWasabi1(t *testing.T) {
	const set = "btc_coinjoin_wasabi1"
	b := readBitcoin(t, set, "bitcoin")
	naive, _ := largest(t, b)
	require.Equal(t, 8968, naive)
	guarded, _ := largest(t, b, cluster.CoinJoinGuard)
	all, vetoed := vetoes(t, b, txLabels(t, set))
	t.Logf("largest cluster %d without the veto, %d with it; transactions %v, vetoed %v", naive, guarded, all, vetoed)
	require.LessOrEqual(t, guarded, 200)
	require.Equal(t, 196, vetoed["wasabi1_coinjoin"])
}

func TestWhirlpool(t *testing.T) {
	const set = "btc_coinjoin_whirlpool"
	b := readBitcoin(t, set, "bitcoin")
	labels := txLabels(t, set)
	naive, _ := largest(t, b)
	guarded, _ := largest(t, b, cluster.CoinJoinGuard)
	all, vetoed := vetoes(t, b, labels)
	t.Logf("largest cluster %d without the veto, %d with it; transactions %v, vetoed %v", naive, guarded, all, vetoed)
	require.Equal(t, 1403, all["whirlpool_mix"])
	require.Equal(t, 1403, vetoed["whirlpool_mix"])
}

// Real Wasabi 2 clients on a private chain, whose wallets are known.
func TestWasabi2TrueWallets(t *testing.T) {
	const set = "emul_wasabi2_a"
	b := readBitcoin(t, set, "bitcoin-regtest")
	owner := map[chain.Address]string{}
	for _, r := range rows(t, set, "wallets.csv.gz") {
		owner[chain.Address(r["address"])] = r["label"]
	}
	joined := func(list []cluster.Cluster) (wrong int) {
		for _, c := range list {
			wallets := map[string]bool{}
			for _, m := range c.Members {
				if w := owner[b.Text(m)]; w != "" {
					wallets[w] = true
				}
			}
			if len(wallets) > 1 {
				wrong++
			}
		}
		return wrong
	}
	size, list := largest(t, b)
	t.Logf("without the veto: largest cluster %d, %d clusters join true wallets", size, joined(list))
	require.NotZero(t, joined(list))
	size, list = largest(t, b, cluster.CoinJoinGuard)
	all, vetoed := vetoes(t, b, nil)
	t.Logf("with the veto: largest cluster %d; %d of %d transactions with several payers are vetoed", size, vetoed["none"], all["none"])
	require.Zero(t, joined(list))
	require.Equal(t, 6, vetoed["none"], "the set has 6 CoinJoins")
}

// The veto over whole blocks, of which nobody picked the transactions. All ten
// that it stops are mixes by their looks: seven Whirlpool mixes of 5x5 with the
// pools of 0.001 and 0.01 BTC and one Wasabi 1 round of 0.1094 BTC x 60 in block
// 702861, two of the form of JoinMarket (n payers, n equal outputs, at most n
// of change) in block 437303. So no ordinary transaction is known to be stopped.
func TestVetoOnWholeBlocks(t *testing.T) {
	b := readBitcoin(t, "btc_raw_blocks", "bitcoin")
	all, vetoed := vetoes(t, b, nil)
	t.Logf("%d of %d transactions with two and more input addresses are vetoed", vetoed["none"], all["none"])
	for i := range b.Len() {
		if x := b.At(i); cluster.CoinJoin(b, x) {
			tx := b.Tx(x.Tx)
			t.Logf("block %d: %s, %d inputs, %d outputs", tx.Pos.Height, tx.Hash.Text(chain.UTXO), x.Mid-x.First, x.End-x.Mid)
		}
	}
	naive, _ := largest(t, b)
	guarded, _ := largest(t, b, cluster.CoinJoinGuard)
	t.Logf("largest cluster %d without the veto, %d with it", naive, guarded)
	require.Equal(t, map[string]int{"none": 1664}, all)
	require.Equal(t, map[string]int{"none": 10}, vetoed)
}

func TestDepositsOfMarch2017(t *testing.T) {
	const set = "eth_full_blocks_3300400"
	c, err := chain.Lookup("ethereum")
	require.NoError(t, err)
	l := ledger.New(c)
	for _, r := range rows(t, set, "transactions.csv.gz") {
		num := func(column string) uint64 {
			n, err := strconv.ParseUint(r[column], 10, 64)
			require.NoError(t, err)
			return n
		}
		if r["to_address"] == "" {
			continue // a creation; the set does not tell the address
		}
		value := amount(t, r["value"])
		require.NoError(t, l.Add(&chain.Transfer{
			Tx:   chain.Tx{Hash: parseHash(t, r["hash"]), Pos: chain.Pos{Height: num("block_number"), Index: uint32(num("transaction_index"))}, Time: int64(num("block_timestamp"))},
			Kind: chain.NativeKind, Asset: chain.Native,
			In:  []chain.Entry{{Address: chain.Address(r["from_address"]), Amount: value}},
			Out: []chain.Entry{{Address: chain.Address(r["to_address"]), Amount: value}},
		}))
	}
	b, err := l.Seal(nil)
	require.NoError(t, err)
	exchanges, labelled := map[chain.Address]string{}, map[chain.Address]bool{}
	for _, r := range rows(t, set, "labels.csv.gz") {
		a := chain.Address(r["address"])
		labelled[a] = true
		if r["category"] == "exchange" || r["category"] == "quadrigacx" {
			name, _, _ := strings.Cut(r["label"], ":")
			exchanges[a] = strings.TrimRight(name, " 0123456789")
		}
	}
	in := cluster.Input{
		Book: b,
		Exchange: func(id ledger.AddressID) (string, bool) {
			actor, ok := exchanges[b.Text(id)]
			return actor, ok
		},
	}
	count := func(forwards int) (byAmount, bySweep, size int) {
		cfg := cluster.Defaults()
		cfg.AmountMinForwards, cfg.SweepMinForwards = forwards, forwards
		links, err := cluster.Find(in, cfg, all())
		require.NoError(t, err)
		amount, sweep := map[ledger.AddressID]bool{}, map[ledger.AddressID]bool{}
		for _, l := range links {
			if l.Heuristic == cluster.DepositAmount {
				amount[l.B] = true
			} else {
				sweep[l.A] = true
			}
		}
		for _, c := range cluster.Union(b, links, united()) {
			size = max(size, len(c.Members))
		}
		return len(amount), len(sweep), size
	}
	// The set's README counts 1,784 deposit addresses by a rule of its own, and
	// mining pools as users. They paid most of these deposits, so that uniting
	// without labels makes their customers one.
	byAmount, bySweep, size := count(1)
	t.Logf("1 forward, nothing stops: %d by amount, %d by sweep, largest cluster %d", byAmount, bySweep, size)
	require.Greater(t, byAmount, 1700)
	require.Greater(t, size, 500)
	in.Stops = func(id ledger.AddressID) bool { return labelled[b.Text(id)] }
	for forwards := 1; forwards <= 2; forwards++ {
		byAmount, bySweep, size = count(forwards)
		t.Logf("%d forwards, labels stop: %d by amount, %d by sweep, largest cluster %d", forwards, byAmount, bySweep, size)
		require.Less(t, size, 60)
	}
	require.Greater(t, byAmount, 10)
	require.Greater(t, bySweep, 100)
}
