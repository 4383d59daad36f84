package job

import (
	"slices"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/cluster"
	"github.com/scamtrace/scamtrace/internal/config"
	"github.com/scamtrace/scamtrace/internal/label"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// attribute finds the links between addresses and unites them to clusters.
func (t *trail) attribute(cfg config.Config, labels *label.Book) error {
	b := t.book
	c := b.Chain()
	seeds := map[ledger.AddressID]bool{}
	for _, s := range t.seeds {
		if id, ok := b.Find(s.Address); ok {
			seeds[id] = true
		}
	}
	stop := func(id ledger.AddressID) (string, label.Label) { return labels.Stop(c.ID, b.Text(id)) }
	in := cluster.Input{
		Book:     b,
		Expanded: t.isExpanded,
		Seed:     func(id ledger.AddressID) bool { return seeds[id] },
		Stops:    func(id ledger.AddressID) bool { rule, _ := stop(id); return rule != "" },
		Exchange: func(id ledger.AddressID) (string, bool) {
			rule, l := stop(id)
			return actor(l), rule == "exchange" && label.SweptInto(l.Category)
		},
		Floor: func(id ledger.AssetID) (chain.Amount, bool) { return floor(cfg, c, b.Asset(id)) },
	}
	var err error
	if t.links, err = cluster.Find(in, clusterConfig(cfg), cfg.Cluster.Heuristics); err != nil {
		return badInput("cluster: %v", err)
	}
	t.accept = map[string]bool{}
	for _, name := range cfg.Cluster.Accept {
		t.accept[name] = true
	}
	t.clusters = cluster.Union(b, t.links, t.accept)
	return nil
}

// floor is the least amount of an asset that can be evidence. An asset counts if
// the case names it: its dust floor or its place in crawl.assets says that
// somebody trusts the contract.
func floor(cfg config.Config, c chain.Chain, a chain.Asset) (chain.Amount, bool) {
	least, named := cfg.Crawl.Dust[c.Name][a]
	if !named && a != chain.Native {
		if !slices.Contains(cfg.Crawl.Assets[c.Name], string(a)) {
			return least, false
		}
	}
	if least.IsZero() {
		least.SetOne()
	}
	return least, true
}

// actor names who is behind a label, so that all wallets of one exchange have
// one name: the label's actor, or its words before a colon, a number or a wallet
// word ("Binance 14", "OKX: Hot Wallet 2").
func actor(l label.Label) string {
	if l.Actor != "" {
		return strings.ToLower(l.Actor)
	}
	name := strings.ToLower(l.Label)
	if i := strings.IndexAny(name, ":_#("); i > 0 {
		name = name[:i]
	}
	if i := strings.LastIndex(name, " "); i > 0 && strings.Trim(name[i+1:], "0123456789") == "" {
		name = name[:i]
	}
	for _, word := range []string{" hot", " cold", " deposit", " wallet", " exchange"} {
		if i := strings.Index(name, word); i > 0 {
			name = name[:i]
		}
	}
	return strings.TrimSpace(name)
}
