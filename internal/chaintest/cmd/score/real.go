package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chaintest/score"
	"github.com/scamtrace/scamtrace/internal/label"
)

// realSet is real data of which somebody knows the truth. The names of its rows
// begin with its own.
type realSet struct {
	name, folder string
	score        func(context.Context, program, string) ([]score.Row, error)
}

func realSets() []realSet {
	return []realSet{
		{"EasyFi heist", "eth_heist_easyfi", easyfi},
		{"54M flow", "eth_mftracer_54m", flow("54M flow")},
		{"LI.FI flow", "eth_mftracer_lifi", flow("LI.FI flow")},
		{"Atomic flow", "eth_mftracer_atomic", flow("Atomic flow")},
		{"Wasabi 1", "btc_coinjoin_wasabi1", coinJoins("Wasabi 1", "wasabi1_coinjoin")},
		{"Whirlpool", "btc_coinjoin_whirlpool", coinJoins("Whirlpool", "whirlpool_mix")},
		{"Wasabi 2 emulation", "emul_wasabi2_a", emulation},
		{"block 277647", "btc_raw_blocks", block},
		{"reported seeds", "seeds_pig_butchering", reported},
		{"public labels", "labels_all", publicLabels},
	}
}

const easyfiHacker = "0x83a2eb63b6cc296529468afa85dbde4a469d8b37"

// easyfi follows the EasyFi hack of 2021: 12 wallets of the launderer, 16 of
// exchanges, of which some were paid before the hack only.
func easyfi(ctx context.Context, p program, data string) ([]score.Row, error) {
	labels, err := rowsOf(filepath.Join(data, "labels.csv.gz"))
	if err != nil {
		return nil, err
	}
	var transit, exchanges []string
	var known [][]string
	for _, r := range labels {
		if strings.HasPrefix(r["label"], "ml_transit") {
			transit = append(transit, r["address"])
			continue
		}
		if r["category"] == "exchange" {
			exchanges = append(exchanges, r["address"])
		}
		known = append(known, []string{"ethereum", r["address"], r["label"], r["category"], r["source"]})
	}
	args, err := p.caseOf("easyfi", "ethereum", data, []string{easyfiHacker}, "seed", known)
	if err != nil {
		return nil, err
	}
	ruled, err := p.publish(ctx, "easyfi-ruled", args...)
	if err != nil {
		return nil, err
	}
	free, err := p.publish(ctx, "easyfi-free", append(args, "--set", "crawl.rules=none")...)
	if err != nil {
		return nil, err
	}
	const hops = 5
	rows := score.Hops("EasyFi heist: ml_transit, no rules,", places("ethereum", transit), free, hops)
	rows = append(rows, score.Hops("EasyFi heist: exchanges, no rules,", places("ethereum", exchanges), free, hops)...)
	rows = append(rows, score.Hops("EasyFi heist: ml_transit,", places("ethereum", transit), ruled, 0)...)
	rows = append(rows, score.Hops("EasyFi heist: exchanges,", places("ethereum", exchanges), ruled, 0)...)
	return append(rows, score.Conserved("EasyFi heist: conservation adds up", ruled)), nil
}

