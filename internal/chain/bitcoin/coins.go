package bitcoin

import (
	"fmt"
	"strconv"
	"strings"
)

// ParseCoins reads an amount in bitcoin as nodes write it in JSON, 0.5 or 1e-08,
// and returns it in satoshi. It is exact: no float is made of it.
func ParseCoins(text string) (uint64, error) {
	bad := fmt.Errorf("amount %q is no number of bitcoin", text[:min(len(text), 40)])
	mantissa, exponent, has := strings.Cut(strings.ToLower(text), "e")
	shift := 8
	if has {
		e, err := strconv.Atoi(exponent)
		if err != nil || e < -30 || e > 30 {
			return 0, bad
		}
		shift += e
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	shift -= len(fraction)
	digits := whole + fraction
	if shift < 0 {
		cut := max(0, len(digits)+shift)
		if strings.Trim(digits[cut:], "0") != "" {
			return 0, bad
		}
		digits, shift = digits[:cut], 0
		if digits == "" {
			digits = "0"
		}
	}
	if whole == "" || strings.Trim(whole+fraction, "0123456789") != "" {
		return 0, bad
	}
	digits = strings.TrimLeft(digits, "0") + strings.Repeat("0", shift)
	if strings.Trim(digits, "0") == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(digits, 10, 63)
	if err != nil {
		return 0, bad
	}
	return n, nil
}
