package conform

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/dataset"
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

// StoryTruth are all rows of a story, read from its files.
func StoryTruth(t testing.TB, s *evmnode.Story, kinds ...chain.Kind) map[string]bool {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, s.ExportRewards(dir))
	known := KnownStory(t, s, s.Head().Height, kinds...)
	source, err := dataset.Driver().Open(context.Background(), known.Chain, chain.Options{Args: dir})
	require.NoError(t, err)
	defer source.Close()
	book, _, err := Book(context.Background(), known.Chain, source, chain.Question{
		Addresses: Set(known.Addresses...), Span: known.Span, Kinds: kinds,
	})
	require.NoError(t, err)
	return Truth(book)
}
