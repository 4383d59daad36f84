package label

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Label is one statement about an address: one line of a label file.
type Label struct {
	Chain   chain.Chain
	Address chain.Address
	// Label is the name, e.g. "Binance 14".
	Label string
	// Category is as written: one word, or several separated by commas, bars,
	// semicolons or slashes. A TagPack's category, concepts and abuse are
	// joined, in this order.
	Category string
	Source   string
	// Confidence is Unknown where the file says nothing.
	Confidence Confidence
	// Actor is the id of who controls the address, as in TagPacks.
	Actor string
	// File and Line are where the label stands.
	File string
	Line int
}

// labelColumns are the columns that ReadLabels knows.
func labelColumns() []string {
	return []string{"address", "label", "category", "source", "chain", "confidence", "actor"}
}

// ReadLabels reads a label file: CSV with at least the column address, or a
// TagPack. A row without a chain stands for those of the chains whose addresses
// have its form: 0x for every EVM chain among them, the rest for Bitcoin.
//
// Rows of chains that are not among those given are not read: public label
// files know a hundred chains. They are counted by chain in one note. A row
// with a malformed address is a Problem; whether it ends the run is the
// caller's decision.
func ReadLabels(name string, r io.Reader, chains []chain.Chain) ([]Label, []Problem) {
	br, err := openText(r)
	if err != nil {
		return nil, []Problem{{File: name, Reason: err.Error()}}
	}
	l := labelReader{name: name, chains: chains, names: chainBook{}, elsewhere: map[string]int{}}
	var found []Problem
	if isTagPack(name, br) {
		found = readTagPack(name, br, l.addTag)
	} else {
		found = readCSV(name, br, labelColumns(), []string{"address"}, l.add)
	}
	found = inOrder(found, l.found, l.notes())
	if l.rows == 0 && len(Refusals(found)) == 0 {
		found = append(found, Problem{File: name, Reason: "no labels in " + name + ": it names no address"})
	}
	return l.labels, found
}

type labelReader struct {
	name   string
	chains []chain.Chain
	names  chainBook
	labels []Label
	found  []Problem
	// rows counts what was understood, used or not.
	rows int
	// elsewhere counts rows of chains that the case does not use.
	elsewhere map[string]int
	// transactions counts tags that name a transaction and no address.
	transactions int
}

// notes tells in one line each what was left out.
func (l *labelReader) notes() []Problem {
	var notes []Problem
	if len(l.elsewhere) > 0 {
		total := 0
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(l.elsewhere)) {
			total += l.elsewhere[name]
			parts = append(parts, fmt.Sprintf("%s %d", name, l.elsewhere[name]))
		}
		notes = append(notes, Problem{File: l.name, Note: true, Reason: fmt.Sprintf(
			"%d labels of chains that are not traced are left out: %s", total, strings.Join(parts, ", "))})
	}
	if l.transactions > 0 {
		notes = append(notes, Problem{File: l.name, Note: true, Reason: fmt.Sprintf(
			"%d tags of transactions are left out: labels are of addresses", l.transactions)})
	}
	return notes
}

// addTag adds a tag of a TagPack.
func (l *labelReader) addTag(r row) {
	if r.Get("address") == "" && r.Get("tx_hash") != "" {
		l.rows++
		l.transactions++
		return
	}
	l.add(tagAsLabel{r})
}

// tagAsLabel reads a TagPack's field names as those of a label file.
type tagAsLabel struct{ row }

func (t tagAsLabel) Get(column string) string {
	switch column {
	case "chain":
		return tagChain(t.row)
	case "category":
		var words []string
		for _, field := range []string{"category", "concepts", "abuse"} {
			for _, word := range categoryWords(t.row.Get(field)) {
				if !slices.Contains(words, word) {
					words = append(words, word)
				}
			}
		}
		return strings.Join(words, ",")
	}
	return t.row.Get(column)
}

func (l *labelReader) add(r row) {
	refuse := func(err error) {
		l.found = append(l.found, Problem{File: l.name, Line: r.Line(), Reason: err.Error()})
	}
	text := r.Get("address")
	if text == "" {
		refuse(errors.New("names no address"))
		return
	}
	confidence, err := ParseConfidence(r.Get("confidence"))
	if err != nil {
		refuse(err)
		return
	}
	places, err := l.places(r.Get("chain"), text)
	if err != nil {
		refuse(err)
		return
	}
	l.rows++
	for _, p := range places {
		l.labels = append(l.labels, Label{
			Chain: p.chain, Address: p.address,
			Label: r.Get("label"), Category: r.Get("category"), Source: r.Get("source"),
			Confidence: confidence, Actor: r.Get("actor"), File: l.name, Line: r.Line(),
		})
	}
}

// place is an address on a chain.
type place struct {
	chain   chain.Chain
	address chain.Address
}

// places says where a row's address is. None without an error means: on a
// chain that the case does not use, which is counted.
func (l *labelReader) places(name, text string) ([]place, error) {
	if name == "" {
		return l.placesByForm(text)
	}
	c, err := l.names.lookup(name)
	if err != nil || !l.uses(c) {
		l.elsewhere[strings.ToLower(name)]++ // an unknown chain is one that the case does not use
		return nil, nil
	}
	a, err := parseAddress(c, text)
	if err != nil {
		return nil, err
	}
	return []place{{c, a}}, nil
}

func (l *labelReader) uses(c chain.Chain) bool {
	return slices.ContainsFunc(l.chains, func(used chain.Chain) bool { return used.ID == c.ID })
}

// placesByForm finds the chains of an address by what it looks like.
func (l *labelReader) placesByForm(text string) ([]place, error) {
	family := chain.UTXO
	if strings.HasPrefix(strings.ToLower(text), "0x") {
		family = chain.Account
	}
	var found []place
	var refusal error
	known := false
	for _, c := range chain.List() {
		if c.Family != family {
			continue
		}
		_, err := parseAddress(c, text)
		known = known || err == nil
		if refusal == nil {
			refusal = err
		}
		if family == chain.Account {
			break // all EVM chains write addresses alike
		}
	}
	if !known {
		return nil, refusal
	}
	for _, c := range l.chains {
		if c.Family != family {
			continue
		}
		if a, err := parseAddress(c, text); err == nil {
			found = append(found, place{c, a})
		}
	}
	if len(found) == 0 && family == chain.Account {
		l.elsewhere["any EVM chain"]++
	} else if len(found) == 0 {
		l.elsewhere["any Bitcoin network"]++
	}
	return found, nil
}
