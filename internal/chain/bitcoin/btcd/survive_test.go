package btcd_test

import (
	"testing"

	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/btcd"
	"github.com/scamtrace/scamtrace/internal/chaintest/btcnode"
	"github.com/scamtrace/scamtrace/internal/chaintest/faults"
)

// Whatever goes wrong on the way, the result is the same, or what is missing is
// declared.
func TestSurvives(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	story := btcnode.NewStory()
	server := btcnode.Start(t, story, btcnode.Options{})
	btcnode.Survive(t, story, btcd.Driver(), "", server.Endpoint(), faults.JSONRPC)
}
