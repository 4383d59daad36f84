package ledger_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
	"github.com/scamtrace/scamtrace/internal/ledger/ledgertest"
)

func network(t testing.TB, name string) chain.Chain {
	t.Helper()
	c, err := chain.Lookup(name)
	require.NoError(t, err)
	return c
}

func parse(t testing.TB, c chain.Chain, text string) []chain.Transfer {
	t.Helper()
	transfers, err := ledgertest.Parse(c.Family, text)
	require.NoError(t, err)
	return transfers
}

// add tells a ledger some transfers, up to the first that it refuses.
func add(l *ledger.Ledger, transfers []chain.Transfer) error {
	for i := range transfers {
		if err := l.Add(&transfers[i]); err != nil {
			return err
		}
	}
	return nil
}

// lines drops what only makes a text in a test readable.
func lines(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			out.WriteString(line + "\n")
		}
	}
	return out.String()
}

// only makes a filter of names.
func only(l *ledger.Ledger, names ...string) func(ledger.AddressID) bool {
	if len(names) == 0 {
		return nil
	}
	set := map[ledger.AddressID]bool{}
	for _, n := range names {
		set[l.Address(ledgertest.Address(l.Chain().Family, n))] = true
	}
	return func(a ledger.AddressID) bool { return set[a] }
}
