package replay

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/scamtrace/scamtrace/internal/synth"
	"github.com/scamtrace/scamtrace/internal/synth/names"
	"github.com/scamtrace/scamtrace/internal/synth/rows"
	"github.com/scamtrace/scamtrace/internal/synth/truth"
	"github.com/scamtrace/scamtrace/internal/synth/world"
)

// address is a party's, and its chain.
func (r *Replay) address(p world.Party) (chain, address string) {
	if r.World.Parties().Bitcoin(p) {
		return bitcoinName, r.Names.Bitcoin(p).Address
	}
	a := r.Names.Ethereum(p)
	return ethereumName, names.Hex(a[:])
}

// WritePublic writes seeds.csv and labels.csv, what the public knows of the play,
// into a folder. Seeds with typing errors are left out.
func (r *Replay) WritePublic(dir string) error {
	public := r.World.Public()
	seeds := [][]string{{"chain", "address", "role", "tx_hash", "amount"}}
	for _, s := range public.Seeds {
		if s.Verdict == truth.Typo || s.Verdict == truth.WrongChain {
			continue
		}
		chain, address := r.address(s.Party)
		row := []string{chain, address, s.Role, "", ""}
		switch {
		case s.Role != "victim_tx":
		case chain == bitcoinName:
			h := r.Names.BitcoinTransaction(s.Tx)
			row[3], row[4] = fmt.Sprintf("%x", h), fmt.Sprint(s.Amount)
		default:
			h := r.Names.Transaction(s.Tx)
			row[3], row[4] = names.Hex(h[:]), names.Units(s.Token, s.Amount)
		}
		seeds = append(seeds, row)
	}
	labels := [][]string{{"chain", "address", "label", "category", "source"}}
	for _, l := range public.Labels {
		if synth.Known(l) {
			chain, address := r.address(l.Party)
			labels = append(labels, []string{chain, address, l.Label, l.Category, "synthetic"})
		}
	}
	return errors.Join(write(dir, "seeds.csv", seeds), write(dir, "labels.csv", labels))
}

func write(dir, name string, lines [][]string) error {
	f, err := os.Create(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	return errors.Join(csv.NewWriter(f).WriteAll(lines), f.Close())
}

// WriteTruth writes the truth of the play in the names of the chains, as `scamtrace
// synth` does, into a folder. Bitcoin is called bitcoin there.
func (r *Replay) WriteTruth(dir string, benign bool) error {
	w, err := truth.New(dir, r.Names, r.World.Parties(), truth.Parts{Transfers: true, Deposits: true, Nights: true})
	if err != nil {
		return err
	}
	defer w.Abandon()
	if err := r.Retell(w); err != nil {
		return err
	}
	start, _ := r.World.Span()
	all, scam := r.World.Written()
	return w.Close(truth.End{Public: r.World.Public(), Start: start, Benign: benign, Rows: all, Scam: scam})
}

// WriteRows writes the chains of the play into a folder as `scamtrace synth`
// does, in tables for people, with the names that they have on the nodes.
func (r *Replay) WriteRows(dir string, tables []string) error {
	w := rows.New(dir, tables, rows.CSV, r.Names)
	defer w.Abandon()
	sink := struct {
		*rows.Writer
		deaf
	}{Writer: w}
	return errors.Join(r.Retell(sink), w.Close())
}

// Assets are ether and the contracts of the tokens that are what they say they
// are, as cases name them.
func (r *Replay) Assets() []string {
	return slices.Collect(func(yield func(string) bool) {
		for t := world.Ether; t <= world.WBTC && yield(names.Asset(r.Names, t)); t++ {
		}
	})
}
