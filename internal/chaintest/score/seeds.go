package score

import (
	"maps"
	"slices"
)

// Seeds scores what became of the bad entries of a seed list. One is quarantined
// (found) if the program refused its line, or met it and stopped at it: no money
// is followed from it. A good one that was refused or stopped is wrong. Refused
// are the entries as they are listed.
func Seeds(t *Truth, r *Run, refused map[Place]bool) []Row {
	bad, held, good, wrong := map[string]int{}, map[string]int{}, 0, 0
	for _, s := range t.Seeds {
		v := r.visits[s.Place]
		quarantined := refused[s.Place] || v != nil && v.Stop != ""
		n := 0
		if quarantined {
			n = 1
		}
		if s.Verdict == "scam" {
			good++
			wrong += n
			continue
		}
		bad[s.Verdict]++
		held[s.Verdict] += n
	}
	var out []Row
	for _, verdict := range slices.Sorted(maps.Keys(bad)) {
		out = append(out, Row{Name: "bad seeds quarantined, " + verdict, Found: N(held[verdict]), Of: N(bad[verdict])})
	}
	return append(out, Row{Name: "good seeds let in", Found: N(good - wrong), Of: N(good), Wrong: N(wrong)})
}
