package job

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
	"github.com/scamtrace/scamtrace/internal/table"
)

// coverage says, for every kind of movement asked, what the source told whole,
// and lists every gap of the source, the crawl and the traces.
func (t *trail) coverage() []table.Coverage {
	row := func(address chain.Address, kind, reason string, span chain.Span) table.Coverage {
		return table.Coverage{
			Chain: t.chain.Name, Source: t.driver, Address: string(address), Kind: kind,
			FromBlock: int64(span.From), ToBlock: int64(span.To), Complete: reason == "", Reason: reason,
		}
	}
	var rows []table.Coverage
	missing := map[chain.Kind]bool{}
	for _, g := range t.crawl.Gaps {
		if g.Address == "" {
			missing[g.Kind] = true
		}
		rows = append(rows, row(g.Address, g.Kind.String(), g.Reason, g.Span))
	}
	for _, k := range t.kinds {
		if !missing[k] {
			rows = append(rows, row("", k.String(), "", t.span))
		}
	}
	if t.span.From > 0 {
		rows = append(rows, row("", "", fmt.Sprintf(
			"what accounts held before block %d (crawl.from_block) is not known: the methods that conserve see only what came after", t.span.From),
			chain.Span{From: 0, To: t.span.From - 1}))
	}
	if t.wanted > t.span.To {
		rows = append(rows, row("", "", fmt.Sprintf("crawl.to_block is %d, and the newest final block is %d", t.wanted, t.span.To),
			chain.Span{From: t.span.To + 1, To: t.wanted}))
	}
	for _, s := range t.crawl.Missing {
		rows = append(rows, row(s.Address, "", fmt.Sprintf("the source has no payment %s to this seed; nothing was followed from it",
			s.Payment.Text(t.chain.Family)), t.span))
	}
	if n := t.budgeted(); n > 0 {
		rows = append(rows, row("", "", fmt.Sprintf("crawl.budget was reached: %d addresses were met and not asked", n), t.span))
	}
	rows = append(rows, t.traceGaps(row)...)
	slices.SortFunc(rows, func(a, b table.Coverage) int {
		return cmp.Or(cmp.Compare(a.Address, b.Address), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.FromBlock, b.FromBlock), cmp.Compare(a.Reason, b.Reason))
	})
	return slices.Compact(rows)
}

// budgeted counts the addresses that the budget kept from being asked.
func (t *trail) budgeted() (n int) {
	for _, v := range t.crawl.Visits {
		if v.Stop == "budget" {
			n++
		}
	}
	return n
}

// traceGaps are the accounts whose money could not be told exactly.
func (t *trail) traceGaps(row func(chain.Address, string, string, chain.Span) table.Coverage) []table.Coverage {
	type account struct {
		address ledger.AddressID
		asset   ledger.AssetID
	}
	opening := map[account]chain.Amount{}
	note := func(a account, amount *chain.Amount) {
		if had := opening[a]; had.Lt(amount) {
			opening[a] = *amount
		}
	}
	var rows []table.Coverage
	for _, byCase := range t.traces {
		for k := range byCase {
			one := &byCase[k]
			if !one.method.Conserves {
				continue
			}
			for i := range one.result.Unknown {
				u := &one.result.Unknown[i]
				note(account{u.Address, u.Asset}, &u.Amount)
			}
			for key, amount := range one.opening {
				if id, ok := t.book.Find(one.seeds[key.source].Address); ok {
					note(account{id, key.asset}, &amount)
				}
			}
			for _, u := range one.result.Unsplit {
				if u.Reason == "unknown amount" {
					rows = append(rows, row(t.book.Text(t.book.Entry(u.Entry).Address), chain.Output.String(),
						"traced value entered a transaction with an input of unknown amount and was not followed through it", t.span))
				}
			}
			for _, a := range one.result.Oversized {
				rows = append(rows, row("", chain.Token.String(), fmt.Sprintf("%s was not traced: its amounts add up to more than 2^256-1", t.book.Asset(a)), t.span))
			}
		}
	}
	for a, amount := range opening {
		rows = append(rows, row(t.book.Text(a.address), "", fmt.Sprintf(
			"opening balance unknown: it paid %s of %s more than the source shows it to receive", amount.Dec(), t.book.Asset(a.asset)), t.span))
	}
	return rows
}
