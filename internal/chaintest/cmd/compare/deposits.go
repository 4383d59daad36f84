package main

import (
	"context"
	"fmt"

	"github.com/scamtrace/scamtrace/internal/chaintest/compare"
	"github.com/scamtrace/scamtrace/internal/cluster"
	"github.com/scamtrace/scamtrace/internal/table"
)

// deposits counts the deposit addresses of whole blocks of March 2017, found
// backward from the wallets of exchanges.
func (c *comparison) deposits(ctx context.Context) error {
	const set = "eth_full_blocks_3300400"
	if !c.has(set) {
		return nil
	}
	known, err := c.csv(set, "labels.csv.gz")
	if err != nil {
		return err
	}
	exchange := map[string]bool{}
	var seeds, exchanges, all []string
	for _, r := range known {
		if a := r["address"]; r["category"] == "exchange" || r["category"] == "quadrigacx" {
			if !exchange[a] {
				seeds = append(seeds, "ethereum,"+a+",seed")
			}
			exchange[a] = true
			exchanges = append(exchanges, fmt.Sprintf("ethereum,%s,%q,exchange,set", a, r["label"]))
		}
	}
	all = append(all, exchanges...)
	for _, r := range known {
		if !exchange[r["address"]] {
			all = append(all, fmt.Sprintf("ethereum,%s,%q,service,set", r["address"], r["label"]))
		}
	}
	for _, way := range []struct {
		what   string
		labels []string
		least  int
	}{
		{compare.Deposits, exchanges, 1},
		{"deposit addresses, 1 forward, labels stop", all, 1},
		{"deposit addresses, 2 forwards, labels stop", all, 2},
	} {
		run, err := c.trace(ctx, "ethereum", set, seeds, way.labels,
			"movements.ethereum=native", "crawl.direction=backward", "crawl.rules=none", fmt.Sprintf("cluster.min_forwards=%d", way.least))
		if err != nil {
			return err
		}
		found, err := rows[table.Link](ctx, run, "links")
		if err != nil {
			return err
		}
		swept, matched := map[string]string{}, map[string]bool{}
		for _, l := range found {
			switch l.Heuristic {
			case cluster.DepositSweep:
				swept[l.AddressA] = l.AddressB
			case cluster.DepositAmount:
				matched[l.AddressB] = true
			}
		}
		c.measured(set, way.what, len(matched), 0)
		if way.what == compare.Deposits {
			to := map[string]int{}
			for a := range matched {
				to[swept[a]]++
			}
			for _, wallet := range []string{compare.Poloniex2, compare.Kraken5, compare.Bittrex2} {
				c.measured(set, compare.DepositsTo+wallet[:10], to[wallet], 0)
			}
			c.measured(set, "addresses that pay one exchange alone", len(swept), 0)
		}
	}
	c.note("%s: nobody knows the truth, and the rule behind the published count is not told. Ours comes near it where labelled services, above all mining pools, count as customers. "+
		"Our default takes them for none and asks for two forwards, since a person who sold once looks like a deposit address. "+
		"Those that pay one exchange alone (deposit-sweep) are links that unite nobody.", set)
	return nil
}
