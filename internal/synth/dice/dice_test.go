package dice_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/synth/dice"
)

// Means and medians of 200,000 draws against the formulas, within two percent.
func TestDistributions(t *testing.T) {
	for _, c := range []struct {
		name         string
		draw         func(dice.Dice) int64
		mean, median float64 // 0: not looked at
	}{
		{"exponential of mean 42 days", func(d dice.Dice) int64 { return d.Exponential(42 * 86400) }, 42 * 86400, 42 * 86400 * math.Ln2},
		{"victims' losses, in cents", func(d dice.Dice) int64 { return d.LogNormal(10_859_000, 1_478_500, 100) }, 15_511_700, 5_200_000},
		{"a delay of median 2 h, sigma 1.2", func(d dice.Dice) int64 { return d.LogNormalAround(7200, 1_200_000) }, 7200 * math.Exp(0.72), 7200},
		{"poisson of mean 3.7, times 1000", func(d dice.Dice) int64 { return 1000 * d.Poisson(3_700_000) }, 3700, 4000},
		{"poisson of mean 60", func(d dice.Dice) int64 { return d.Poisson(60_000_000) }, 60, 60},
		{"payments, times 1000", func(d dice.Dice) int64 { return 1000 * d.NegativeBinomial(8_700_000, 1_500_000) }, 8700, 7000},
		{"peel of Beta(2, 25), in millionths", func(d dice.Dice) int64 { return int64(d.Beta(2, 25)) }, 2e6 / 27, 0},
		{"between 20 and 200", func(d dice.Dice) int64 { return d.Between(20, 200) }, 110, 110},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := dice.New(7, "test", 1)
			all := make([]int64, 200_000)
			var sum float64
			for i := range all {
				all[i] = c.draw(d)
				sum += float64(all[i])
			}
			slices.Sort(all)
			require.InEpsilon(t, c.mean, sum/float64(len(all)), 0.02)
			if c.median > 0 {
				require.InEpsilon(t, c.median, float64(all[len(all)/2]), 0.02)
			}
		})
	}
}

func TestPick(t *testing.T) {
	d := dice.New(7, "test", 2)
	var n [4]int
	for range 100_000 {
		n[d.Pick(450_000, 0, 300_000, 250_000)]++
	}
	require.Zero(t, n[1])
	require.InEpsilon(t, 45_000, n[0], 0.03)
	require.InEpsilon(t, 30_000, n[2], 0.03)
}

// The numbers are the same on every machine, today and next year.
func TestNew_fixed(t *testing.T) {
	d := dice.New(1, "victim", 3)
	require.Equal(t, []int64{7, 119_232, 4}, []int64{d.Between(1, 10), d.LogNormalAround(52_000, 1_478_500), d.Poisson(5_000_000)})
}

func TestTimes(t *testing.T) {
	require.EqualValues(t, 350, dice.Times(1000, 350_000))
	require.EqualValues(t, 9_000_000_000_000_000_000, dice.Times(9_000_000_000_000_000_000, dice.One))
	require.EqualValues(t, 0, dice.Times(1, 999_999))
}
