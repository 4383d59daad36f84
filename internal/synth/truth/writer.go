package truth

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/scamtrace/scamtrace/internal/synth/names"
	"github.com/scamtrace/scamtrace/internal/synth/world"
)

// Parties is what is known of the addresses of a play, by their numbers.
type Parties interface {
	Len() int
	Role(world.Party) world.Role
	Bitcoin(world.Party) bool
	Controller(world.Party) world.Entity
	Exchange(world.Party) world.Entity
	Seen(world.Party) (first, last int64)
}

// Writer is a world.Witness that writes the truth into a folder.
type Writer struct {
	names   names.Namer
	parties Parties

	entities, transfers, links, victims, deposits, nights *sheet // nil if left out

	dir    string
	blocks map[string]map[int64]int64 // the last block of each night, by chain
	known  []string                   // entities by number
	sums   sums
	stages map[string]int64 // movements by stage
	noise  map[string]int64
}

// Parts are the files that have a row for each of many movements. One that is
// left out is not there: an empty one would say that nothing happened.
type Parts struct{ Transfers, Deposits, Nights bool }

// New writes into a folder, which it makes. Parties may grow while the play goes
// on.
func New(dir string, n names.Namer, parties Parties, parts Parts) (*Writer, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	w := &Writer{
		names: n, parties: parties, dir: dir, known: []string{""}, sums: sums{}, stages: map[string]int64{}, noise: map[string]int64{},
		blocks: map[string]map[int64]int64{"ethereum": {}, "bitcoin": {}},
	}
	var errs []error
	file := func(name string, columns ...string) *sheet {
		s, err := open(dir, name, columns...)
		errs = append(errs, err)
		return s
	}
	w.entities = file("entities", "entity", "kind", "parent")
	if parts.Transfers {
		w.transfers = file("transfers", "chain", "transaction_hash", "kind", "log_index", "trace_address", "stage", "noise", "entity")
	}
	w.links = file("links", "type", "chain", "from_address", "to_address", "asset_in", "amount_in", "asset_out", "amount_out",
		"transaction_hash", "controller")
	w.victims = file("victims", "victim", "chain", "address", "exchange", "team", "collection", "asset", "payments", "paid", "refunded", "induced")
	if parts.Deposits {
		w.deposits = file("deposits", "chain", "from_address", "deposit_address", "exchange", "controller", "asset", "amount", "deposit_tx", "sweep_tx")
	}
	if parts.Nights {
		w.nights = file("nights", "night", "type", "chain", "address", "asset", "amount", "transaction_hash")
	}
	if err := errors.Join(errs...); err != nil {
		w.Abandon()
		return nil, err
	}
	return w, nil
}

// Abandon closes the files as they are.
func (w *Writer) Abandon() {
	for _, s := range w.sheets() {
		_ = s.close()
	}
}

func (w *Writer) sheets() []*sheet {
	return []*sheet{w.entities, w.transfers, w.links, w.victims, w.deposits, w.nights}
}

// name is an entity's, empty for nobody.
func (w *Writer) name(e world.Entity) string {
	if e&world.CrowdEntity != 0 {
		return world.EntityName(e)
	}
	return w.known[e]
}

// chain is that of a party.
func (w *Writer) chain(p world.Party) string {
	if w.parties.Bitcoin(p) {
		return "bitcoin"
	}
	return "ethereum"
}

// address is that of a party; empty for none.
func (w *Writer) address(p world.Party) string {
	switch {
	case p == 0:
		return ""
	case w.parties.Bitcoin(p):
		return w.names.Bitcoin(p).Address
	}
	a := w.names.Ethereum(p)
	return names.Hex(a[:])
}

// transaction is the hash of a transaction by its number; empty if there is
// none.
func (w *Writer) transaction(bitcoin bool, number int64) string {
	if number < 0 {
		return ""
	}
	if bitcoin {
		return fmt.Sprintf("%x", w.names.BitcoinTransaction(number))
	}
	h := w.names.Transaction(number)
	return names.Hex(h[:])
}

// money is an asset and an amount in base units. On Bitcoin there is one asset,
// and the amount is in satoshi.
func (w *Writer) money(bitcoin bool, t world.Token, amount int64) (asset, units string) {
	if bitcoin {
		return "native", strconv.FormatInt(amount, 10)
	}
	return names.Asset(w.names, t), names.Units(t, amount)
}

// Entity implements world.Witness.
func (w *Writer) Entity(f world.EntityFact) error {
	if int(f.Entity) != len(w.known) {
		return fmt.Errorf("entity %d comes after %d others", f.Entity, len(w.known)-1)
	}
	w.known = append(w.known, f.Name)
	w.sums.count("entities_"+f.Kind, 1)
	return w.entities.row(f.Name, f.Kind, w.name(f.Parent))
}

