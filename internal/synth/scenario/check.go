package scenario

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/scamtrace/scamtrace/internal/config"
)

const (
	// MinRows is the least that holds a compound's story.
	MinRows = 1_000
	// MaxRows is the most.
	MaxRows = 100_000_000
)

// Tables are the Ethereum tables that can be written.
func Tables() []string {
	return []string{"blocks", "transactions", "token_transfers", "traces", "tokens"}
}

// Check tells everything that keeps a scenario from being played in a set of so
// many rows: numbers outside of their limits, and what contradicts itself. The
// problems name the key, and "rows" for the number of rows.
func (s Scenario) Check(rows int64) []config.Problem {
	var found []config.Problem
	refuse := func(path, format string, args ...any) {
		found = append(found, config.Problem{Path: path, Reason: fmt.Sprintf(format, args...)})
	}
	for _, k := range keys() {
		for _, reason := range k.limits(&s) {
			refuse(k.path, "%s", reason)
		}
	}
	s.checkWords(refuse)
	s.checkPairs(refuse)
	s.checkSize(rows, refuse)
	return found
}

// limits tells the numbers of a parameter that are outside of its limits.
func (k key) limits(s *Scenario) (found []string) {
	note := func(reason string) {
		if reason != "" {
			found = append(found, reason)
		}
	}
	switch f := k.field(s).(type) {
	case *int64:
		note(outside(k, *f))
	case *Decimal:
		note(outside(k, *f))
	case *[]int64:
		for _, n := range *f {
			note(outside(k, n))
		}
	case *[]Decimal:
		for _, n := range *f {
			note(outside(k, n))
		}
	}
	return found
}

type refusal func(path, format string, args ...any)

func (s *Scenario) checkWords(refuse refusal) {
	ok := s.Case != "" && len(s.Case) <= 64
	for i, r := range s.Case {
		ok = ok && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || i > 0 && strings.ContainsRune("._-", r))
	}
	if !ok {
		refuse("case", "%q is no case name: 1 to 64 of a-z (lower case), 0-9, dot, underscore and dash, beginning with a letter or digit", s.Case)
	}
	if t, err := time.Parse(time.DateOnly, s.Start); err != nil {
		refuse("start", "%q is no date such as 2024-03-01", s.Start)
	} else if t.Year() < 2018 || t.Year() > 2089 {
		refuse("start", "%s is not between 2018 and 2089", s.Start)
	}
	for i, table := range s.Tables {
		if !slices.Contains(Tables(), table) {
			refuse("tables", "%q is no table; there are %s", table, strings.Join(Tables(), ", "))
		} else if slices.Contains(s.Tables[:i], table) {
			refuse("tables", "%q stands there twice", table)
		}
	}
	if !slices.Contains(s.Tables, "token_transfers") {
		refuse("tables", "token_transfers must be among them: without it there is no story to tell")
	}
}

// checkPairs finds parameters that contradict each other.
func (s *Scenario) checkPairs(refuse refusal) {
	ordered := func(low, high int64, path, other string) {
		if low > high {
			refuse(path, "%d is more than %s, %d", low, other, high)
		}
	}
	ordered(s.Victim.FirstMin, s.Victim.FirstMax, "victim.first_min", "victim.first_max")
	ordered(s.Layering.SprayMin, s.Layering.SprayMax, "layering.spray_min", "layering.spray_max")
	ordered(s.Layering.PeelMin, s.Layering.PeelMax, "layering.peel_min", "layering.peel_max")
	v := s.Victim
	tokens := v.USDT + v.USDC + v.WBTC
	switch {
	case s.Bitcoin >= one:
	case tokens+v.Ether <= 0:
		refuse("victim.usdt", "all weights of usdt, ether, usdc and wbtc are 0: who does not pay in bitcoin needs one")
	case tokens <= 0 && !slices.Contains(s.Tables, "transactions"):
		refuse("tables", "transactions must be among them, since victims pay in ether alone")
	}
	var sum Decimal
	for _, w := range s.CashOut.Exchanges {
		sum += w
	}
	switch n := len(s.CashOut.Exchanges); {
	case n == 0 || n > 100:
		refuse("cash_out.exchanges", "there are %d exchanges; 1 to 100 are possible", n)
	case sum <= 0:
		refuse("cash_out.exchanges", "all weights are 0: one must be more")
	}
	if b := s.CashOut.SweepBlocks; len(b) != 5 || !slices.IsSorted(b) {
		refuse("cash_out.sweep_blocks", "%v are not five ascending numbers of blocks", b)
	}
}

const one Decimal = 1_000_000

// rowsOfVictim is what the story of a victim takes at least.
const rowsOfVictim = 10

func (s *Scenario) checkSize(rows int64, refuse refusal) {
	if rows < MinRows || rows > MaxRows {
		refuse("rows", "%d is not between %d and %d", rows, MinRows, MaxRows)
		return
	}
	if most := rows / rowsOfVictim; s.Victims > most {
		refuse("victims", "%d are too many: a set of %d rows has room for %d", s.Victims, rows, most)
	}
	if sized := s.Sized(rows); sized.Compounds > sized.Victims {
		refuse("compounds", "%d are more than the victims, %d: each compound needs one", sized.Compounds, sized.Victims)
	}
}
