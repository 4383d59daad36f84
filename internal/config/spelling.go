package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Nearest is the candidate most like a word, if any is like enough to have
// been meant.
func Nearest(word string, candidates []string) (string, bool) {
	if len(word) > 100 || len(candidates) == 0 {
		return "", false
	}
	best := slices.MinFunc(candidates, func(a, b string) int {
		return cmp.Or(cmp.Compare(distance(word, a), distance(word, b)), strings.Compare(a, b))
	})
	return best, distance(word, best) <= max(2, len(word)/3)
}

// suggestion is what to add to an error about an unknown word.
func suggestion(word string, candidates []string) string {
	if s, ok := Nearest(word, candidates); ok {
		return fmt.Sprintf("; did you mean %s?", s)
	}
	return "; there are " + strings.Join(candidates, ", ")
}

// distance is the Levenshtein distance.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
