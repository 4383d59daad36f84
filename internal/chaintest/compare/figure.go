package compare

import "fmt"

// Figure is a count, and out of how many. It is never a rate alone: 3 of 4 and
// 300 of 400 are different evidence.
type Figure struct {
	Count int
	// Of is 0 where the count is of no total.
	Of int
}

// none stands for a figure that nobody has.
const none = "-"

// String is "3 of 4 (75.0 %)", or "3".
func (f Figure) String() string {
	if f.Of == 0 {
		return grouped(int64(f.Count))
	}
	return fmt.Sprintf("%s of %s (%.1f %%)", grouped(int64(f.Count)), grouped(int64(f.Of)), 100*float64(f.Count)/float64(f.Of))
}

// grouped is a number with commas between thousands.
func grouped(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
