package compare

import "slices"

// Measured is what this program counted on a data set.
type Measured struct {
	Set, What string
	Figure    Figure
}

// row is a published figure beside ours. Either may be missing.
type row struct {
	set, what, by, reference, published, ours string
}

// beside puts each measured figure next to all that was published of it, in the
// order of ours. What was published and not measured is left out: its set is
// not there.
func beside(ours []Measured, published []Claim) []row {
	var rows []row
	for _, m := range ours {
		with := row{set: m.Set, what: m.What, by: none, reference: none, published: none, ours: m.Figure.String()}
		claims := slices.DeleteFunc(slices.Clone(published), func(c Claim) bool { return c.Set != m.Set || c.What != m.What })
		for _, c := range claims {
			with.by, with.reference, with.published = c.By, c.Reference, c.Figure.String()
			rows = append(rows, with)
		}
		if len(claims) == 0 {
			rows = append(rows, with)
		}
	}
	return rows
}
