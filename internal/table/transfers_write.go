package table

import (
	"context"
	"strconv"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// WriteTransfers writes transfers from to to-1 of the book as one part. Parts
// of one book may be written concurrently.
func WriteTransfers(ctx context.Context, f Folder, part int, b *ledger.Book, from, to int) (File, error) {
	s, err := newSheet[Transfer](f, part)
	if err != nil {
		return File{}, err
	}
	s.of(b)
	for i := from; i < to; i++ {
		t := b.At(i)
		putTransfer(s, b, &t)
		if err := s.end(ctx); err != nil {
			return File{}, s.fail(err)
		}
	}
	return s.close(ctx)
}

func putTransfer(s *sheet[Transfer], b *ledger.Book, t *ledger.Transfer) {
	s.text(b.Chain().Name)
	s.int(int64(b.Height(t.Tx)))
	s.int(b.Seconds(t.Tx) * 1_000_000)
	s.hash(t.Tx)
	if index := b.Index(t.Tx); index == chain.UnknownIndex {
		s.null()
	} else {
		s.int(int64(index))
	}
	s.text(t.Kind.String())
	putOrdinal(s, t)
	putTrace(s, t)
	s.asset(t.Asset)
	if t.Kind == chain.Output {
		putTransaction(s, b, t)
		return
	}
	var amount chain.Amount
	if t.First < t.Mid {
		e := b.Entry(t.First)
		amount = e.Amount
		s.address(e.Address)
	} else {
		s.null()
	}
	if t.Mid < t.End {
		e := b.Entry(t.Mid)
		amount = e.Amount
		s.address(e.Address)
	} else {
		s.null()
	}
	s.amount(&amount)
	s.bool(!t.Inexact)
	for range 4 {
		s.null()
	}
}

// putTransaction writes what a Bitcoin transaction has instead of two addresses
// and an amount.
func putTransaction(s *sheet[Transfer], b *ledger.Book, t *ledger.Transfer) {
	in, inKnown := sum(b, t.First, t.Mid)
	out, outKnown := sum(b, t.Mid, t.End)
	s.null()
	s.null()
	s.amount(&out)
	s.bool(outKnown && !t.Inexact)
	s.int(int64(t.Mid - t.First))
	s.int(int64(t.End - t.Mid))
	coinbase := t.First == t.Mid
	s.amountUnless(coinbase || !inKnown || !outKnown, in.Sub(&in, &out))
}

// sum adds up the entries that are known; false where one is not.
func sum(b *ledger.Book, from, to ledger.EntryID) (total chain.Amount, known bool) {
	known = true
	for id := from; id < to; id++ {
		e := b.Entry(id)
		if !e.Known {
			known = false
			continue
		}
		total.Add(&total, &e.Amount)
	}
	return total, known
}

// putOrdinal writes log_index.
func putOrdinal[T Row[T]](s *sheet[T], t *ledger.Transfer) {
	if t.Kind != chain.Token && t.Kind != chain.Reward {
		s.null()
		return
	}
	s.int(int64(t.Ordinal))
}

// putTrace writes trace_address: 0.2.1.
func putTrace[T Row[T]](s *sheet[T], t *ledger.Transfer) {
	if t.Kind != chain.Internal {
		s.null()
		return
	}
	c := s.next()
	at := c.begin()
	for i, n := range s.book.Path(*t) {
		if i > 0 {
			c.data = append(c.data, '.')
		}
		c.data = strconv.AppendUint(c.data, uint64(n), 10)
	}
	c.done(at)
}
