package etherscan_test

import (
	"testing"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chaintest/conform"
	gateway "github.com/scamtrace/scamtrace/internal/chaintest/gateway/etherscan"
)

func TestConform(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("opens many sources")
	}
	for _, tt := range []struct {
		name    string
		flavour gateway.Flavour
		args    string
	}{
		{"etherscan", gateway.Etherscan(), ""},
		{"blockscout", gateway.Blockscout(), ",rpc=eth-rpc"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := read(t, gateway.Options{Flavour: tt.flavour, Key: canary})
			known := conform.KnownStory(t, s.node.Story(), s.node.Final().Height,
				chain.Fee, chain.NativeKind, chain.Internal, chain.Token)
			known.Addresses = known.Addresses[:16]
			conform.Run(t, known, func(t *testing.T) chain.Source { return open(t, s.options(t, tt.args)) })
		})
	}
}
