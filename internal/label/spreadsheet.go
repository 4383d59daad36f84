package label

import (
	"fmt"
	"strconv"
	"strings"
)

// spreadsheetDamage explains a value that a spreadsheet took for a number and
// rounded, such as "1.23E+47" for an address. The digits are lost, so nothing
// but the original helps. It is nil for every other value.
func spreadsheetDamage(column, value string) error {
	mantissa, exponent, found := strings.Cut(strings.ToUpper(value), "E+")
	if !found {
		return nil
	}
	if _, err := strconv.ParseFloat(strings.ReplaceAll(mantissa, ",", "."), 64); err != nil {
		return nil
	}
	if _, err := strconv.Atoi(exponent); err != nil {
		return nil
	}
	return fmt.Errorf("%s %q was rounded by a spreadsheet and its digits are lost: "+
		"take it from the original again, into a column formatted as text", column, value)
}
