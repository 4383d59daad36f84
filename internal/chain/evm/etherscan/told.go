package etherscan

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// told collects the rows of one list until they can be told.
type told struct {
	part   *part
	list   *listing
	teller teller

	rows  []row // not told yet, in the order of their blocks
	all   int   // rows so far, idle ones left out
	pages int
	// seen are the rows of the block that was last taken from, known the
	// transactions of a list whose holes may be asked for again.
	seen   map[identity]row
	height uint64
	known  map[chain.Hash]struct{}
	facts  *facts // of all lists of the address
	sums   sums
	sent   []outgoing
	// matched counts the rows that another part tells; odd says why the list is
	// not to be believed.
	matched map[fingerprint]int
	odd     string
	// suspects are others whose lists lack what this one has.
	suspects map[chain.Address]struct{}
	// payments in tokens are those that were called for, or those that moved.
	payments map[payment]struct{}
	// unplaced says why a place could not be found.
	unplaced string
	// unpriced says that a transaction came without its fee.
	unpriced bool
}

// identity names a row, where anything does.
type identity struct {
	tx   chain.Hash
	path string
	log  uint32
}

// outgoing is a transaction that the address sent.
type outgoing struct{ nonce, height uint64 }

func newTold(p *part, l *listing, f *facts, emit func(*chain.Transfer) error) *told {
	t := &told{part: p, list: l, facts: f, teller: teller{kinds: p.kinds, emit: emit}, seen: map[identity]row{}, matched: map[fingerprint]int{}, suspects: map[chain.Address]struct{}{}, payments: map[payment]struct{}{}}
	if t.numbered() {
		t.known = map[chain.Hash]struct{}{}
	}
	return t
}

// numbered reports whether the rows are transactions, which their sender counts.
func (t *told) numbered() bool { return t.list.action == transactions().action }

// take adds rows. A row that was there before is dropped if it says the same
// and is a contradiction if it does not.
func (t *told) take(rows []row) error {
	t.pages++
	for i := range rows {
		r := &rows[i]
		fresh, err := t.fresh(r)
		if err != nil {
			return err
		}
		if !fresh {
			continue
		}
		t.rows = append(t.rows, *r)
		t.facts.learn(r, t.part.address)
		t.part.share(t, r)
		t.note(r)
		if !r.idle {
			t.all++
		}
		if t.numbered() && !r.genesis {
			t.known[r.tx.Hash] = struct{}{}
			if r.sentBy(t.part.address) {
				t.sent = append(t.sent, outgoing{r.nonce, r.tx.Pos.Height})
			}
			t.unpriced = t.unpriced || r.from == t.part.address && !r.feeKnown
		}
	}
	return nil
}

// fresh reports whether a row was not there before. Rows that nothing names are
// always fresh: pages were laid over each other already.
func (t *told) fresh(r *row) (bool, error) {
	if r.genesis || r.asset != "" && !r.logKnown {
		return true, nil
	}
	if r.tx.Pos.Height != t.height {
		t.height = r.tx.Pos.Height
		clear(t.seen)
	}
	id := identity{tx: r.tx.Hash, path: r.path, log: r.log}
	had, ok := t.seen[id]
	if !ok {
		t.seen[id] = *r
		return true, nil
	}
	if had != *r && !had.idle && !r.idle {
		return false, fmt.Errorf("%w: %s tells two different rows of transaction %s in %s",
			chain.ErrContradiction, t.part.server.name, r.tx.Hash.Text(chain.Account), t.list.action)
	}
	return false, nil
}

// flush tells the rows that are there; those of the last block only if it is
// known to be whole.
func (t *told) flush(ctx context.Context, whole bool) error {
	ready := t.ready(whole)
	if t.list.whole {
		settle(ready)
	}
	for i := range ready {
		r := &ready[i]
		t.sums.add(r, t.part.address)
		if r.idle {
			continue
		}
		var err error
		if t.teller.shared, err = t.part.toldByOther(ctx, t, r); err != nil {
			return err
		}
		if err := t.locate(ctx, r); err != nil {
			return err
		}
		if err := t.list.tell(r, t.part.address, &t.teller); err != nil {
			return err
		}
	}
	t.rows = slices.Delete(t.rows, 0, len(ready))
	return nil
}

// locate finds a row's place in its block if that is wanted.
func (t *told) locate(ctx context.Context, r *row) error {
	if !t.part.server.set.place || t.teller.shared || r.tx.Pos.Index != chain.UnknownIndex || r.failed || r.undone || r.value.IsZero() {
		return nil
	}
	if known := t.facts.txs[r.tx.Hash]; known.index != chain.UnknownIndex {
		r.tx.Pos.Index = known.index
		return nil
	}
	index, err := t.part.server.place(ctx, t.part.pin, r)
	if err != nil {
		reason, ok := t.part.server.excuse("where transactions stand in their blocks", err)
		if !ok {
			return err
		}
		t.unplaced = reason
		return nil
	}
	r.tx.Pos.Index = index
	t.facts.learn(r, t.part.address)
	return nil
}

// drop forgets the rows that could be told.
func (t *told) drop() { t.rows = slices.Delete(t.rows, 0, len(t.ready(false))) }

// ready are the rows of whole blocks.
func (t *told) ready(whole bool) []row {
	n := len(t.rows)
	if !whole && n > 0 {
		last := t.rows[n-1].tx.Pos.Height
		n = slices.IndexFunc(t.rows, func(r row) bool { return r.tx.Pos.Height == last })
	}
	return t.rows[:n]
}

// counted is how many transfers the rows that wait are.
func counted(lists ...*told) int {
	n := 0
	for _, t := range lists {
		if t.list.whole {
			settle(t.rows)
		}
		counter := teller{kinds: t.part.kinds, emit: func(*chain.Transfer) error { n++; return nil }}
		for i := range t.rows {
			if !t.rows[i].idle {
				_ = t.list.tell(&t.rows[i], t.part.address, &counter) // it was read once; counting does not fail
			}
		}
	}
	return n
}

// gaps are what the rows themselves lack.
func (t *told) gaps() []chain.Gap {
	var gaps []chain.Gap
	if t.unpriced && t.part.kinds.has(chain.Fee) {
		gaps = append(gaps, chain.Gap{
			Address: t.part.address, Kind: chain.Fee, Span: t.part.span, Effect: chain.Missing,
			Reason: t.part.server.name + " lists transactions without what they cost",
		})
	}
	if t.unplaced != "" {
		gaps = append(gaps, t.part.unproved(t, t.unplaced)...)
	}
	if t.odd != "" {
		gaps = append(gaps, t.part.unproved(t, t.odd)...)
	}
	for _, other := range slices.Sorted(maps.Keys(t.suspects)) {
		suspect := &part{plan: t.part.plan, address: other}
		gaps = append(gaps, suspect.unproved(t, t.part.onesided())...)
	}
	return gaps
}
