package bulk_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chaintest/bulk"
	"github.com/scamtrace/scamtrace/internal/config"
	"github.com/scamtrace/scamtrace/internal/job"
	"github.com/scamtrace/scamtrace/internal/table"
)

// Much of the set is downstream of the seeds: a quarter here, more than half from
// 10^7 rows on, where deposits are many and small.
func TestWrite_isReached(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "set")
	made, err := bulk.Write(t.Context(), dir, 300_000)
	require.NoError(t, err)
	cfg := config.Default()
	cfg.Seeds, cfg.Labels = []string{filepath.Join(dir, "seeds.csv")}, []string{filepath.Join(dir, "labels.yaml")}
	cfg.Sources = map[string]string{"ethereum": "dataset:" + filepath.Join(dir, "ethereum")}
	cfg.Out = filepath.Join(dir, "out")
	cfg.Movements = map[string][]string{"ethereum": {"token"}}
	cfg.Crawl.MaxHops, cfg.Crawl.SuperNode.Transfers, cfg.Crawl.SuperNode.Counterparties = 32, 1_000_000_000, 1_000_000_000
	_, err = job.Run(t.Context(), cfg, job.Process{Now: func() time.Time { return time.Unix(0, 0) }, Progress: func(string) {}})
	require.NoError(t, err)
	m, err := table.ReadManifest(filepath.Join(cfg.Out, "latest"))
	require.NoError(t, err)
	for _, group := range m.Tables {
		if group.Name == "transfers" {
			t.Logf("%d of %d rows are reached", group.Rows, made.Rows)
			require.Greater(t, group.Rows*5, made.Rows)
		}
	}
}
