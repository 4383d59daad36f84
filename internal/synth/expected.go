package synth

import (
	"context"
	"encoding/csv"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/config"
	"github.com/scamtrace/scamtrace/internal/label"
	"github.com/scamtrace/scamtrace/internal/synth/names"
	"github.com/scamtrace/scamtrace/internal/synth/reference"
	"github.com/scamtrace/scamtrace/internal/synth/world"
)

// expected keeps every movement of a small set, to say in the end what a tracer
// has to find.
type expected struct {
	names     names.Namer
	parties   *world.Parties
	tables    []string
	movements []reference.Movement
	rewards   int
}

func (e *expected) address(p world.Party) string {
	if e.parties.Bitcoin(p) {
		return e.names.Bitcoin(p).Address
	}
	a := e.names.Ethereum(p)
	return names.Hex(a[:])
}

// ethereum notes the movements that the tables tell.
func (e *expected) ethereum(tx *world.EthereumTx) {
	hash := e.names.Transaction(tx.Number)
	base := reference.Movement{
		Chain: "ethereum", Tx: names.Hex(hash[:]), Height: uint64(tx.Height), Index: uint32(tx.Index), Failed: tx.Failed,
	}
	move := func(kind chain.Kind, t world.Token, amount int64, from, to world.Party) *reference.Movement {
		m := base
		m.Kind, m.Asset = kind, names.Asset(e.names, t)
		value, _ := new(big.Int).SetString(names.Units(t, amount), 10)
		if kind != chain.Reward {
			m.In = []reference.Entry{{Address: e.address(from), Amount: value}}
		}
		if kind != chain.Fee {
			m.Out = []reference.Entry{{Address: e.address(to), Amount: value}}
		}
		e.movements = append(e.movements, m)
		return &e.movements[len(e.movements)-1]
	}
	traces := slices.Contains(e.tables, "traces")
	if tx.Reward {
		if traces {
			e.rewards++
			move(chain.Reward, world.Ether, tx.Value, 0, tx.To).Tx = "reward " + strconv.Itoa(e.rewards)
		}
		return
	}
	if slices.Contains(e.tables, "transactions") {
		move(chain.Fee, world.Ether, tx.GasUsed*tx.GasPrice, tx.From, 0)
		if tx.Input == world.Creation {
			move(chain.NativeKind, world.Ether, tx.Value, tx.From, tx.Creates).Out[0].Created = true
		} else {
			move(chain.NativeKind, world.Ether, tx.Value, tx.From, tx.To)
		}
	}
	for _, c := range tx.Calls {
		if !traces || c.Kind != "call" {
			continue
		}
		m := move(chain.Internal, world.Ether, c.Value, c.From, c.To)
		m.Failed = m.Failed || c.Failed
		for step := range strings.SplitSeq(c.Path, "_") {
			n, _ := strconv.ParseUint(step, 10, 32) // the play counts calls
			m.TraceAddress = append(m.TraceAddress, uint32(n))
		}
	}
	for i, l := range tx.Logs {
		move(chain.Token, l.Token, l.Amount, l.From, l.To).LogIndex = uint32(tx.FirstLog + i)
	}
}

func (e *expected) bitcoin(tx *world.BitcoinTx) {
	hash := func(n int64) string {
		h := e.names.BitcoinTransaction(n)
		return names.Hex(h[:])[2:]
	}
	m := reference.Movement{
		Chain: "bitcoin", Tx: hash(tx.Number), Height: uint64(tx.Height), Index: uint32(tx.Index), Kind: chain.Output, Asset: "native",
		Opaque: tx.Join,
	}
	for _, c := range tx.In {
		m.In = append(m.In, reference.Entry{
			Address: e.address(c.Owner), Amount: big.NewInt(c.Value), Spends: reference.Outpoint{Tx: hash(c.Tx), Index: c.Index},
		})
	}
	for _, o := range tx.Out {
		entry := reference.Entry{Amount: big.NewInt(o.Value)}
		if o.To != 0 {
			entry.Address = e.address(o.To)
		}
		m.Out = append(m.Out, entry)
	}
	e.movements = append(e.movements, m)
}

// write traces the set by the reference, as its case file says, and gives the
// number of rows.
func (e *expected) write(ctx context.Context, dir string) (int, error) {
	c, err := readCase(dir)
	if err != nil {
		return 0, err
	}
	result, err := reference.Expect(ctx, c, slices.Values(e.movements))
	if err != nil {
		return 0, err
	}
	f, err := os.Create(filepath.Join(dir, "truth", "expected_taint.csv"))
	if err != nil {
		return 0, err
	}
	out := csv.NewWriter(f)
	err = out.Write([]string{"case_id", "seed", "method", "chain", "asset", "address", "stop", "value"})
	for _, r := range result.Rows {
		err = errors.Join(err, out.Write([]string{r.CaseID, r.Seed, r.Method, r.Chain, r.Asset, r.Address, r.Stop, r.Value.String()}))
	}
	out.Flush()
	return len(result.Rows), errors.Join(err, out.Error(), f.Close())
}

// readCase is what the public files of a set tell a tracer. They are read again
// as a tracer reads them, so that both start from the same words.
func readCase(dir string) (reference.Case, error) {
	text, err := os.ReadFile(filepath.Join(dir, "case.yaml"))
	if err != nil {
		return reference.Case{}, err
	}
	cfg, err := config.Load("case.yaml", text, nil)
	if err != nil {
		return reference.Case{}, err
	}
	c := reference.Case{
		MaxHops: cfg.Crawl.MaxHops, Assets: cfg.Crawl.Assets, Methods: cfg.Trace.Methods,
		Stops: map[reference.Place]string{}, Dust: map[reference.Coin]*big.Int{},
	}
	for name, list := range cfg.Crawl.Dust {
		for asset, amount := range list {
			c.Dust[reference.Coin{Chain: name, Asset: string(asset)}] = amount.ToBig()
		}
	}
	seeds, err := os.Open(filepath.Join(dir, "seeds.csv"))
	if err != nil {
		return reference.Case{}, err
	}
	defer seeds.Close()
	list, found := label.ReadSeeds("seeds.csv", seeds)
	if bad := label.Refusals(found); len(bad) > 0 {
		return reference.Case{}, errors.New(bad[0].String())
	}
	for _, s := range list {
		seed := reference.Seed{CaseID: s.CaseID, Chain: s.Chain.Name, Address: string(s.Address), Role: string(s.Role)}
		if s.HasTxHash {
			seed.Tx = s.TxHash.Text(s.Chain.Family)
		}
		if s.HasAmount {
			seed.Amount = s.Amount.ToBig()
		}
		c.Seeds = append(c.Seeds, seed)
	}
	labels, err := os.Open(filepath.Join(dir, "labels.yaml"))
	if err != nil {
		return reference.Case{}, err
	}
	defer labels.Close()
	var chains []chain.Chain
	for _, name := range []string{"ethereum", "bitcoin"} {
		known, err := chain.Lookup(name)
		if err != nil {
			return reference.Case{}, err
		}
		chains = append(chains, known)
	}
	said, found := label.ReadLabels("labels.yaml", labels, chains)
	if bad := label.Refusals(found); len(bad) > 0 {
		return reference.Case{}, errors.New(bad[0].String())
	}
	book := label.NewBook(said, label.DefaultStops())
	for l := range book.All() {
		if rule, _ := book.Stop(l.Chain.ID, l.Address); rule != "" {
			c.Stops[reference.Place{Chain: l.Chain.Name, Address: string(l.Address)}] = rule
		}
	}
	return c, nil
}
