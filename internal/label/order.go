package label

import (
	"cmp"
	"slices"
)

// inOrder joins problems in the order of their lines, those of the whole file
// first.
func inOrder(lists ...[]Problem) []Problem {
	all := slices.Concat(lists...)
	slices.SortStableFunc(all, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	return all
}
