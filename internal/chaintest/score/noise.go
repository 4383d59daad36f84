package score

import (
	"maps"
	"slices"

	"github.com/scamtrace/scamtrace/internal/table"
)

// Noise scores what strangers put into the histories that a run read. A movement
// is kept out (found) if it carries no taint, counts as no seed's money and leads
// the crawl to nobody; otherwise it is wrong. By which rule it is kept out is
// shown; and last, which genuine movements of the scam the rules against noise
// stopped.
func Noise(t *Truth, r *Run) []Row {
	proceeds := r.proceeds()
	met, out, by := map[string]int{}, map[string]int{}, map[[2]string]int{}
	genuine, wrongly := 0, map[string]int{}
	for _, f := range t.Transfers {
		x := r.moved[f.Movement]
		if x == nil {
			continue
		}
		if f.Noise == "" {
			genuine++
			for _, v := range r.payees(x) {
				if againstNoise(v.Stop) && v.TransactionHash == x.TransactionHash {
					wrongly[v.Stop]++
					break
				}
			}
			continue
		}
		met[f.Noise]++
		if rule := r.keptOutBy(f.Movement, x, proceeds); rule != "" {
			out[f.Noise]++
			by[[2]string{f.Noise, rule}]++
		}
	}
	var rows []Row
	for _, kind := range slices.Sorted(maps.Keys(met)) {
		rows = append(rows, Row{
			Name: "noise kept out, " + kind, Found: N(out[kind]), Of: N(met[kind]), Wrong: N(met[kind] - out[kind]),
		})
		for _, key := range slices.SortedFunc(maps.Keys(by), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
			if key[0] == kind {
				rows = append(rows, Row{Name: "noise kept out, " + kind + ", " + key[1], Found: N(by[key]), Of: N(met[kind]), Shown: true})
			}
		}
	}
	for _, rule := range []string{"asset", "dust"} {
		rows = append(rows, Row{
			Name:  "genuine movements that rule " + rule + " lets through",
			Found: N(genuine - wrongly[rule]), Of: N(genuine), Wrong: N(wrongly[rule]),
		})
	}
	return rows
}

func againstNoise(stop string) bool { return stop == "asset" || stop == "dust" }

// keptOutBy says what keeps a movement of noise from doing harm; it is empty if
// nothing does.
func (r *Run) keptOutBy(m Movement, x *table.Transfer, proceeds map[[3]string]bool) string {
	rule := ""
	for _, v := range r.payees(x) {
		here := v.TransactionHash == x.TransactionHash
		switch {
		case here && followed(v):
			return ""
		case here:
			rule = "rule " + v.Stop
		case proceeds[[3]string{x.Chain, v.Address, x.Asset}] && x.ValueLossless != "0":
			return ""
		}
	}
	switch {
	case r.tainted[m]:
		return ""
	case rule != "":
		return rule
	case x.ValueLossless == "0":
		return "zero value"
	}
	if !r.traced[[2]string{x.Chain, x.Asset}] {
		return "asset not followed"
	}
	return "clean money"
}

// proceeds are the assets that count as money of each seed address: all of such an
// asset that arrives there is traced. Where only a payment was reported, the seed
// is named by the payment too, and no other arrival counts.
func (r *Run) proceeds() map[[3]string]bool {
	out := map[[3]string]bool{}
	for _, c := range r.Conservation {
		if c.InjectedLossless != "0" {
			out[[3]string{c.Chain, c.Seed, c.Asset}] = true
		}
	}
	return out
}
