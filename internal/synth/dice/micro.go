package dice

import (
	"fmt"
	"strconv"
	"strings"
)

// places are the decimal places of a Micro.
const places = 6

// ParseMicro reads a decimal number such as 0.35, exactly: more than six
// decimal places are an error, not rounded.
func ParseMicro(s string) (Micro, error) {
	digits, negative := strings.CutPrefix(s, "-")
	whole, behind, pointed := strings.Cut(digits, ".")
	if whole == "" || pointed && behind == "" || strings.Trim(whole+behind, "0123456789") != "" {
		return 0, fmt.Errorf("%q is not a decimal number such as 0.35", s)
	}
	if behind = strings.TrimRight(behind, "0"); len(behind) > places {
		return 0, fmt.Errorf("%s has more than %d decimal places", s, places)
	}
	n, err := strconv.ParseInt(whole+behind+strings.Repeat("0", places-len(behind)), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s is too large", s)
	}
	if negative {
		n = -n
	}
	return Micro(n), nil
}

// String is the number as ParseMicro reads it, without zeros at its end.
func (m Micro) String() string {
	sign, n := "", uint64(m)
	if m < 0 {
		sign, n = "-", -n
	}
	s := fmt.Sprintf("%s%d.%06d", sign, n/uint64(One), n%uint64(One))
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}
