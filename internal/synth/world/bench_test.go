package world_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/synth/scenario"
	"github.com/scamtrace/scamtrace/internal/synth/world"
)

// nobody looks on.
type nobody struct{}

func (nobody) Ethereum(*world.EthereumTx) error { return nil }
func (nobody) Bitcoin(*world.BitcoinTx) error   { return nil }
func (nobody) Entity(world.EntityFact) error    { return nil }
func (nobody) Link(world.LinkFact) error        { return nil }
func (nobody) Victim(world.VictimFact) error    { return nil }
func (nobody) Deposit(world.DepositFact) error  { return nil }
func (nobody) Night(world.NightFact) error      { return nil }

// BenchmarkPlay is how fast the play alone is, without writing anything.
func BenchmarkPlay(b *testing.B) {
	const rows = 1_000_000
	for b.Loop() {
		w := world.New(scenario.Default().Sized(rows), rows, 1)
		require.NoError(b, w.Play(b.Context(), nobody{}))
	}
	b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
