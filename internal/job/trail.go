package job

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/all"
	"github.com/scamtrace/scamtrace/internal/cluster"
	"github.com/scamtrace/scamtrace/internal/config"
	"github.com/scamtrace/scamtrace/internal/crawl"
	"github.com/scamtrace/scamtrace/internal/label"
	"github.com/scamtrace/scamtrace/internal/ledger"
	"github.com/scamtrace/scamtrace/internal/report"
)

// trail is everything about one chain, from its source to its clusters.
type trail struct {
	chain    chain.Chain
	number   int // place among the chains of the run
	driver   string
	server   bool          // the source asks a server
	endpoint string        // its name
	daily    int64         // the most requests a day of its plan, 0 if unknown
	rate     float64       // the most requests a second, 0 if it is the driver's own
	source   chain.Source  // nil once it is closed
	inputs   []chain.Input // what the source read
	asOf     chain.Block
	span     chain.Span
	wanted   uint64 // crawl.to_block, 0 if it is not given
	kinds    []chain.Kind
	seeds    []label.Seed

	traceable func(ledger.AssetID) bool // the assets that are followed; nil for all
	book      *ledger.Book
	crawl     *crawl.Result
	rules     []string // names of the stop rules
	stops     []uint8  // by address: 0 if it was not met, followed, or firstRule and more
	links     []cluster.Link
	accept    map[string]bool
	clusters  []cluster.Cluster
	traces    [][]traced // by method, then case
	// For the report.
	notes    []string
	headline string // the first method that conserves
	money    []report.Money
	largest  []report.End
}

// isExpanded reports whether an address was asked and followed.
func (t *trail) isExpanded(id ledger.AddressID) bool {
	return int(id) < len(t.stops) && t.stops[id] == followed
}

// What stops says of an address that was met.
const (
	followed  uint8 = 1
	firstRule uint8 = 2
)

// openTrails opens a source for every chain, with its options adjusted.
func openTrails(ctx context.Context, cfg config.Config, in *inputs, workers int, adjust func(*chain.Options)) ([]*trail, error) {
	var trails []*trail
	shared := &sync.Map{}
	for i, c := range in.chains {
		driver, args, err := all.Find(cfg.Sources[c.Name])
		if err != nil {
			return trails, badInput("sources.%s: %v", c.Name, err)
		}
		t := &trail{chain: c, number: i, driver: driver.Name, server: driver.Server}
		if t.kinds, err = kinds(c, cfg.Movements[c.Name]); err != nil {
			return trails, err
		}
		for _, s := range in.seeds {
			if s.Chain.ID == c.ID {
				t.seeds = append(t.seeds, s)
			}
		}
		cache := cfg.Cache
		if cache == "" {
			cache = filepath.Join(cfg.Out, "cache")
		}
		o := chain.Options{Args: args, Cache: cache, Workers: workersFor(cfg, t, workers), Shared: shared}
		if driver.Server {
			if o.Endpoint, err = endpoint(cfg, c.Name, args); err != nil {
				return trails, &InputError{Problems: []string{err.Error()}}
			}
			t.endpoint, t.daily, t.rate = o.Endpoint.Name, o.Endpoint.Daily, o.Endpoint.Rate
		}
		adjust(&o)
		t.source, err = driver.Open(ctx, c, o)
		if err != nil {
			return trails, fmt.Errorf("source %s: %w", c.Name, err)
		}
		trails = append(trails, t)
	}
	return trails, nil
}

// close ends the source, with all that it keeps in memory.
func (t *trail) close() error {
	if t.source == nil {
		return nil
	}
	s := t.source
	t.source = nil
	return s.Close()
}

// pin fixes the final block of the chain: the run is a function of it.
func (t *trail) pin(ctx context.Context, cfg config.Config) error {
	head, err := t.source.Head(ctx)
	if err != nil {
		return fmt.Errorf("source %s: %w", t.chain.Name, err)
	}
	t.asOf = head
	t.span = chain.Span{From: cfg.Crawl.FromBlock[t.chain.Name], To: head.Height}
	t.wanted = cfg.Crawl.ToBlock[t.chain.Name]
	if to, ok := cfg.Crawl.ToBlock[t.chain.Name]; ok && to < head.Height {
		t.span.To, t.asOf = to, chain.Block{Height: to}
	}
	if t.span.From > t.span.To {
		return badInput("crawl.from_block: %s: block %d is after the last block to be read, %d", t.chain.Name, t.span.From, t.span.To)
	}
	return nil
}

// allKinds are the kinds of movement of a family.
func allKinds(f chain.Family) []chain.Kind {
	if f == chain.UTXO {
		return []chain.Kind{chain.Output}
	}
	return []chain.Kind{chain.Fee, chain.NativeKind, chain.Internal, chain.Token, chain.Reward}
}

// kinds are those asked for: the named ones, or all. Rewards of blocks come with
// internal movements, as in a trace.
func kinds(c chain.Chain, names []string) ([]chain.Kind, error) {
	every := allKinds(c.Family)
	if len(names) == 0 {
		return every, nil
	}
	var out []chain.Kind
	for _, name := range names {
		i := slices.IndexFunc(every, func(k chain.Kind) bool { return k.String() == name })
		if i < 0 {
			return nil, badInput("movements.%s: %s has no movements of kind %q", c.Name, c.Name, name)
		}
		out = append(out, every[i])
	}
	return out, nil
}

