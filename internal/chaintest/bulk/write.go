package bulk

import (
	"context"
	_ "embed" // the scenario
	"fmt"

	"github.com/scamtrace/scamtrace/internal/synth"
	"github.com/scamtrace/scamtrace/internal/synth/rows"
	"github.com/scamtrace/scamtrace/internal/synth/scenario"
)

//go:embed scenario.yaml
var text []byte

// Write writes a set of so many rows, at least 1,000, into a folder that is
// empty or not there. Its case.yaml traces it.
func Write(ctx context.Context, dir string, n int64) (synth.Summary, error) {
	const rowsPerVictim = 317
	s, err := scenario.Load("scenario.yaml", text, []string{fmt.Sprint("victims=", n/rowsPerVictim)}, n)
	if err != nil {
		return synth.Summary{}, err
	}
	return synth.Generate(ctx, synth.Options{Scenario: s, Rows: n, Seed: 1, Dir: dir, Format: rows.Parquet})
}
