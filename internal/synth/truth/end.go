package truth

import (
	"errors"
	"strconv"

	"github.com/scamtrace/scamtrace/internal/synth/world"
)

// End is what is known when a play is over.
type End struct {
	Public world.Public
	// Start is the second since 1970 from which parties count.
	Start int64
	// Benign says whether the crowd's addresses are told.
	Benign bool
	// Rows and Scam are the rows of the set, and those that are the scam's.
	Rows, Scam int64
}

// Close writes the addresses and what the public's statements are worth, and
// closes all files.
func (w *Writer) Close(e End) error {
	w.sums.count("rows", e.Rows)
	w.sums.count("rows_scam", e.Scam)
	for stage, n := range w.stages { // sums are sorted when they are written
		w.sums.count("transfers_stage_"+stage, n)
	}
	for noise, n := range w.noise {
		w.sums.count("transfers_noise_"+noise, n)
	}
	err := errors.Join(w.writeAddresses(e), w.writeBlocks(), w.writeSeeds(e.Public.Seeds), w.writeLabels(e.Public.Labels))
	for _, s := range w.sheets() {
		err = errors.Join(err, s.close())
	}
	return errors.Join(err, w.sums.write(w.dir))
}

// writeAddresses tells every address that was ever active.
func (w *Writer) writeAddresses(e End) error {
	f, err := open(w.dir, "addresses", "chain", "address", "role", "controller", "exchange", "valid_from", "valid_to")
	if err != nil {
		return err
	}
	for n := 1; n < w.parties.Len() && err == nil; n++ {
		p := world.Party(n)
		role := w.parties.Role(p)
		first, last := w.parties.Seen(p)
		if first < 0 || role == world.NoRole || role == world.Benign && !e.Benign {
			continue
		}
		w.sums.count("addresses_"+role.String(), 1)
		err = f.row(w.chain(p), w.address(p), role.String(), w.name(w.parties.Controller(p)), w.name(w.parties.Exchange(p)),
			clock(e.Start+first), clock(e.Start+last))
	}
	return errors.Join(err, f.close())
}

// writeBlocks tells the last block of each night, by chain: a set can be read
// night after night.
func (w *Writer) writeBlocks() error {
	f, err := open(w.dir, "night_blocks", "night", "chain", "last_block")
	if err != nil {
		return err
	}
	for _, chain := range []string{"bitcoin", "ethereum"} {
		last := int64(0)
		for night := int64(1); night <= world.Nights && err == nil; night++ {
			if last = max(last, w.blocks[chain][night]); last > 0 {
				err = f.row(strconv.FormatInt(night, 10), chain, strconv.FormatInt(last, 10))
			}
		}
	}
	return errors.Join(err, f.close())
}

func (w *Writer) writeSeeds(seeds []world.Seed) error {
	f, err := open(w.dir, "seeds", "chain", "address", "verdict")
	if err != nil {
		return err
	}
	for _, s := range seeds {
		w.sums.count("seeds_"+s.Verdict, 1)
		chain, address := w.Listed(s)
		err = errors.Join(err, f.row(chain, address, s.Verdict))
	}
	return errors.Join(err, f.close())
}

func (w *Writer) writeLabels(labels []world.Label) error {
	f, err := open(w.dir, "labels_timeline", "chain", "address", "label", "category", "event", "at")
	if err != nil {
		return err
	}
	for _, l := range labels {
		w.sums.count("labels_"+l.Event, 1)
		err = errors.Join(err, f.row(w.chain(l.Party), w.address(l.Party), l.Label, l.Category, l.Event, clock(l.At)))
	}
	return errors.Join(err, f.close())
}
