package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chaintest/compare"
	"github.com/scamtrace/scamtrace/internal/chaintest/compare/strategy"
)

// maxHops is how far the tracer and the breadth-first strategies go.
const maxHops = 20

// easyfi is the EasyFi hack: one source, 12 addresses of the launderer, 16
// wallets of exchanges, among everything that these had to do with.
func (c *comparison) easyfi(ctx context.Context) error {
	const set = "eth_heist_easyfi"
	if !c.has(set) {
		return nil
	}
	known, err := c.csv(set, "labels.csv.gz")
	if err != nil {
		return err
	}
	t := targets{set: set, terminals: map[string]bool{}, members: map[string]bool{}}
	source := ""
	var labels []string
	for _, r := range known {
		if layer, ok := strings.CutPrefix(r["label"], "ml_transit_"); ok {
			t.members[r["address"]] = true
			if layer == "0" {
				source = r["address"]
			}
			continue
		}
		if r["category"] == "exchange" {
			t.terminals[r["address"]] = true
		}
		labels = append(labels, fmt.Sprintf("ethereum,%s,%q,%q,%q", r["address"], r["label"], r["category"], "set"))
	}
	g, err := c.transfers(set)
	if err != nil {
		return err
	}
	c.strategies(t, g, maxHops, false, source)
	seeds := []string{"ethereum," + source + ",seed"}
	for _, way := range []struct{ name, rules string }{{"no rules", "crawl.rules=none"}, {"default rules", ""}} {
		settings := []string{fmt.Sprintf("crawl.max_hops=%d", maxHops)}
		if way.rules != "" {
			settings = append(settings, way.rules)
		}
		run, err := c.trace(ctx, "ethereum", set, seeds, labels, settings...)
		if err != nil {
			return err
		}
		visits, err := c.ours(ctx, t, way.name, run)
		if err != nil {
			return err
		}
		for _, x := range []struct {
			what string
			want map[string]bool
		}{{compare.Transit, t.members}, {compare.Exchanges, t.terminals}} {
			found := 0
			for a := range x.want {
				if _, met := visits[a]; met {
					found++
				}
			}
			c.measured(set, x.what+", "+way.name, found, len(x.want))
		}
	}
	c.note("%s: the tracer follows an address from its first arrival of money on, so a way that goes back in time is none for it. "+
		"The launderer's outermost wallets are 4 hops away without regard to time, through mints of the null address, and 5 for us. "+
		"Its methods trace each asset by itself and its default rules stop at contracts: a swap is an end. "+
		"What can be reached forward at all is what poison of %d hops reaches.", set, maxHops)
	return nil
}

// verifiedFlows are three flows of stolen money that were verified by hand.
func (c *comparison) verifiedFlows(ctx context.Context) error {
	there := false
	for _, set := range []string{"eth_mftracer_54m", "eth_mftracer_lifi", "eth_mftracer_atomic"} {
		if !c.has(set) {
			continue
		}
		there = true
		if err := c.verifiedFlow(ctx, set); err != nil {
			return err
		}
	}
	if there {
		c.note("eth_mftracer_*: the sets hold the verified flow alone, without other payments, so a large graph is no fault here and every address is a member. " +
			"Their hops are as in the README, which does not say by which way; ours are by the shortest in time. Terminals were labelled as exchanges for our runs: we stop there.")
	}
	return nil
}

func (c *comparison) verifiedFlow(ctx context.Context, set string) error {
	known, err := c.csv(set, "labels.csv.gz")
	if err != nil {
		return err
	}
	moved, err := c.csv(set, "token_transfers.csv.gz")
	if err != nil {
		return err
	}
	t := targets{set: set, terminals: map[string]bool{}, members: map[string]bool{}, verified: len(moved)}
	var sources, seeds, labels []string
	for _, r := range known {
		switch r["category"] {
		case "source":
			sources = append(sources, r["address"])
			seeds = append(seeds, "ethereum,"+r["address"]+",seed")
		case "terminal":
			t.terminals[r["address"]] = true
			labels = append(labels, "ethereum,"+r["address"]+",terminal,exchange,set")
		}
	}
	for _, r := range moved {
		t.members[r["from_address"]] = true
		t.members[r["to_address"]] = true
	}
	g, err := c.transfers(set)
	if err != nil {
		return err
	}
	c.strategies(t, g, maxHops, true, sources...)
	run, err := c.trace(ctx, "ethereum", set, seeds, labels, "movements.ethereum=token", fmt.Sprintf("crawl.max_hops=%d", maxHops))
	if err != nil {
		return err
	}
	visits, err := c.ours(ctx, t, "default rules", run)
	if err != nil {
		return err
	}
	found, farthest := 0, 0
	for a := range t.terminals {
		if v, met := visits[a]; met {
			found++
			farthest = max(farthest, int(v.Hop))
		}
	}
	reached := 0
	for a := range t.members {
		if _, met := visits[a]; met {
			reached++
		}
	}
	tainted, err := rows[movement](ctx, run, "taint")
	if err != nil {
		return err
	}
	poisoned := map[string]bool{}
	for _, m := range tainted {
		if m.Method == "poison" && m.Value != "0" {
			poisoned[m.name()] = true
		}
	}
	c.measured(set, compare.Terminals, found, len(t.terminals))
	c.measured(set, compare.Reached, reached, len(t.members))
	c.measured(set, compare.Hops, farthest, 0)
	c.measured(set, compare.Flow, len(poisoned), len(moved))
	return nil
}

// transfers reads all that moved in a set of ethereum-etl's layout: what failed
// moved nothing.
func (c *comparison) transfers(set string) (*strategy.Graph, error) {
	var list []strategy.Transfer
	for _, file := range []struct{ name, hash, asset, status string }{
		{"transactions.csv.gz", "hash", "", "receipt_status"},
		{"traces.csv.gz", "transaction_hash", "", "status"},
		{"token_transfers.csv.gz", "transaction_hash", "token_address", ""},
	} {
		if !c.exists(set, file.name) {
			continue
		}
		moved, err := c.csv(set, file.name)
		if err != nil {
			return nil, err
		}
		for i, r := range moved {
			if file.status != "" && r[file.status] == "0" || r["to_address"] == "" {
				continue
			}
			value, err := strconv.ParseFloat(r["value"], 64)
			if err != nil {
				return nil, fmt.Errorf("%s of %s, row %d: value: %w", file.name, set, i+1, err)
			}
			time, err := strconv.ParseInt(r["block_timestamp"], 10, 64)
			if err != nil {
				return nil, fmt.Errorf("%s of %s, row %d: block_timestamp: %w", file.name, set, i+1, err)
			}
			asset := "native"
			if file.asset != "" {
				asset = r[file.asset]
			}
			list = append(list, strategy.Transfer{
				Tx: r[file.hash], Asset: asset, From: r["from_address"], To: r["to_address"], Value: value, Time: time,
			})
		}
	}
	return strategy.New(list), nil
}
