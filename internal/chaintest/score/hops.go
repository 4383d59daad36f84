package score

import "fmt"

// Hops counts how many of the places a run met within 1, 2, ... most hops, and at
// all. The rows add up, so that an address which is found earlier makes no row
// worse. They begin where the first is met.
func Hops(name string, places []Place, r *Run, most int) []Row {
	at := map[int64]int{}
	reached := 0
	for _, p := range places {
		if v := r.visits[p]; v != nil {
			at[v.Hop]++
			reached++
		}
	}
	out := []Row{}
	sum := at[0]
	for hop := 1; hop <= most; hop++ {
		if sum += at[int64(hop)]; sum == 0 {
			continue
		}
		out = append(out, Row{Name: fmt.Sprintf("%s by hop %d", name, hop), Found: N(sum), Of: N(len(places))})
	}
	return append(out, Row{Name: name + " at all", Found: N(reached), Of: N(len(places))})
}

// CashOutPlaces are the deposit addresses that the scam paid on a chain, and the
// hot wallets of their exchanges.
func (t *Truth) CashOutPlaces(chain string) (deposits, wallets []Place) {
	exchanges := map[string]bool{}
	for at, exchange := range t.scamDeposits(chain) {
		deposits = append(deposits, at)
		exchanges[exchange] = true
	}
	for at, p := range t.Addresses {
		if at.Chain == chain && p.Role == "cex_hot" && exchanges[p.Exchange] {
			wallets = append(wallets, at)
		}
	}
	return deposits, wallets
}
