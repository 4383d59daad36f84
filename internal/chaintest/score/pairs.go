package score

// Pairs scores who is joined with whom: Found are the pairs of places that are
// in one cluster and have one owner, Of all pairs of one owner, Wrong the pairs
// in one cluster with two owners. A place without a cluster, or without an owner
// that is known, is alone. Pairs are counted by the sizes of the groups.
func Pairs(name string, among []Place, cluster, owner map[Place]string) Row {
	joined, owned, both := map[string]int64{}, map[string]int64{}, map[[2]string]int64{}
	for _, at := range among {
		c, o := cluster[at], owner[at]
		if c != "" {
			joined[c]++
		}
		if o != "" {
			owned[o]++
		}
		if c != "" && o != "" {
			both[[2]string{c, o}]++
		}
	}
	right, all := pairs(both), pairs(joined)
	return Row{Name: name, Found: N(right), Of: N(pairs(owned)), Wrong: N(all - right)}
}

func pairs[K comparable](groups map[K]int64) (n int64) {
	for _, size := range groups {
		n += size * (size - 1) / 2
	}
	return n
}