// Ethereum notes the movements of a transaction that are the scam's or noise.
func (w *Writer) Ethereum(tx *world.EthereumTx) error {
	w.blocks["ethereum"][tx.Night] = tx.Height
	m := &tx.Mark
	if tx.Failed || tx.Reward || m.Stage == "" && m.Noise == "" {
		return nil
	}
	hash := ""
	if w.transfers != nil {
		hash = w.transaction(false, tx.Number)
	}
	note := func(kind, log, path string) error {
		w.mark(m)
		if w.transfers == nil {
			return nil
		}
		return w.transfers.row("ethereum", hash, kind, log, path, m.Stage, m.Noise, w.name(m.Entity))
	}
	if tx.Value > 0 {
		if err := note("native", "", ""); err != nil {
			return err
		}
	}
	for i := range tx.Calls {
		if c := &tx.Calls[i]; c.Value > 0 && !c.Failed && c.Kind == "call" {
			if err := note("internal", "", strings.ReplaceAll(c.Path, "_", ".")); err != nil {
				return err
			}
		}
	}
	for i := range tx.Logs {
		if err := note("token", strconv.Itoa(tx.FirstLog+i), ""); err != nil {
			return err
		}
	}
	return nil
}

// Bitcoin notes a transaction that is the scam's.
func (w *Writer) Bitcoin(tx *world.BitcoinTx) error {
	w.blocks["bitcoin"][tx.Night] = tx.Height
	if tx.Mark.Stage == "" && tx.Mark.Noise == "" {
		return nil
	}
	w.mark(&tx.Mark)
	if w.transfers == nil {
		return nil
	}
	return w.transfers.row("bitcoin", w.transaction(true, tx.Number), "utxo", "", "", tx.Mark.Stage, tx.Mark.Noise, w.name(tx.Mark.Entity))
}

// mark counts a movement.
func (w *Writer) mark(m *world.Mark) {
	if m.Stage != "" {
		w.stages[m.Stage]++
	}
	if m.Noise != "" {
		w.noise[m.Noise]++
	}
}

// Link implements world.Witness.
func (w *Writer) Link(f world.LinkFact) error {
	w.sums.count("links_"+f.Type, 1)
	return w.links.row(f.Type, w.chain(f.From), w.address(f.From), w.address(f.To),
		names.Asset(w.names, f.AssetIn), names.Units(f.AssetIn, f.AmountIn),
		names.Asset(w.names, f.AssetOut), names.Units(f.AssetOut, f.AmountOut),
		w.transaction(false, f.Tx), w.name(f.Controller))
}

// Victim implements world.Witness.
func (w *Writer) Victim(f world.VictimFact) error {
	chain := "ethereum"
	if f.Bitcoin {
		chain = "bitcoin"
	}
	asset, paid := w.money(f.Bitcoin, f.Asset, f.Paid)
	_, refunded := w.money(f.Bitcoin, f.Asset, f.Refunded)
	w.sums.add("paid_"+chain+"_"+asset, paid)
	w.sums.add("refunded_"+chain+"_"+asset, refunded)
	return w.victims.row(w.name(f.Victim), chain, w.address(f.Own), w.name(f.Exchange), w.name(f.Team), w.address(f.Collection),
		asset, strconv.FormatInt(f.Payments, 10), paid, refunded, strconv.FormatBool(f.Induced))
}

// Deposit implements world.Witness.
func (w *Writer) Deposit(f world.DepositFact) error {
	chain := "ethereum"
	if f.Bitcoin {
		chain = "bitcoin"
	}
	asset, amount := w.money(f.Bitcoin, f.Asset, f.Amount)
	w.sums.count("deposits", 1)
	w.sums.add("deposited_"+chain+"_"+asset, amount)
	if w.deposits == nil {
		return nil
	}
	return w.deposits.row(chain, w.address(f.From), w.address(f.Deposit), w.name(f.Exchange), w.name(f.Controller), asset, amount,
		w.transaction(f.Bitcoin, f.DepositTx), w.transaction(f.Bitcoin, f.SweepTx))
}

// Night implements world.Witness.
func (w *Writer) Night(f world.NightFact) error {
	chain := "ethereum"
	if f.Bitcoin {
		chain = "bitcoin"
	}
	asset, amount := w.money(f.Bitcoin, f.Asset, f.Amount)
	w.sums.count("alerts_"+f.Type, 1)
	if w.nights == nil {
		return nil
	}
	return w.nights.row(strconv.FormatInt(f.Night, 10), f.Type, chain, w.address(f.Address), asset, amount, w.transaction(f.Bitcoin, f.Tx))
}
