package score

import "github.com/scamtrace/scamtrace/internal/cluster"

// Mixes scores CoinJoins by their transactions: Found are those of several payers
// that are the evidence of no link, Wrong those that join strangers.
func Mixes(name string, r *Run, chain string, mixes map[string]bool) Row {
	joins := map[string]bool{}
	for _, l := range r.Links {
		if l.Chain == chain && l.Heuristic == cluster.CoSpend && mixes[l.TransactionHash] {
			joins[l.TransactionHash] = true
		}
	}
	of := 0
	for tx := range mixes {
		if several(r.ins[Place{chain, tx}]) {
			of++
		}
	}
	return Row{Name: name, Found: N(of - len(joins)), Of: N(of), Wrong: N(len(joins))}
}

func several(payers []string) bool {
	for _, p := range payers[min(1, len(payers)):] {
		if p != payers[0] {
			return true
		}
	}
	return false
}

// Largest is a row with the number of addresses in the largest cluster as what is
// wrong: nobody knows the owners, but a cluster that grows has met strangers.
func Largest(name string, r *Run) Row {
	size, most := map[string]int{}, 0
	for _, c := range r.Clusters {
		size[c.ClusterID]++
		most = max(most, size[c.ClusterID])
	}
	return Row{Name: name, Wrong: N(most)}
}
