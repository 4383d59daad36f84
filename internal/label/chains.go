package label

import (
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/address"
)

// chainBook looks chains up by the names written in files, and remembers them:
// a file names the same few chains in every line.
type chainBook map[string]chainEntry

type chainEntry struct {
	chain chain.Chain
	err   error
}

func (b chainBook) lookup(name string) (chain.Chain, error) {
	e, ok := b[name]
	if !ok {
		e.chain, e.err = chain.Lookup(name)
		b[strings.Clone(name)] = e
	}
	return e.chain, e.err
}

// parseAddress reads an address, and explains what a spreadsheet did to it.
func parseAddress(c chain.Chain, s string) (chain.Address, error) {
	a, err := address.ParseAddress(c, s)
	if err != nil {
		if damage := spreadsheetDamage("address", s); damage != nil {
			return "", damage
		}
	}
	return a, err
}
