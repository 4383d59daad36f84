package esplora_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/live"
)

func doctor(t *testing.T, s chain.Source) []live.Finding {
	d, ok := s.(live.Doctor)
	require.True(t, ok)
	found := d.Doctor(context.Background())
	require.NotEmpty(t, found)
	return found
}
