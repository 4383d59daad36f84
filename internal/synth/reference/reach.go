package reference

import (
	"maps"
	"math"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// reach finds out which addresses of one chain are followed.
type reach struct {
	Case
	history
	seeds    []Seed
	met      map[string]*visit
	told     []bool          // which movements touch an address that was asked for
	contract map[string]bool // as far as those tell
	placed   map[string]bool // the transactions of which they tell the index
}

// visit is what became of an address that was met.
type visit struct {
	state
	hop     int
	stop    string
	arrived bool
	arrival place // the first
}

type state int

const (
	hindered state = iota // nothing that leads on paid it yet
	waiting               // to be decided in the next round
	asked
	refused // a rule kept it from being asked for
)

func (v *visit) followed() bool { return v.state == asked && v.stop == "" }

// arrive notes an arrival, and reports whether it is the first one now.
func (v *visit) arrive(at place) bool {
	if v.arrived && v.arrival.compare(at) <= 0 {
		return false
	}
	v.arrived, v.arrival = true, at
	return true
}

func explore(c Case, h history) *reach {
	r := &reach{
		Case: c, history: h, seeds: c.seeds(h.chain.Name), met: map[string]*visit{},
		told: make([]bool, len(h.list)), contract: map[string]bool{}, placed: map[string]bool{},
	}
	for _, s := range r.seeds {
		if r.met[s.Address] == nil {
			r.met[s.Address] = &visit{state: waiting}
		}
		if s.Role == RoleSeed {
			r.met[s.Address].arrive(place{})
		}
	}
	for round := 0; ; round++ {
		r.ask()
		if round == 0 {
			r.payments()
		}
		if !r.walk(round + 1) {
			return r
		}
	}
}

// ask decides on who is waiting, asks for who is not refused, and then knows
// more of them.
func (r *reach) ask() {
	fresh := map[string]*visit{}
	for address, v := range r.met {
		if v.state != waiting {
			continue
		}
		if v.state, v.stop = asked, r.refusal(address, v); v.stop != "" {
			v.state = refused
			continue
		}
		fresh[address] = v
	}
	for i, m := range r.list {
		if r.told[i] || !m.touches(func(a string) bool { return fresh[a] != nil }) {
			continue
		}
		r.told[i] = true
		r.learn(m)
	}
	for address, v := range fresh {
		switch {
		case r.onlyWatched(address):
			v.stop = "watch"
		case v.hop > 0 && r.contract[address]:
			v.stop = "contract"
		}
	}
}

// refusal is the rule by which an address is not asked for.
func (r *reach) refusal(address string, v *visit) string {
	label := r.Stops[Place{r.chain.Name, address}]
	switch {
	case label != "" && label != "contract":
		return label
	case v.hop > 0 && (label == "contract" || r.contract[address] || r.null(address)):
		return "contract"
	case v.hop > r.MaxHops:
		return "max-hops"
	}
	return ""
}

// null reports whether an address stands for coins that are made and burnt.
func (r *reach) null(address string) bool {
	return r.chain.Family == chain.Account && address == string(chain.NullAddress)
}

// learn notes where the transaction stands, and which contracts a movement
// shows: who made a call inside a transaction, who was created, and who issued
// the token.
func (r *reach) learn(m Movement) {
	if !m.NoIndex {
		r.placed[m.Tx] = true
	}
	if m.Kind == chain.Internal {
		r.contract[m.In[0].Address] = true
	}
	if m.Asset != string(chain.Native) {
		r.contract[m.Asset] = true
	}
	for _, e := range m.Out {
		if e.Created {
			r.contract[e.Address] = true
		}
	}
}

func (r *reach) onlyWatched(address string) bool {
	of := func(s Seed) bool { return s.Address == address }
	other := func(s Seed) bool { return s.Address == address && s.Role != RoleWatch }
	return slices.ContainsFunc(r.seeds, of) && !slices.ContainsFunc(r.seeds, other)
}

// payments lets who received a reported payment begin there.
func (r *reach) payments() {
	reported := map[string][]string{}
	for _, s := range r.seeds {
		if s.Role == RoleVictimTx {
			reported[s.Tx] = append(reported[s.Tx], s.Address)
		}
	}
	for i, m := range r.list {
		for _, address := range reported[m.Tx] {
			if r.told[i] && slices.ContainsFunc(m.Out, func(e Entry) bool { return e.Address == address }) {
				r.met[address].arrive(r.early(m))
			}
		}
	}
}

// early is the first place in its block where a movement may stand, as far as
// is known; late is the last.
func (r *reach) early(m Movement) place {
	if !r.placed[m.Tx] {
		return place{m.Height, 0}
	}
	return m.place()
}

func (r *reach) late(m Movement) place {
	if !r.placed[m.Tx] {
		return place{m.Height, math.MaxUint32}
	}
	return m.place()
}

// walk follows everybody once more by one payment, from the arrivals known at
// its beginning, and reports whether that told anything new.
func (r *reach) walk(hop int) bool {
	since := map[string]place{}
	for address, v := range r.met {
		if v.followed() && v.arrived {
			since[address] = v.arrival
		}
	}
	news := false
	for _, m := range r.list {
		for _, payer := range m.In {
			if from, ok := since[payer.Address]; !ok || r.late(m).compare(from) < 0 {
				continue
			}
			for _, payee := range m.Out {
				if payee.Address != payer.Address && payee.Address != "" && payee.Amount.Sign() > 0 {
					news = r.meet(payee.Address, hop, r.early(m), r.hindrance(m, payee)) || news
				}
			}
		}
	}
	return news
}

// hindrances are the rules by which a payment leads nowhere, the first that
// applies is named.
func hindrances() []string { return []string{"coinjoin", "asset", "dust"} }

func (r *reach) hindrance(m Movement, payee Entry) string {
	switch {
	case m.Opaque && len(m.In) > 0:
		return "coinjoin"
	case !r.follows(m.Chain, m.Asset):
		return "asset"
	case r.isDust(m.Chain, m.Asset, payee.Amount):
		return "dust"
	}
	return ""
}

// meet notes that an address is paid by who is followed, and reports whether
// that changes anything for the next round.
func (r *reach) meet(address string, hop int, at place, hindrance string) (news bool) {
	v := r.met[address]
	if v == nil {
		v = &visit{hop: hop, stop: hindrance}
		r.met[address] = v
	}
	if v.state == hindered {
		if hindrance == "" {
			v.state, v.hop, v.stop, news = waiting, hop, "", true
		} else if slices.Index(hindrances(), hindrance) < slices.Index(hindrances(), v.stop) {
			v.stop = hindrance
		}
	}
	if hindrance == "" || hindrance == "dust" {
		news = v.arrive(at) && v.followed() || news
	}
	return news
}

// book is the movements that a tracer keeps.
func (r *reach) book() []Movement {
	kept := func(address string) bool {
		v := r.met[address]
		return v != nil && (v.followed() || v.state == asked && v.stop == "watch")
	}
	return slices.DeleteFunc(slices.Clone(r.list), func(m Movement) bool { return !m.touches(kept) })
}

// holds reports whether an address passes on what it received.
func (r *reach) holds(address string) bool {
	v := r.met[address]
	return v != nil && v.followed() && !r.null(address)
}

// stopOf is the rule by which the money ends at an address that does not hold.
func (r *reach) stopOf(address string) string {
	switch v := r.met[address]; {
	case address == "":
		return "no-address"
	case v == nil:
		return "direction" // nothing that is followed leads there
	case v.stop == "":
		return "contract" // a seed that is the null address
	default:
		return v.stop
	}
}

func (r *reach) visits() []Visit {
	var out []Visit
	for _, address := range slices.Sorted(maps.Keys(r.met)) {
		v := r.met[address]
		out = append(out, Visit{Chain: r.chain.Name, Address: address, Hop: v.hop, Stop: v.stop})
	}
	return out
}
