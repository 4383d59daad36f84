package score

import (
	"maps"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/cluster"
)

// roleDeposit is the truth's word for a deposit address.
const roleDeposit = "cex_deposit"

// Deposits scores the deposit addresses that deposit-sweep names: those that the
// scam paid, what is none, and by exchange whether the label of the wallet it
// paid names the right one. A customer's address that is named is neither missed
// nor wrong: it is of nobody's case. The heuristic reads account chains alone, so
// that on others all are missed.
func Deposits(t *Truth, r *Run, c chain.Chain) []Row {
	named := map[Place]string{}
	for _, l := range r.Links {
		if l.Chain == c.Name && l.Heuristic == cluster.DepositSweep {
			named[Place{c.Name, l.AddressA}] = r.actor[Place{c.Name, l.AddressB}]
		}
	}
	used := t.scamDeposits(c.Name)
	found, wrong := 0, 0
	for at := range named {
		if used[at] != "" {
			found++
		}
		if t.Addresses[at].Role != roleDeposit {
			wrong++
		}
	}
	out := []Row{{Name: "deposit addresses that the scam paid, " + c.Name, Found: N(found), Of: N(len(used)), Wrong: N(wrong)}}

	if c.Family != chain.Account {
		return out
	}
	right, of, other := map[string]int{}, map[string]int{}, map[string]int{}
	for at, exchange := range used {
		of[exchange]++
		if named[at] == exchange {
			right[exchange]++
		}
	}
	for at, exchange := range named {
		if t.Addresses[at].Exchange != exchange {
			other[exchange]++
		}
	}
	for _, exchange := range slices.Sorted(maps.Keys(of)) {
		out = append(out, Row{
			Name:  "deposit addresses that are said to be " + exchange + "'s, " + c.Name,
			Found: N(right[exchange]), Of: N(of[exchange]), Wrong: N(other[exchange]),
		})
	}
	return out
}

// scamDeposits are the deposit addresses of a chain that the scam paid, and whose
// they are.
func (t *Truth) scamDeposits(chain string) map[Place]string {
	out := map[Place]string{}
	for _, d := range t.Deposits {
		if d.Chain == chain && t.Scam(d.Controller) {
			out[Place{chain, d.Address}] = d.Exchange
		}
	}
	return out
}