// flow follows a laundering flow that was verified by hand: nothing else is in
// the data.
func flow(name string) func(context.Context, program, string) ([]score.Row, error) {
	return func(ctx context.Context, p program, data string) ([]score.Row, error) {
		labels, err := rowsOf(filepath.Join(data, "labels.csv.gz"))
		if err != nil {
			return nil, err
		}
		var sources, terminals []string
		var known [][]string
		ends := map[score.Place]bool{}
		for _, r := range labels {
			switch r["category"] {
			case "source":
				sources = append(sources, r["address"])
			case "terminal":
				terminals = append(terminals, r["address"])
				known = append(known, []string{"ethereum", r["address"], "terminal", "exchange", "score"})
				ends[score.Place{Chain: "ethereum", Address: r["address"]}] = true
			}
		}
		transfers, err := rowsOf(filepath.Join(data, "token_transfers.csv.gz"))
		if err != nil {
			return nil, err
		}
		paid := new(big.Int)
		for _, r := range transfers {
			if ends[score.Place{Chain: "ethereum", Address: r["to_address"]}] {
				v, ok := new(big.Int).SetString(r["value"], 10)
				if !ok {
					return nil, fmt.Errorf("%s: %q is no amount", data, r["value"])
				}
				paid.Add(paid, v)
			}
		}
		folder := filepath.Base(data)
		args, err := p.caseOf(folder, "ethereum", data, sources, "seed", known)
		if err != nil {
			return nil, err
		}
		r, err := p.publish(ctx, folder, append(args, "--set", "movements.ethereum=token", "--set", "crawl.max_hops=20")...)
		if err != nil {
			return nil, err
		}
		rows := score.Hops(name+": terminals reached", places("ethereum", terminals), r, 0)
		for _, method := range []string{"fifo", "haircut"} {
			rows = append(rows, score.Arrived(name+": micro-USD at terminals, "+method, r, method, ends, paid))
		}
		return rows, nil
	}
}

// coinJoins watches every address of a set of labelled CoinJoins, with the veto
// and without.
func coinJoins(name, label string) func(context.Context, program, string) ([]score.Row, error) {
	return func(ctx context.Context, p program, data string) ([]score.Row, error) {
		labels, err := rowsOf(filepath.Join(data, "tx_labels.csv.gz"))
		if err != nil {
			return nil, err
		}
		mixes := map[string]bool{}
		for _, r := range labels {
			if r["label"] == label {
				mixes[r["txid"]] = true
			}
		}
		guarded, unguarded, err := p.watchAll(ctx, data, "bitcoin")
		if err != nil {
			return nil, err
		}
		return []score.Row{
			score.Mixes(name+": mixes that join nobody, no guards", unguarded, "bitcoin", mixes),
			score.Mixes(name+": mixes that join nobody", guarded, "bitcoin", mixes),
			score.Largest(name+": largest cluster, no guards", unguarded),
			score.Largest(name+": largest cluster", guarded),
		}, nil
	}
}

// watchAll watches every address of a bitcoin set, with the veto of CoinJoins and
// without.
func (p program) watchAll(ctx context.Context, data, chain string) (guarded, unguarded *score.Run, err error) {
	all, err := bitcoinAddresses(filepath.Join(data, "transactions.json.gz"), func(etlTx) bool { return true })
	if err != nil {
		return nil, nil, err
	}
	folder := filepath.Base(data)
	args, err := p.caseOf(folder, chain, data, all, "watch", nil)
	if err != nil {
		return nil, nil, err
	}
	if guarded, err = p.publish(ctx, folder, args...); err != nil {
		return nil, nil, err
	}
	unguarded, err = p.publish(ctx, folder+"-unguarded", append(args, "--set", "cluster.coinjoin_veto=false")...)
	return guarded, unguarded, err
}

// emulation are real wallets of a private chain, whose owners are known.
func emulation(ctx context.Context, p program, data string) ([]score.Row, error) {
	const chain = "bitcoin-regtest"
	wallets, err := rowsOf(filepath.Join(data, "wallets.csv.gz"))
	if err != nil {
		return nil, err
	}
	owner := map[score.Place]string{}
	var all []score.Place
	for _, r := range wallets {
		at := score.Place{Chain: chain, Address: r["address"]}
		if owner[at] == "" {
			all = append(all, at)
		}
		owner[at] = r["label"]
	}
	guarded, unguarded, err := p.watchAll(ctx, data, chain)
	if err != nil {
		return nil, err
	}
	listed, err := os.ReadFile(filepath.Join(data, "coinjoin_txids.txt"))
	if err != nil {
		return nil, err
	}
	mixes := map[string]bool{}
	for _, tx := range strings.Fields(string(listed)) {
		mixes[tx] = true
	}
	return []score.Row{
		score.Mixes("Wasabi 2 emulation: mixes that join nobody, no guards", unguarded, chain, mixes),
		score.Mixes("Wasabi 2 emulation: mixes that join nobody", guarded, chain, mixes),
		score.Pairs("Wasabi 2 emulation: clusters, no guards", all, unguarded.Clustered(), owner),
		score.Pairs("Wasabi 2 emulation: clusters", all, guarded.Clustered(), owner),
	}, nil
}

