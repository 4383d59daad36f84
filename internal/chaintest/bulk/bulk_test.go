package bulk_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chaintest/bulk"
	"github.com/scamtrace/scamtrace/internal/config"
	"github.com/scamtrace/scamtrace/internal/job"
	"github.com/scamtrace/scamtrace/internal/table"
)

// Much of the set is downstream of the seeds: a third here, more than half from
// 10^7 rows on, where deposits are many and small.
func TestWrite_isReached(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "set")
	made, err := bulk.Write(t.Context(), dir, 300_000)
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(dir, "case.yaml"))
	require.NoError(t, err)
	cfg, err := config.Load("case.yaml", text, nil)
	require.NoError(t, err)
	_, err = job.Run(t.Context(), cfg, job.Process{Now: func() time.Time { return time.Unix(0, 0) }, Progress: func(string) {}})
	require.NoError(t, err)
	m, err := table.ReadManifest(filepath.Join(cfg.Out, "latest"))
	require.NoError(t, err)
	at := slices.IndexFunc(m.Tables, func(w table.Written) bool { return w.Name == "transfers" })
	require.NotEqual(t, -1, at)
	t.Logf("%d of %d rows are reached", m.Tables[at].Rows, made.Rows)
	require.Greater(t, m.Tables[at].Rows*4, made.Rows)
}
