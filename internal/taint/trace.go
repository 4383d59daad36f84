package taint

import (
	"fmt"
	"iter"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// Trace walks the book once, in chain order, and follows every source by the
// method. It is safe to run several traces of one book at the same time. The
// error wraps ErrNotConserved if units were lost or made; other errors are those
// of the sink, or an input that does not belong to the book.
func Trace(in Input, m Method, to Sink) (Result, error) {
	p, err := Prepare(in)
	if err != nil {
		return Result{}, err
	}
	return p.Trace(m, to)
}

// Prepared is an input that was surveyed, ready for any number of traces. It is
// read-only and safe for concurrent use.
type Prepared struct {
	in       Input
	roles    roles
	sizes    []size
	accounts *accounts // of an account chain
}

// Prepare does once what all methods need: it finds out which addresses taint can
// reach at all and which assets fit.
func Prepare(in Input) (*Prepared, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	p := &Prepared{in: in, roles: newRoles(&in)}
	p.sizes = survey(&in, p.roles)
	if in.Book.Chain().Family == chain.Account {
		p.accounts = newAccounts(in.Book, p.roles)
	}
	return p, nil
}

// Trace is described at the function Trace.
func (p *Prepared) Trace(m Method, to Sink) (Result, error) {
	if m.rule.take == nil {
		return Result{}, fmt.Errorf("taint: method %q is not one of Methods", m.Name)
	}
	in := p.in
	t := &tracer{
		Input: in, book: in.Book, rule: m.rule, to: to, seeds: newSeeds(&in), roles: p.roles, accounts: p.accounts,
		oversized: slices.Clone(p.sizes), ends: map[place]chain.Amount{}, flows: map[uint64]*flow{},
		sums: make([]chain.Amount, len(in.Sources)),
	}
	if err := t.walk(); err != nil {
		return Result{}, err
	}
	return t.result(m.Conserves)
}

// walk does every transfer of the book, in order.
func (t *tracer) walk() error {
	if t.book.Chain().Family == chain.UTXO {
		t.coins = make([]uint32, t.book.Entries())
		for i := range t.book.Len() {
			if x := t.book.At(i); t.fits(x) {
				if err := t.transaction(x); err != nil {
					return err
				}
			}
		}
		return nil
	}
	t.held = make([]holding, len(t.accounts.asset))
	near := 0 // the first transfer that was not approached
	for first, end := range transactions(t.book) {
		if first >= near {
			near = t.approach(first)
		}
		if err := t.group(first, end); err != nil {
			return err
		}
	}
	return nil
}

// transactions yields the first transfer of each transaction and that of the
// next one.
func transactions(b *ledger.Book) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		for first, n := 0, b.Len(); first < n; {
			end, tx := first+1, b.At(first).Tx
			for end < n && b.At(end).Tx == tx {
				end++
			}
			if !yield(first, end) {
				return
			}
			first = end
		}
	}
}

// tracer is one run of one method.
type tracer struct {
	Input
	book  *ledger.Book
	rule  rule
	to    Sink
	seeds seeds
	roles roles
	store
	accounts  *accounts // of an account chain
	held      []holding // of each account
	coins     []uint32  // of a UTXO chain: the holding of each unspent tainted output
	temporary holding   // of a UTXO chain: what the inputs of a transaction put in
	oversized []size
	ends      map[place]chain.Amount
	flows     map[uint64]*flow
	unsplit   []Unsplit
	// Buffers, so that a transfer allocates nothing.
	amount chain.Amount
	entry  ledger.Entry
	lots   []lot
	inputs []lot
	sums   []chain.Amount // by source, zero between uses
	seen   []int          // the sources that have a sum
	done   []bool         // the transfers of a transaction that are done
	near   uint32         // see approach
}

// source is the number of the source that a code stands for; ok is false for
// clean units.
func (t *tracer) source(code uint32) (number int, ok bool) {
	return int(code) - 1, code != clean && int(code) <= len(t.Sources)
}

func code(source int) uint32 { return uint32(source) + 1 }

func (t *tracer) anyTaint(lots []lot) bool {
	for i := range lots {
		if _, ok := t.source(lots[i].code); ok {
			return true
		}
	}
	return false
}
