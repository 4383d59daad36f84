package label

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Book holds every label by chain and address. It keeps all of them: where
// labels disagree, the winner is found by a fixed rule and the losers are
// shown beside it. A Book does not change after it was made.
type Book struct {
	// labels are in the order of chain, address and rank.
	labels []Label
	// at is where an address's labels begin and end.
	at    map[bookKey]span
	stops Stops
}

type bookKey struct {
	chain   chain.ID
	address chain.Address
}

type span struct{ begin, end int }

// NewBook makes a book of labels in any order; the order does not change the
// book. The same statement twice, whatever its file and line, is kept once.
func NewBook(labels []Label, stops Stops) *Book {
	b := &Book{labels: slices.Clone(labels), at: map[bookKey]span{}, stops: stops}
	slices.SortFunc(b.labels, b.compare)
	b.labels = slices.CompactFunc(b.labels, sameStatement)
	for i := range b.labels {
		key := bookKey{b.labels[i].Chain.ID, b.labels[i].Address}
		s, ok := b.at[key]
		if !ok {
			s.begin = i
		}
		s.end = i + 1
		b.at[key] = s
	}
	return b
}

// compare orders labels by chain and address, and those of one address by
// rank: the surer first; of equally sure ones those that stop a trail, in the
// order of StopRules; then by source and text, and last by where they stand.
func (b *Book) compare(x, y Label) int {
	if c := cmp.Or(cmp.Compare(x.Chain.ID, y.Chain.ID), cmp.Compare(x.Address, y.Address),
		cmp.Compare(y.Confidence, x.Confidence)); c != 0 {
		return c
	}
	return cmp.Or(
		cmp.Compare(b.ruleRank(x), b.ruleRank(y)),
		strings.Compare(x.Source, y.Source), strings.Compare(x.Label, y.Label),
		strings.Compare(x.Category, y.Category), strings.Compare(x.Actor, y.Actor),
		strings.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line))
}

func (b *Book) ruleRank(l Label) int {
	if i := slices.Index(StopRules(), b.stops.Rule(l.Category)); i >= 0 {
		return i
	}
	return len(StopRules())
}

func sameStatement(x, y Label) bool {
	x.File, x.Line = y.File, y.Line
	return x == y
}

// Labels are all labels of an address, the winner first. The slice is the
// book's own and must not be changed.
func (b *Book) Labels(c chain.ID, a chain.Address) []Label {
	s := b.at[bookKey{c, a}]
	return b.labels[s.begin:s.end:s.end]
}

// Winner is the label to show for an address.
func (b *Book) Winner(c chain.ID, a chain.Address) (Label, bool) {
	all := b.Labels(c, a)
	if len(all) == 0 {
		return Label{}, false
	}
	return all[0], true
}

// Stop is the rule by which labels end the trail at an address, and the label
// that says so; the rule is empty if none does. It is the first label by rank
// whose category has a rule, even if a surer label says something else of the
// address: a sanctioned exchange is still an exchange, and to follow an
// exchange's money accuses its customers. Only a label of confidence Certain
// decides alone, so that an investigator can override.
func (b *Book) Stop(c chain.ID, a chain.Address) (rule string, by Label) {
	for _, l := range b.Labels(c, a) {
		if rule := b.stops.Rule(l.Category); rule != "" {
			return rule, l
		}
		if l.Confidence >= Certain {
			break
		}
	}
	return "", Label{}
}

// Rule is the stop rule of one label, empty for none.
func (b *Book) Rule(l Label) string { return b.stops.Rule(l.Category) }

// Conflict reports whether the labels of an address disagree about what it is:
// two rules that would stop a trail, or two actors.
func (b *Book) Conflict(c chain.ID, a chain.Address) bool {
	var rule, actor string
	for _, l := range b.Labels(c, a) {
		r := b.stops.Rule(l.Category)
		if rule != "" && r != "" && r != rule || actor != "" && l.Actor != "" && l.Actor != actor {
			return true
		}
		rule, actor = cmp.Or(rule, r), cmp.Or(actor, l.Actor)
	}
	return false
}

// All gives every label in the order of chain, address and rank.
func (b *Book) All() iter.Seq[Label] { return slices.Values(b.labels) }

// Len is the number of labels.
func (b *Book) Len() int { return len(b.labels) }