// block is one whole block of Bitcoin of which every input is known.
func block(ctx context.Context, p program, data string) ([]score.Row, error) {
	const height, fees = 277_647, 4_737_355
	all, err := bitcoinAddresses(filepath.Join(data, "transactions.json.gz"), func(tx etlTx) bool { return tx.Block == height })
	if err != nil {
		return nil, err
	}
	args, err := p.caseOf("block", "bitcoin", data, all, "seed", nil)
	if err != nil {
		return nil, err
	}
	one := fmt.Sprint(height)
	r, err := p.publish(ctx, "block", append(args, "--set", "crawl.from_block.bitcoin="+one, "--set", "crawl.to_block.bitcoin="+one)...)
	if err != nil {
		return nil, err
	}
	burnt := r.Fees("bitcoin")
	return []score.Row{
		{Name: "block 277647: fees, in satoshi", Found: burnt, Of: big.NewInt(fees), Wrong: new(big.Int).Abs(new(big.Int).Sub(burnt, big.NewInt(fees))), Amount: true},
		score.Conserved("block 277647: conservation adds up", r),
	}, nil
}

// reported is a list of seeds that people reported. Of its rows two are of chains
// that cannot be traced.
func reported(_ context.Context, _ program, data string) ([]score.Row, error) {
	const untraceable = 2
	path := filepath.Join(data, "seeds.csv.gz")
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	seeds, problems := label.ReadSeeds(path, f)
	refused := len(label.Refusals(problems))
	return []score.Row{
		{Name: "reported seeds: seeds accepted", Found: score.N(len(seeds)), Of: score.N(len(seeds) + refused - untraceable)},
		{Name: "reported seeds: rows of other chains refused", Found: score.N(refused), Of: score.N(untraceable)},
	}, nil
}

// publicLabels is a collection of labels, of which the collector knows 12 rows of
// Bitcoin and Ethereum with addresses that cannot be.
func publicLabels(_ context.Context, _ program, data string) ([]score.Row, error) {
	const bitcoin, ethereum, invalid = 129_856, 103_421, 12
	path := filepath.Join(data, "labels.csv.gz")
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var chains []chain.Chain
	for _, name := range []string{"bitcoin", "ethereum"} {
		c, err := chain.Lookup(name)
		if err != nil {
			return nil, err
		}
		chains = append(chains, c)
	}
	labels, problems := label.ReadLabels(path, f, chains)
	return []score.Row{
		{Name: "public labels: rows accepted", Found: score.N(len(labels)), Of: score.N(bitcoin + ethereum - invalid)},
		{Name: "public labels: invalid rows refused", Found: score.N(len(label.Refusals(problems))), Of: score.N(invalid)},
	}, nil
}

// scoreReal scores the sets that are there. Of the others it tells, and gives the
// names.
func scoreReal(ctx context.Context, p program, data string, tell io.Writer) (rows []score.Row, missing []string, err error) {
	for _, s := range realSets() {
		dir := filepath.Join(data, s.folder)
		if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
			fmt.Fprintf(tell, "%s: left out, there is no %s; set SCAMTRACE_DATA\n", s.name, dir)
			missing = append(missing, s.name)
			continue
		}
		fmt.Fprintf(tell, "%s\n", s.name)
		more, err := s.score(ctx, p, dir)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", s.name, err)
		}
		rows = append(rows, more...)
	}
	return rows, missing, nil
}
