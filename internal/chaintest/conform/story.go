package conform

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chaintest/evmnode"
)

// KnownStory is what is known of a story up to a final block, for a source that
// tells some kinds.
func KnownStory(t testing.TB, s *evmnode.Story, final uint64, kinds ...chain.Kind) Known {
	t.Helper()
	ethereum, err := chain.Lookup("ethereum")
	require.NoError(t, err)
	c := &s.Cast
	first := []chain.Address{
		c.Seeds[0], c.Hub, c.Layer1[0], c.Layer2[1], c.Victims[0], c.Deposits[0], c.Splitters[0], c.Bystanders[0],
		chain.NullAddress, c.Miner, c.Token, c.Proxy,
	}
	addresses, seen := first, Set(first...)
	for _, a := range append(c.All(), c.Splitters...) {
		if _, ok := seen[a]; !ok {
			seen[a] = struct{}{}
			addresses = append(addresses, a)
		}
	}
	return Known{
		Chain: ethereum, Span: chain.Span{To: final}, Kinds: kinds, Addresses: addresses, Hub: c.Hub,
		Stranger: "0x00000000000000000000000000000000deadbeef",
	}
}
