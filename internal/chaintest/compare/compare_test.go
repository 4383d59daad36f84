package compare_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chaintest/compare"
)

// A small report: a figure that three published, one that nobody published, a
// graph of a set that knows no verified transfers, and two writers.
func TestPrint(t *testing.T) {
	r := compare.Report{
		Measured: []compare.Measured{
			{Set: "btc_coinjoin_wasabi1", What: compare.Wasabi1Mixes, Figure: compare.Figure{Count: 190, Of: 196}},
			{Set: "btc_raw_blocks", What: compare.BlockVetoes, Figure: compare.Figure{Count: 10, Of: 1664}},
		},
		Graphs: []compare.Graph{{
			Set: "eth_heist_easyfi", Strategy: "BFS, 2 hops", Reference: "taint.md §3.1",
			Terminals: compare.Figure{Count: 0, Of: 16}, Members: compare.Figure{Count: 3, Of: 12}, Addresses: 40, Transfers: 1234567,
		}},
		Writings: []compare.Writing{
			{Writer: "one", Threads: 2, Rows: 3_000_000, Wall: 1500 * time.Millisecond, CPU: 3 * time.Second, Bytes: 1_499_999, Before: 2_000_000, Peak: 1e9},
			{Writer: "another", Threads: 1, Rows: 3_000_000, Wall: 2 * time.Second, Bytes: 5e6},
		},
		Skipped: []string{"eth_mftracer_54m: it is not there."},
		Notes:   []string{"They count other things."},
	}
	var out strings.Builder
	require.NoError(t, r.Print(&out))
	require.Equal(t, `Published figures and ours, on the same inputs:

| set                  | what                                | published            | by                               | reference             | scamtrace           |
| -------------------- | ----------------------------------- | -------------------- | -------------------------------- | --------------------- | ------------------- |
| btc_coinjoin_wasabi1 | Wasabi 1 mixes vetoed               | 27 of 196 (13.8 %)   | BlockSci, GraphSense's clusterer | attribution.md §2.4.9 | 190 of 196 (96.9 %) |
| btc_coinjoin_wasabi1 | Wasabi 1 mixes vetoed               | 196 of 196 (100.0 %) | GraphSense's detectors           | attribution.md §2.4.9 | 190 of 196 (96.9 %) |
| btc_coinjoin_wasabi1 | Wasabi 1 mixes vetoed               | 196 of 196 (100.0 %) | three clauses                    | attribution.md §2.4.9 | 190 of 196 (96.9 %) |
| btc_raw_blocks       | transactions of whole blocks vetoed | -                    | -                                | -                     | 10 of 1,664 (0.6 %) |

Witness graphs, by strategy:

| set              | strategy    | terminals       | members          | verified transfers | addresses | transfers | defined in    |
| ---------------- | ----------- | --------------- | ---------------- | ------------------ | --------- | --------- | ------------- |
| eth_heist_easyfi | BFS, 2 hops | 0 of 16 (0.0 %) | 3 of 12 (25.0 %) | -                  | 40        | 1,234,567 | taint.md §3.1 |

Writing the same rows of transfers as Parquet:

| writer  | threads | rows      | wall  | CPU   | rows/s | rows/CPU-s | file | memory before | peak     |
| ------- | ------- | --------- | ----- | ----- | ------ | ---------- | ---- | ------------- | -------- |
| one     | 2       | 3,000,000 | 1.5 s | 3.0 s | 2.00 M | 1.00 M     | 1 MB | 2 MB          | 1,000 MB |
| another | 1       | 3,000,000 | 2.0 s | 0.0 s | 1.50 M | -          | 5 MB | -             | -        |

Notes:

- They count other things.

Not measured:

- eth_mftracer_54m: it is not there.

`, out.String())
}

// Nothing measured is nothing printed.
func TestPrintNothing(t *testing.T) {
	var out strings.Builder
	require.NoError(t, compare.Report{}.Print(&out))
	require.Empty(t, out.String())
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

var errFull = errors.New("the disk is full")

func TestPrintFails(t *testing.T) {
	require.ErrorIs(t, compare.Report{Notes: []string{"a"}}.Print(fullDisk{}), errFull)
}

// Nobody publishes the same figure twice, and each says where.
func TestPublished(t *testing.T) {
	seen := map[[3]string]bool{}
	for _, c := range compare.Published() {
		key := [3]string{c.Set, c.What, c.By}
		require.False(t, seen[key], "%v twice", key)
		seen[key] = true
		require.NotEmpty(t, c.Reference)
		require.True(t, c.Figure.Of == 0 || c.Figure.Count <= c.Figure.Of, key)
	}
}
