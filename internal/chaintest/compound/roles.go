package compound

import (
	"cmp"
	"fmt"
	"slices"
)

// Role is what an address is for. It is absolute: the generator holds the keys.
type Role string

// The roles.
const (
	Victim        Role = "victim"
	Collection    Role = "collection"
	Consolidation Role = "consolidation"
	Layer         Role = "layer"
	Peel          Role = "peel"
	GasStation    Role = "gas_station"
	CexDeposit    Role = "cex_deposit"
	CexHot        Role = "cex_hot"
	CexGas        Role = "cex_gas"
	Mixer         Role = "mixer"
	Bridge        Role = "bridge"
	SwapPool      Role = "swap_pool"
	Poisoner      Role = "poisoner"
	Spammer       Role = "spammer"
	Benign        Role = "benign"
)

// Roles lists every role.
func Roles() []Role {
	return []Role{
		Victim, Collection, Consolidation, Layer, Peel, GasStation, CexDeposit, CexHot, CexGas,
		Mixer, Bridge, SwapPool, Poisoner, Spammer, Benign,
	}
}

// Party is an address and who controls it. A deposit address is an exchange's,
// and its Controller is the customer it was given to.
type Party struct {
	Chain      string
	Address    string
	Role       Role
	Controller string
	Exchange   string
}

// ofCompound says that a scam team holds the address's key.
func (p Party) ofCompound() bool {
	switch p.Role {
	case Collection, Consolidation, Layer, Peel, GasStation:
		return true
	}
	return false
}

// directory knows every address.
type directory map[string]Party

func (d directory) add(p Party) {
	if _, ok := d[p.Address]; !ok {
		d[p.Address] = p
	}
}

func (d directory) text(address string) string {
	p := d[address]
	return fmt.Sprintf("%s (%s of %s)", address, p.Role, p.Controller)
}

func (d directory) sorted() []Party {
	out := make([]Party, 0, len(d))
	for _, p := range d {
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b Party) int {
		return cmp.Or(cmp.Compare(a.Chain, b.Chain), cmp.Compare(a.Address, b.Address))
	})
	return out
}
