package conform

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// Dump writes a book as text, a line for each transfer in chain order, with all
// that the tables are made from. Equal books have equal dumps.
func Dump(b *ledger.Book) string { return strings.Join(Rows(b), "\n") + "\n" }

// Rows are the lines of Dump.
func Rows(b *ledger.Book) []string {
	out := make([]string, b.Len())
	for i := range out {
		out[i] = row(b, b.At(i))
	}
	return out
}

func row(b *ledger.Book, t ledger.Transfer) string {
	tx := b.Tx(t.Tx)
	family := b.Chain().Family
	var w strings.Builder
	fmt.Fprintf(&w, "%d.%d %d %s %s %s", tx.Pos.Height, tx.Pos.Index, tx.Time, tx.Hash.Text(family), status(tx.Status), t.Kind)
	if t.Kind == chain.Internal {
		fmt.Fprintf(&w, " %v", b.Path(t))
	} else {
		fmt.Fprintf(&w, " %d", t.Ordinal)
	}
	fmt.Fprintf(&w, " %s:", b.Asset(t.Asset))
	for e := t.First; e < t.End; e++ {
		if e == t.Mid {
			w.WriteString(" ->")
		}
		x := b.Entry(e)
		amount := "?"
		if x.Known {
			amount = x.Amount.Dec()
		}
		fmt.Fprintf(&w, " %s %s", b.Text(x.Address), amount)
		if family == chain.UTXO {
			fmt.Fprintf(&w, " @%d", x.Index)
			if e < t.Mid {
				fmt.Fprintf(&w, " of %s:%d", b.SpentTx(e).Text(family), b.SpentIndex(e))
			}
		}
		if b.Contract(x.Address) {
			w.WriteString("!")
		}
	}
	if t.Inexact {
		w.WriteString(" inexact")
	}
	return w.String()
}

// SameBooks fails a test unless two books are equal, and shows the first
// differences.
func SameBooks(t testing.TB, want, have *ledger.Book) {
	t.Helper()
	missing, extra := Differences(Rows(want), Rows(have))
	if len(missing)+len(extra) == 0 {
		if Dump(want) != Dump(have) {
			t.Fatal("the books have the same rows in another order")
		}
		return
	}
	t.Fatalf("the books differ: %d rows are missing of %d, %d are there that should not be\n- %s\n+ %s",
		len(missing), want.Len(), len(extra), strings.Join(first(missing), "\n- "), strings.Join(first(extra), "\n+ "))
}

// first are the lines that a person would read.
func first(lines []string) []string {
	const most = 6
	if len(lines) > most {
		lines = append(slices.Clone(lines[:most]), fmt.Sprintf("and %d more", len(lines)-most))
	}
	return lines
}

// Differences are the lines of one list that the other does not have, as often
// as they occur.
func Differences(want, have []string) (missing, extra []string) {
	count := map[string]int{}
	for _, l := range have {
		count[l]++
	}
	for _, l := range want {
		if count[l] == 0 {
			missing = append(missing, l)
			continue
		}
		count[l]--
	}
	for _, l := range have {
		if count[l] > 0 {
			count[l]--
			extra = append(extra, l)
		}
	}
	return missing, extra
}
