package score

import (
	"fmt"
	"math/big"
	"strings"
)

// Markdown is the table of the rows.
func Markdown(rows []Row) string {
	var b strings.Builder
	b.WriteString("| row | found | of | wrong | precision | recall | F1 |\n|---|---:|---:|---:|---:|---:|---:|\n")
	for _, r := range rows {
		cells := []string{r.Name, count(r.Found), count(r.Of), count(r.Wrong), rate(r.Precision()), rate(r.Recall()), rate(r.F1())}
		fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | "))
	}
	return b.String()
}

// Parse reads a table that Markdown wrote. Rates follow from the counts; that there
// are none says that what is wrong is an amount.
func Parse(text string) ([]Row, error) {
	var rows []Row
	for n, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if n < 2 {
			continue
		}
		cells := strings.Split(strings.TrimPrefix(line, "|"), "|")
		if len(cells) < 7 {
			return nil, fmt.Errorf("line %d of the kept table is no row of it: %q; keep a new one with make score KEEP=-update", n+1, line)
		}
		r := Row{Name: strings.TrimSpace(cells[0])}
		for i, to := range []**big.Int{&r.Found, &r.Of, &r.Wrong} {
			cell := strings.ReplaceAll(strings.TrimSpace(cells[i+1]), ",", "")
			if cell == "" {
				continue
			}
			var ok bool
			if *to, ok = new(big.Int).SetString(cell, 10); !ok {
				return nil, fmt.Errorf("line %d of the kept table: %q is no count; keep a new one with make score KEEP=-update", n+1, cell)
			}
		}
		r.Amount = r.Wrong != nil && strings.TrimSpace(cells[4]) == "" && strings.TrimSpace(cells[6]) == ""
		rows = append(rows, r)
	}
	return rows, nil
}

// count writes a count with its thousands apart.
func count(n *big.Int) string {
	if n == nil {
		return ""
	}
	digits, sign := new(big.Int).Abs(n).String(), ""
	if n.Sign() < 0 {
		sign = "-"
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

func rate(thousandths int64, ok bool) string {
	if !ok {
		return ""
	}
	return fmt.Sprintf("%d.%03d", thousandths/1000, thousandths%1000)
}
