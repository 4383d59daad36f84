package world

// Role is what an address is for. It is absolute: the generator holds the keys.
type Role uint8

// The roles of the specification.
const (
	NoRole Role = iota
	Victim
	FamilyPayer
	Collection
	Consolidation
	Layer
	Peel
	GasStation
	EnergyMarket
	SwapPool
	Bridge
	OTC
	GuaranteeEscrow
	CexDeposit
	CexHot
	CexGas
	Mixer
	Poisoner
	Spammer
	Benign
	DecoyPool
	Issuer
)

// String is the name in the truth files.
func (r Role) String() string {
	return [...]string{
		"", "victim", "family_payer", "collection", "consolidation", "layer", "peel", "gas_station", "energy_market",
		"swap_pool", "bridge", "otc", "guarantee_escrow", "cex_deposit", "cex_hot", "cex_gas", "mixer", "poisoner",
		"spammer", "benign", "decoy_pool", "issuer",
	}[r]
}

// Scam says that a scam team holds the key.
func (r Role) Scam() bool {
	switch r {
	case Collection, Consolidation, Layer, Peel, GasStation:
		return true
	default:
		return false
	}
}

// Parties is every address of a play, by its number. It is about 20 bytes each.
type Parties struct {
	role       []Role
	bitcoin    []bool
	controller []Entity
	exchange   []Entity
	first      []int32 // seconds since the start
	last       []int32
	like       map[Party]Party // whom a look-alike imitates
	contract   map[Party]bool
}

// Len is how many there are; their numbers are less than it.
func (p *Parties) Len() int { return len(p.role) }

// Role is what the address is for.
func (p *Parties) Role(n Party) Role { return p.role[n] }

// Bitcoin says that it is on Bitcoin.
func (p *Parties) Bitcoin(n Party) bool { return p.bitcoin[n] }

// Controller is who uses the address: of a deposit address the customer.
func (p *Parties) Controller(n Party) Entity { return p.controller[n] }

// Exchange is whose address it is, 0 if no exchange's.
func (p *Parties) Exchange(n Party) Entity { return p.exchange[n] }

// Seen are the seconds since the start at which it was first and last active.
func (p *Parties) Seen(n Party) (first, last int64) { return int64(p.first[n]), int64(p.last[n]) }

// Like is whom a look-alike imitates; 0 if it is none.
func (p *Parties) Like(n Party) Party {
	if p.role[n] != Poisoner {
		return 0
	}
	return p.like[n]
}

// Contract says that it has code.
func (p *Parties) Contract(n Party) bool { return p.contract[n] }

func (p *Parties) add(bitcoin bool, r Role, controller, exchange Entity) Party {
	p.role = append(p.role, r)
	p.bitcoin = append(p.bitcoin, bitcoin)
	p.controller = append(p.controller, controller)
	p.exchange = append(p.exchange, exchange)
	p.first = append(p.first, -1)
	p.last = append(p.last, -1)
	return Party(len(p.role) - 1)
}

func (p *Parties) touch(n Party, seconds int64) {
	if p.first[n] < 0 {
		p.first[n] = int32(seconds)
	}
	p.last[n] = int32(seconds)
}
