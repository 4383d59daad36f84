package node_test

import (
	"testing"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chaintest/conform"
)

func TestConform(t *testing.T) {
	if testing.Short() {
		t.Skip("opens many sources")
	}
	for _, tt := range []struct {
		name, args string
		kinds      []chain.Kind
	}{
		{"scan", "", all()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n := read(t)
			known := conform.KnownStory(t, n.Story(), n.Final().Height, tt.kinds...)
			conform.Run(t, known, func(t *testing.T) chain.Source { return open(t, options(t, n.URL(), tt.args)) })
		})
	}
}
