// Package all is the list of drivers, and nothing else.
package all

import (
	"fmt"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/btcd"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/esplora"
	bitcoinnode "github.com/scamtrace/scamtrace/internal/chain/bitcoin/node"
	"github.com/scamtrace/scamtrace/internal/chain/dataset"
	"github.com/scamtrace/scamtrace/internal/chain/evm/etherscan"
	"github.com/scamtrace/scamtrace/internal/chain/evm/node"
)

// Drivers are all drivers, by name.
func Drivers() []chain.Driver {
	return []chain.Driver{
		bitcoinnode.Driver(), btcd.Driver(), dataset.Driver(), esplora.Driver(), etherscan.Driver(), node.Driver(),
	}
}

// Find splits a source specification "driver:args" and finds the driver.
func Find(spec string) (chain.Driver, string, error) {
	name, args, ok := strings.Cut(spec, ":")
	var names []string
	for _, d := range Drivers() {
		if d.Name == name && ok && args != "" {
			return d, args, nil
		}
		names = append(names, d.Name)
	}
	return chain.Driver{}, "", fmt.Errorf("source %q: write DRIVER:ARGS, e.g. dataset:DIR; the drivers are %s", spec, strings.Join(names, ", "))
}
