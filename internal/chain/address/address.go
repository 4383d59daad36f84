// Package address reads the addresses of every chain: it knows which family's
// rules a chain goes by.
package address

import (
	"fmt"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin"
	"github.com/scamtrace/scamtrace/internal/chain/evm"
)

// ParseAddress reads an address of the chain c and returns its canonical form. The
// error says what is wrong with the text; it does not name the chain.
func ParseAddress(c chain.Chain, s string) (chain.Address, error) {
	switch c.Family {
	case chain.Account:
		return evm.ParseAddress(s)
	case chain.UTXO:
		return bitcoin.ParseAddress(c, s)
	}
	return "", fmt.Errorf("addresses of chain %s cannot be read", c.Name)
}
