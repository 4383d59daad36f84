package score_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/scamtrace/scamtrace/internal/chaintest/score"
)

// Counting by sizes is counting every pair.
func TestPairs_areAllPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfN(rapid.SampledFrom([]string{"", "a", "b", "c"}), 24, 24)
		clusters, owners := names.Draw(t, "clusters"), names.Draw(t, "owners")
		var among []score.Place
		cluster, owner := map[score.Place]string{}, map[score.Place]string{}
		var found, of, wrong int
		for i := range rapid.IntRange(0, 24).Draw(t, "places") {
			at := score.Place{Chain: "bitcoin", Address: fmt.Sprint(i)}
			among = append(among, at)
			cluster[at], owner[at] = clusters[i], owners[i]
			for j := range i {
				joined := clusters[i] != "" && clusters[i] == clusters[j]
				one := owners[i] != "" && owners[i] == owners[j]
				switch {
				case joined && one:
					found++
				case joined:
					wrong++
				}
				if one {
					of++
				}
			}
		}
		want := score.Row{Name: "pairs", Found: score.N(found), Of: score.N(of), Wrong: score.N(wrong)}
		require.Equal(t, want, score.Pairs("pairs", among, cluster, owner))
	})
}
