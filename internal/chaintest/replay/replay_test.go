package replay_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chaintest/replay"
	"github.com/scamtrace/scamtrace/internal/synth/scenario"
)

func TestTell(t *testing.T) {
	for _, rows := range []int64{1000, 10000} {
		at := time.Now()
		r, err := replay.Tell(t.Context(), scenario.Default(), rows, 1)
		require.NoError(t, err)
		t.Log(time.Since(at), r.Ethereum.Head().Height, r.Bitcoin.Height(), r.World.Parties().Len())
	}
}
