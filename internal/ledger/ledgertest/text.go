package ledgertest

import (
	"fmt"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// Text writes a book, a line for each transfer, in its order.
func Text(b *ledger.Book) string {
	var out strings.Builder
	for i := range b.Len() {
		out.WriteString(Line(b, b.At(i)) + "\n")
	}
	return out.String()
}

// Line writes one transfer as Parse reads it.
func Line(b *ledger.Book, t ledger.Transfer) string {
	tx := b.Tx(t.Tx)
	place := fmt.Sprintf("h=%d i=%d", tx.Pos.Height, tx.Pos.Index)
	if tx.Pos.Index == chain.UnknownIndex {
		place = fmt.Sprintf("h=%d i=?", tx.Pos.Height)
	}
	flags := ""
	if tx.Time != int64(tx.Pos.Height) {
		flags += fmt.Sprintf(" time=%d", tx.Time)
	}
	switch tx.Status {
	case chain.Failed:
		flags += " failed"
	case chain.StatusUnknown:
		flags += " unsure"
	case chain.Succeeded:
	}
	if t.Inexact {
		flags += " inexact"
	}
	if b.Chain().Family == chain.UTXO {
		return fmt.Sprintf("%s %s%s: %s -> %s", TxName(tx.Hash), place, flags, inputs(b, t), outputs(b, t))
	}
	if name := TxName(tx.Hash); name != placeName(tx.Pos) {
		flags = " tx=" + name + flags
	}
	payer, payee, amount := "reward", "fee", ""
	if t.First < t.Mid {
		payer, amount = party(b, t.First), value(b.Entry(t.First))
	}
	if t.Mid < t.End {
		payee, amount = party(b, t.Mid), value(b.Entry(t.Mid))
	}
	switch {
	case t.Kind == chain.Internal:
		flags = " trace=" + strings.Trim(strings.ReplaceAll(fmt.Sprint(b.Path(t)), " ", "."), "[]") + flags
	case t.Kind == chain.Reward && t.Ordinal > 0:
		flags = fmt.Sprintf(" n=%d%s", t.Ordinal, flags)
	case t.Kind == chain.Token && t.Ordinal > 0:
		flags = fmt.Sprintf(" log=%d%s", t.Ordinal, flags)
	}
	return fmt.Sprintf("%s %s -> %s %s %s%s", place, payer, payee, amount, assetName(b.Asset(t.Asset)), flags)
}

func party(b *ledger.Book, e ledger.EntryID) string {
	id := b.Entry(e).Address
	name := Name(b.Chain().Family, b.Text(id))
	if b.Contract(id) && name != "null" {
		name += "!"
	}
	return name
}

func value(e ledger.Entry) string {
	if !e.Known {
		return "?"
	}
	return e.Amount.Dec()
}

func inputs(b *ledger.Book, t ledger.Transfer) string {
	var out []string
	for e := t.First; e < t.Mid; e++ {
		x, doubt := b.Entry(e), ""
		if x.Spends == ledger.NoEntry {
			doubt = "?"
		}
		out = append(out, fmt.Sprintf("%s:%d%s(%s %s)", TxName(b.SpentTx(e)), b.SpentIndex(e), doubt, party(b, e), value(x)))
	}
	if len(out) == 0 {
		return "coinbase"
	}
	return strings.Join(out, " + ")
}

func outputs(b *ledger.Book, t ledger.Transfer) string {
	var out []string
	for e := t.Mid; e < t.End; e++ {
		x, place := b.Entry(e), ""
		if x.Index != uint32(e-t.Mid) {
			place = fmt.Sprintf(" @%d", x.Index)
		}
		out = append(out, fmt.Sprintf("%s %s%s", party(b, e), value(x), place))
	}
	return strings.Join(out, ", ")
}
