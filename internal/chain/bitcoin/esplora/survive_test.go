package esplora_test

import (
	"testing"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin/esplora"
	"github.com/scamtrace/scamtrace/internal/chaintest/btcnode"
	"github.com/scamtrace/scamtrace/internal/chaintest/faults"
	gateway "github.com/scamtrace/scamtrace/internal/chaintest/gateway/esplora"
)

// Whatever goes wrong on the way, the result is the same, or what is missing is
// declared.
func TestSurvives(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	story := btcnode.NewStory()
	g := gateway.Start(t, btcnode.Start(t, story, btcnode.Options{}).URL)
	e := chain.Endpoint{Name: "explorer", URL: g.URL, Rate: 10_000}
	btcnode.Survive(t, story, esplora.Driver(), ",index", e, faults.Esplora)
}
