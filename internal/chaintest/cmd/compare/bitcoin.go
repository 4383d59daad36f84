package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chaintest/compare"
	"github.com/scamtrace/scamtrace/internal/cluster"
	"github.com/scamtrace/scamtrace/internal/ledger"
	"github.com/scamtrace/scamtrace/internal/table"
)

// mixes are sets of CoinJoins: which of them the veto sees, and what it is for.
func (c *comparison) mixes(ctx context.Context) error {
	there := false
	for _, x := range []struct {
		set, chain string
		kinds      map[string]string // what is counted, by label
	}{
		{"btc_coinjoin_wasabi1", "bitcoin", map[string]string{"wasabi1_coinjoin": compare.Wasabi1Mixes, "wasabi1_postmix": compare.Wasabi1Spends}},
		{"btc_coinjoin_whirlpool", "bitcoin", map[string]string{
			"whirlpool_mix": compare.WhirlpoolMixes, "whirlpool_postmix": compare.SamouraiSpends, "whirlpool_tx0": compare.WhirlpoolTx0,
		}},
		{"emul_wasabi2_a", "bitcoin-regtest", map[string]string{listed: compare.Wasabi2Mixes, "": compare.OtherVetoed}},
		{"btc_raw_blocks", "bitcoin", map[string]string{"": compare.BlockVetoes}},
	} {
		if !c.has(x.set) {
			continue
		}
		there = true
		if err := c.mix(ctx, x.set, x.chain, x.kinds); err != nil {
			return fmt.Errorf("%s: %w", x.set, err)
		}
	}
	if there {
		c.note("CoinJoins: only transactions of two and more input addresses are counted, as in the reference: one address merges nobody. " +
			"The labels are those of Dumplings and crocs-muni, and the clauses of the veto were written after looking at them; only btc_raw_blocks played no part in that, and nobody labelled it. " +
			"Many post-mix spends and Tx0 that are vetoed are mixes themselves. " +
			"In emul_wasabi2_a every transaction of several payers is a mix, so with the veto no cluster is left that could be wrong.")
	}
	return nil
}

// mix watches every address of a set, so that all its transactions are known.
func (c *comparison) mix(ctx context.Context, set, chainName string, kinds map[string]string) error {
	addresses, err := c.bitcoinAddresses(set)
	if err != nil {
		return err
	}
	var seeds []string
	for _, a := range addresses {
		seeds = append(seeds, chainName+","+a+",watch")
	}
	owner, err := c.owners(set)
	if err != nil {
		return err
	}
	var run string
	for _, veto := range []struct{ setting, largest, wrong string }{
		{"false", compare.LargestNaive, compare.WrongNaive}, {"true", compare.LargestVetoed, compare.WrongClusters},
	} {
		run, err = c.trace(ctx, chainName, set, seeds, nil, "cluster.coinjoin_veto="+veto.setting)
		if err != nil {
			return err
		}
		found, err := rows[table.Cluster](ctx, run, "clusters")
		if err != nil {
			return err
		}
		largest, all, wrong := clusters(found, owner)
		c.measured(set, veto.largest, largest, len(addresses))
		if len(owner) > 0 {
			c.measured(set, veto.wrong, wrong, all)
		}
	}
	return c.vetoes(ctx, set, chainName, run, kinds)
}

// clusters gives the size of the largest cluster, how many there are, and how
// many of them join wallets that are known to be of two owners.
func clusters(found []table.Cluster, owner map[string]string) (largest, all, wrong int) {
	size := map[string]int{}
	owners := map[string]map[string]bool{}
	for _, r := range found {
		size[r.ClusterID]++
		largest = max(largest, size[r.ClusterID])
		if who := owner[r.Address]; who != "" {
			if owners[r.ClusterID] == nil {
				owners[r.ClusterID] = map[string]bool{}
			}
			owners[r.ClusterID][who] = true
		}
	}
	for _, w := range owners {
		if len(w) > 1 {
			wrong++
		}
	}
	return largest, len(size), wrong
}

