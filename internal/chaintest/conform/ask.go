package conform

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// Answer is what a source told for a question.
type Answer struct {
	Transfers []chain.Transfer
	Gaps      []chain.Gap
}

// Ask plans a question and asks its parts in order. What it returns is copied.
func Ask(ctx context.Context, s chain.Source, q chain.Question) (Answer, error) {
	parts, err := s.Plan(ctx, q)
	if err != nil {
		return Answer{}, err
	}
	var all Answer
	for _, p := range parts {
		a, err := askPart(ctx, p)
		if err != nil {
			return Answer{}, err
		}
		all.Transfers = append(all.Transfers, a.Transfers...)
		all.Gaps = append(all.Gaps, a.Gaps...)
	}
	return all, nil
}

func askPart(ctx context.Context, p chain.Part) (Answer, error) {
	var a Answer
	gaps, err := p.Ask(ctx, func(t *chain.Transfer) error {
		a.Transfers = append(a.Transfers, clone(t))
		return nil
	})
	a.Gaps = slices.Clone(gaps)
	return a, err
}

// clone is a copy that lives on after emit.
func clone(t *chain.Transfer) chain.Transfer {
	c := *t
	c.Path, c.In, c.Out = slices.Clone(t.Path), slices.Clone(t.In), slices.Clone(t.Out)
	return c
}

// Set makes addresses a question's.
func Set(list ...chain.Address) map[chain.Address]struct{} {
	m := make(map[chain.Address]struct{}, len(list))
	for _, a := range list {
		m[a] = struct{}{}
	}
	return m
}

// identity is what names a transfer.
func identity(t *chain.Transfer) string {
	return fmt.Sprintf("%x %s %d %v", t.Tx.Hash, t.Kind, t.Ordinal, t.Path)
}

// Line writes a transfer with all that is told of it.
func Line(t *chain.Transfer) string {
	side := func(entries []chain.Entry) string {
		var out []string
		for _, e := range entries {
			amount := e.Amount.Dec()
			if e.AmountUnknown {
				amount = "?"
			}
			word := fmt.Sprintf("%s:%s", e.Address, amount)
			if e.Spends != (chain.Outpoint{}) {
				word += fmt.Sprintf("<%x:%d", e.Spends.Tx, e.Spends.Index)
			}
			if e.Index != 0 {
				word += fmt.Sprintf("@%d", e.Index)
			}
			if e.Contract {
				word += "!"
			}
			out = append(out, word)
		}
		return strings.Join(out, "+")
	}
	line := fmt.Sprintf("%d.%d %d %x %s %s %d %v %s: %s -> %s", t.Tx.Pos.Height, t.Tx.Pos.Index, t.Tx.Time, t.Tx.Hash, status(t.Tx.Status),
		t.Kind, t.Ordinal, t.Path, t.Asset, side(t.In), side(t.Out))
	if t.Inexact {
		line += " inexact"
	}
	return line
}

func status(s chain.Status) string { return [...]string{"unsure", "succeeded", "failed"}[s] }

// lines are the transfers as text, in their order; those that keep refuses are
// left out.
func lines(transfers []chain.Transfer, keep func(*chain.Transfer) bool) []string {
	out := []string{}
	for i := range transfers {
		if keep == nil || keep(&transfers[i]) {
			out = append(out, Line(&transfers[i]))
		}
	}
	return out
}

// sorted are the transfers as text, sorted, each once.
func sorted(transfers []chain.Transfer, keep func(*chain.Transfer) bool) []string {
	out := lines(transfers, keep)
	slices.Sort(out)
	return slices.Compact(out)
}

// loose is sorted without what another transfer may tell of the transaction:
// its place in the block and its status. The ledger puts that together.
func loose(transfers []chain.Transfer, keep func(*chain.Transfer) bool) []string {
	copied := slices.Clone(transfers)
	for i := range copied {
		copied[i].Tx.Pos.Index, copied[i].Tx.Status = chain.UnknownIndex, chain.StatusUnknown
	}
	return sorted(copied, keep)
}

// touches reports whether a transfer names one of the addresses. One without
// entries only tells its transaction, and touches whoever asked.
func touches(t *chain.Transfer, addresses map[chain.Address]struct{}) bool {
	for _, side := range [][]chain.Entry{t.In, t.Out} {
		for _, e := range side {
			if _, ok := addresses[e.Address]; ok {
				return true
			}
		}
	}
	return false
}

// Book asks a question and seals the answer as a book.
func Book(ctx context.Context, c chain.Chain, s chain.Source, q chain.Question) (*ledger.Book, []chain.Gap, error) {
	a, err := Ask(ctx, s, q)
	if err != nil {
		return nil, nil, err
	}
	l := ledger.New(c)
	for i := range a.Transfers {
		if err := l.Add(&a.Transfers[i]); err != nil {
			return nil, nil, err
		}
	}
	b, err := l.Seal(nil)
	return b, a.Gaps, err
}
