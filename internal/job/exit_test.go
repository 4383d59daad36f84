package job

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/config"
	"github.com/scamtrace/scamtrace/internal/taint"
)

func TestExitCode(t *testing.T) {
	terminated, cancel := context.WithCancelCause(t.Context())
	cancel(ErrTerminated)
	interrupted, stop := context.WithCancelCause(t.Context())
	stop(context.Canceled)
	for _, x := range []struct {
		err  error
		ctx  context.Context
		want int
	}{
		{nil, t.Context(), 0},
		{errors.New("anything else"), t.Context(), 1},
		{&InputError{[]string{"seeds.csv:3: wrong checksum"}}, t.Context(), 2},
		{fmt.Errorf("ethereum: %w", chain.ErrInput), t.Context(), 2},
		{fmt.Errorf("bitcoin: %w", chain.ErrContradiction), t.Context(), 4},
		{fmt.Errorf("case a: %w", taint.ErrNotConserved), t.Context(), 4},
		{fmt.Errorf("out: %w", ErrLocked), t.Context(), 11},
		{context.Canceled, interrupted, 130},
		{context.Canceled, terminated, 143},
	} {
		require.Equal(t, x.want, ExitCode(x.ctx, x.err), "%v", x.err)
	}
}

// Data that cannot be true ends the run with nothing published, and what was
// published before stays.
func TestContradictionPublishesNothing(t *testing.T) {
	const head = `{"hash":"%064x","block_number":%d,"block_timestamp":1700000000,"is_coinbase":%t,"index":0,"inputs":[%s],"outputs":[{"index":0,"type":"witness_v0_keyhash","addresses":["bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"],"value":%d}]}` + "\n"
	spend := `{"index":0,"spent_transaction_hash":"` + fmt.Sprintf("%064x", 1) + `","spent_output_index":0,"addresses":["bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"],"value":%d}`
	honest := fmt.Sprintf(head, 1, 1, true, "", 100)
	for _, x := range []struct{ name, row, want string }{
		{"creates value", fmt.Sprintf(head, 2, 2, false, fmt.Sprintf(spend, 100), 101), "creates value"},
		{"claims more than it spends", fmt.Sprintf(head, 2, 2, false, fmt.Sprintf(spend, 120), 110), "the output it spends has 100"},
	} {
		t.Run(x.name, func(t *testing.T) {
			dir := t.TempDir()
			data, out := filepath.Join(dir, "data"), filepath.Join(dir, "out")
			require.NoError(t, os.Mkdir(data, 0o777))
			seeds := filepath.Join(dir, "seeds.csv")
			require.NoError(t, os.WriteFile(seeds, []byte("chain,address\nbitcoin,bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4\n"), 0o666))
			cfg := config.Default()
			cfg.Seeds, cfg.Out = []string{seeds}, out
			cfg.Sources = map[string]string{"bitcoin": "dataset:" + data}
			p := Process{Now: func() time.Time { return time.Unix(1700000000, 0) }, Progress: func(string) {}}
			file := filepath.Join(data, "transactions.json")
			require.NoError(t, os.WriteFile(file, []byte(honest), 0o666))
			before, err := Run(t.Context(), cfg, p)
			require.NoError(t, err)

			require.NoError(t, os.WriteFile(file, []byte(honest+x.row), 0o666))
			_, err = Run(t.Context(), cfg, p)
			require.ErrorIs(t, err, chain.ErrContradiction)
			require.ErrorContains(t, err, x.want)
			require.Equal(t, ExitContradiction, ExitCode(t.Context(), err))
			latest, err := filepath.EvalSymlinks(filepath.Join(out, "latest"))
			require.NoError(t, err)
			require.Equal(t, before.RunID, filepath.Base(latest))
			require.NoDirExists(t, filepath.Join(out, ".inprogress"))
		})
	}
}