// vetoes counts the transactions that the guard stops, by what they are.
func (c *comparison) vetoes(ctx context.Context, set, chainName, run string, kinds map[string]string) error {
	book, err := bookOf(ctx, chainName, run)
	if err != nil {
		return err
	}
	labels, err := c.labelled(set)
	if err != nil {
		return err
	}
	all, vetoed := map[string]int{}, map[string]int{}
	for i := range book.Len() {
		x := book.At(i)
		payers := map[ledger.AddressID]bool{}
		for e := x.First; e < x.Mid; e++ {
			if a := book.Entry(e).Address; !book.Nameless(a) {
				payers[a] = true
			}
		}
		if len(payers) < 2 {
			continue
		}
		of := labels[book.Tx(x.Tx).Hash.Text(chain.UTXO)]
		if len(of) == 0 {
			of = []string{""}
		}
		for _, label := range of {
			all[label]++
			if cluster.CoinJoin(book, x) {
				vetoed[label]++
			}
		}
	}
	for _, label := range slices.Sorted(maps.Keys(kinds)) {
		if all[label] > 0 {
			c.measured(set, kinds[label], vetoed[label], all[label])
		}
	}
	return nil
}

// bookOf is the book of a published run, from its table of entries.
func bookOf(ctx context.Context, chainName, run string) (*ledger.Book, error) {
	family, err := chain.Lookup(chainName)
	if err != nil {
		return nil, err
	}
	list, err := rows[table.Entry](ctx, run, "entries")
	if err != nil {
		return nil, err
	}
	l := ledger.New(family)
	place := map[int64]uint32{} // entries are in chain order, and do not tell the index
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].TransactionHash == list[0].TransactionHash {
			n++
		}
		hash, err := chain.ParseHash(list[0].TransactionHash)
		if err != nil {
			return nil, err
		}
		height := list[0].BlockNumber
		t := &chain.Transfer{
			Tx:   chain.Tx{Hash: hash, Pos: chain.Pos{Height: uint64(height), Index: place[height]}, Status: chain.Succeeded},
			Kind: chain.Output, Asset: chain.Native,
		}
		place[height]++
		for _, r := range list[:n] {
			e, err := entryOf(r)
			if err != nil {
				return nil, err
			}
			if r.Side == table.SideIn {
				t.In = append(t.In, e)
			} else {
				t.Out = append(t.Out, e)
			}
		}
		if err := l.Add(t); err != nil {
			return nil, err
		}
		list = list[n:]
	}
	return l.Seal(nil)
}

func entryOf(r table.Entry) (e chain.Entry, err error) {
	e = chain.Entry{Index: uint32(r.Index), Address: chain.Address(r.Address), AmountUnknown: r.ValueLossless == ""}
	if r.ValueLossless != "" {
		if err = e.Amount.SetFromDecimal(r.ValueLossless); err != nil {
			return e, err
		}
	}
	if r.SpentOutputIndex != nil {
		e.Spends.Index = uint32(*r.SpentOutputIndex)
		e.Spends.Tx, err = chain.ParseHash(r.SpentTransactionHash)
	}
	return e, err
}

// bitcoinAddresses are all addresses of a set, sorted.
func (c *comparison) bitcoinAddresses(set string) ([]string, error) {
	f, err := c.unzipped(set, "transactions.json.gz")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	seen := map[string]bool{}
	for lines := json.NewDecoder(f); lines.More(); {
		type side []struct {
			Addresses []string `json:"addresses"`
		}
		var tx struct {
			Inputs  side `json:"inputs"`
			Outputs side `json:"outputs"`
		}
		if err := lines.Decode(&tx); err != nil {
			return nil, err
		}
		for _, e := range append(tx.Inputs, tx.Outputs...) {
			if len(e.Addresses) == 1 {
				seen[e.Addresses[0]] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(seen)), nil
}

// listed is the label of a transaction in a set's list of CoinJoins.
const listed = "listed"

// labelled are the labels of transactions, as far as the set has any.
func (c *comparison) labelled(set string) (map[string][]string, error) {
	labels := map[string][]string{}
	if c.exists(set, "tx_labels.csv.gz") {
		list, err := c.csv(set, "tx_labels.csv.gz")
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			labels[r["txid"]] = append(labels[r["txid"]], r["label"])
		}
	}
	if c.exists(set, "coinjoin_txids.txt") {
		list, err := c.lines(set, "coinjoin_txids.txt")
		if err != nil {
			return nil, err
		}
		for _, id := range list {
			labels[id] = append(labels[id], listed)
		}
	}
	return labels, nil
}

// owners tells whose each address is, as far as the set does.
func (c *comparison) owners(set string) (map[string]string, error) {
	owner := map[string]string{}
	if !c.exists(set, "wallets.csv.gz") {
		return owner, nil
	}
	list, err := c.csv(set, "wallets.csv.gz")
	if err != nil {
		return nil, err
	}
	for _, r := range list {
		owner[r["address"]] = r["label"]
	}
	return owner, nil
}