// follow crawls the chain and seals its book.
func (t *trail) follow(ctx context.Context, cfg config.Config, labels *label.Book, workers int, status *Status, progress func(string)) error {
	l := ledger.New(t.chain)
	in := crawl.Input{
		Source: t.source, Ledger: l, Starts: t.starts(),
		Label:    func(a chain.Address) string { rule, _ := labels.Stop(t.chain.ID, a); return rule },
		Opaque:   cluster.CoinJoinMovement,
		Answered: status.share,
		Progress: func(p crawl.Progress) {
			status.round(p)
			if p.Frontier == 0 {
				return
			}
			progress(fmt.Sprintf("%s: round %d: asking %d addresses (%d asked before, %d met, %d transfers)",
				t.chain.Name, p.Round+1, p.Frontier, p.Asked, p.Met, p.Transfers))
		},
	}
	allowed := map[chain.Asset]bool{}
	for _, a := range cfg.Crawl.Assets[t.chain.Name] {
		allowed[chain.Asset(a)] = true
	}
	var err error
	t.crawl, err = crawl.Run(ctx, in, crawl.Config{
		Direction: crawl.Direction(cfg.Crawl.Direction), Rules: cfg.Crawl.Rules, MaxHops: cfg.Crawl.MaxHops,
		Budget:    cfg.Crawl.Budget,
		SuperNode: crawl.SuperNode{Counterparties: cfg.Crawl.SuperNode.Counterparties, Transfers: cfg.Crawl.SuperNode.Transfers},
		Dust:      cfg.Crawl.Dust[t.chain.Name], Assets: allowed, Window: int64(cfg.Crawl.Window.Seconds()),
		Span: t.span, Kinds: t.kinds, Workers: workersFor(cfg, t, workers),
	})
	if err != nil {
		return err
	}
	if err := t.heard(l); err != nil {
		return err
	}
	progress(fmt.Sprintf("%s: putting %d transfers in order", t.chain.Name, l.Len()))
	t.stops = make([]uint8, l.Addresses())
	for _, r := range crawl.Rules() {
		t.rules = append(t.rules, r.Name)
	}
	for _, v := range t.crawl.Visits {
		t.stops[v.Address] = followed
		if v.Stop != "" {
			t.stops[v.Address] = firstRule + uint8(slices.Index(t.rules, v.Stop))
		}
	}
	t.noteSeeds(l)
	watch := firstRule + uint8(slices.Index(t.rules, "watch"))
	if t.book, err = l.Seal(func(id ledger.AddressID) bool { return t.stops[id] == followed || t.stops[id] == watch }); err != nil {
		return err
	}
	if len(allowed) > 0 && slices.Contains(cfg.Crawl.Rules, "asset") {
		t.traceable = func(id ledger.AssetID) bool { return allowed[t.book.Asset(id)] }
	}
	return nil
}

// heard refuses to go on if a server told nothing and could not tell the whole
// of any seed: tables of nothing must not take the place of last night's.
func (t *trail) heard(l *ledger.Ledger) error {
	if !t.server || l.Len() > 0 {
		return nil
	}
	seeds, unheard := 0, ""
	for _, v := range t.crawl.Visits {
		if v.HasParent {
			continue
		}
		seeds++
		if v.Stop != "coverage-gap" {
			return nil
		}
		unheard = string(l.Text(v.Address))
	}
	if seeds == 0 {
		return nil
	}
	for _, g := range t.crawl.Gaps {
		if string(g.Address) == unheard && g.Effect == chain.Missing {
			return fmt.Errorf("%s: no seed could be asked in full, e.g. %s: %s: nothing was published; what was answered is kept, run again",
				t.chain.Name, unheard, g.Reason)
		}
	}
	return nil
}

// noteSeeds says for people which seeds led nowhere: those that a rule stopped,
// and those of which the source has nothing.
func (t *trail) noteSeeds(l *ledger.Ledger) {
	noted := map[chain.Address]bool{}
	for _, s := range t.seeds {
		id := l.Address(s.Address)
		if noted[s.Address] || int(id) >= len(t.stops) {
			continue
		}
		noted[s.Address] = true
		switch stop := t.stops[id]; {
		case stop >= firstRule && t.rules[stop-firstRule] != "watch":
			t.notes = append(t.notes, fmt.Sprintf("seed %s was not followed: rule %s", s.Address, t.rules[stop-firstRule]))
		case l.Degree(id, 1) == 0:
			t.notes = append(t.notes, fmt.Sprintf("seed %s: the source has no transfer of it", s.Address))
		}
	}
}

// starts are the seeds, as the crawl wants them.
func (t *trail) starts() []crawl.Start {
	var out []crawl.Start
	for _, s := range t.seeds {
		start := crawl.Start{Address: s.Address, Watch: s.Role == label.RoleWatch}
		if s.Role == label.RoleVictimTx {
			start.Payment = &s.TxHash
		}
		out = append(out, start)
	}
	return out
}

// clusterConfig are the parameters of the heuristics.
func clusterConfig(cfg config.Config) cluster.Config {
	c := cluster.Defaults()
	c.AmountMinForwards = cfg.Cluster.MinForwards
	c.AmountMaxDepositors = cfg.Cluster.MaxDepositors
	c.AmountTolerance = cfg.Cluster.AmountToleranceWei
	c.AmountMaxBlocks = uint64(cfg.Cluster.AmountBlocks)
	if !cfg.Cluster.CoinjoinVeto {
		c.Guards = nil
	}
	return c
}

// hidden tells the transactions that the trace does not follow through: none if
// the rule coinjoin is off.
func (t *trail) hidden(cfg config.Config) func(ledger.TxID) bool {
	if t.chain.Family != chain.UTXO || !slices.Contains(cfg.Crawl.Rules, "coinjoin") {
		return nil
	}
	mixes := map[ledger.TxID]bool{}
	for i := range t.book.Len() {
		if transfer := t.book.At(i); cluster.CoinJoin(t.book, transfer) {
			mixes[transfer.Tx] = true
		}
	}
	return func(tx ledger.TxID) bool { return mixes[tx] }
}
