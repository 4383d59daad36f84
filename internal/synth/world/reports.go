package world

import (
	"fmt"

	"github.com/scamtrace/scamtrace/internal/synth/dice"
)

// reports is what may become known: the collection addresses, each with one of
// the payments that it got.
type reports struct {
	collections []reported
	at          map[Party]int // place in collections
}

type reported struct {
	party  Party
	team   *team
	tx     int64 // of its first payment; -1 if there was none
	token  Token
	amount int64
	time   int64
}

func (r *reports) collection(p Party, t *team) {
	if r.at == nil {
		r.at = map[Party]int{}
	}
	r.at[p] = len(r.collections)
	r.collections = append(r.collections, reported{party: p, team: t, tx: -1})
}

// payment notes what a victim paid into a collection address, the first time.
func (r *reports) payment(to Party, tx int64, t Token, amount, time int64) {
	if c := &r.collections[r.at[to]]; c.tx < 0 {
		c.tx, c.token, c.amount, c.time = tx, t, amount, time
	}
}

// Public is what the public knows when the play has ended.
func (w *World) Public() Public {
	d := w.dice("public", 0)
	return Public{Seeds: w.seeds(d), Labels: w.labels(d)}
}

// seeds are collection addresses that got money, in the order in which they
// were opened: of each compound at least one, and others by chance. Of some of
// the rest one payment is known. Then come those that should not be there.
func (w *World) seeds(d dice.Dice) []Seed {
	var out []Seed
	known := map[Entity]bool{}
	for _, c := range w.public.collections {
		if c.tx < 0 {
			continue
		}
		s := Seed{Party: c.party, Role: "seed", ReportedAt: c.time + d.Between(5, 40)*day, Verdict: "scam"}
		switch p := d.Chance(w.sc.Victim.ReportedShare); {
		case p || !known[c.team.compound]:
			known[c.team.compound] = true
			s.Label = fmt.Sprint("reported collection wallet ", len(out)+1)
			s.Notes = "named in complaints about golden-harbour.example"
		case d.Chance(w.sc.Victim.ReportedPayments):
			s.Role, s.Tx, s.Token, s.Amount = "victim_tx", c.tx, c.token, c.amount
			s.Label = "payment reported by a victim"
		default:
			continue
		}
		out = append(out, s)
	}
	good := int64(len(out))
	add := func(p Party, verdict, notes string) {
		out = append(out, Seed{
			Party: p, Role: "seed", Label: "reported by a visitor", ReportedAt: w.now, Notes: notes, Verdict: verdict,
		})
	}
	dirty := dice.Times(good, w.sc.Public.DirtySeeds)
	if w.rows >= 5_000 && w.sc.Public.DirtySeeds > 0 {
		dirty = max(1, dirty)
	}
	for n := range dirty {
		if n%2 == 0 {
			add(w.exchanges[int(n/2)%len(w.exchanges)].hot, "service", "money went there in the end")
		} else {
			add(w.places.kiosk, "service", "paid there too")
		}
	}
	for range dice.Times(good, w.sc.Public.SpamReports) {
		if u := w.crowd.users[d.IntN(len(w.crowd.users))]; u.wallet != 0 {
			add(u.wallet, "spam_report", "he looked at me")
		}
	}
	for n := range w.sc.Public.Typos {
		if good == 0 {
			break
		}
		p := out[int(n)%int(good)].Party
		if n%2 == 0 {
			add(p, "typo", "read out over the phone")
		} else {
			add(p, "wrong_chain", "")
		}
	}
	return unique(out)
}

// unique drops seeds of the crowd that were drawn twice.
func unique(seeds []Seed) []Seed {
	type key struct {
		p       Party
		verdict string
	}
	seen := map[key]bool{}
	out := seeds[:0]
	for _, s := range seeds {
		if k := (key{s.Party, s.Verdict}); !seen[k] {
			seen[k] = true
			out = append(out, s)
		}
	}
	return out
}

// labels are what label packs say: exchanges' wallets and public services, a
// part of the rest, some of it late or contradicted later.
func (w *World) labels(d dice.Dice) []Label {
	var out []Label
	add := func(p Party, label, category, actor, event string) {
		at := w.start
		if event == "late" {
			at = w.now + 10*day
		}
		out = append(out, Label{Party: p, Label: label, Category: category, Actor: actor, Event: event, At: at})
	}
	for _, x := range w.exchanges {
		add(x.hot, x.name+" hot wallet", "exchange", x.name, "public")
		for _, v := range x.vaults() {
			add(v, x.name+" hot wallet", "exchange", x.name, "public")
		}
	}
	add(w.exchanges[0].gas, w.exchanges[0].name+" gas wallet", "exchange", w.exchanges[0].name, "public")
	add(w.places.mixer, "fogbank", "mixer", "fogbank", "public")
	add(w.places.bridge, "ferry bridge", "bridge", "ferry", "public")
	add(w.places.pool, "lagoon pool", "dex", "lagoon", "public")
	add(w.places.desk, "quotes desk", "dex", "quotes", "public")
	for i, p := range append([]Party{w.places.escrow}, w.places.otc...) {
		event := "late"
		if d.Chance(w.sc.Public.LabelledOTC) {
			event = "public"
		}
		add(p, fmt.Sprint("desk ", i+1), "otc", fmt.Sprint("desk-", i+1), event)
	}
	for _, t := range w.teams {
		for _, x := range w.exchanges {
			if a := t.depositors[x.entity]; a != nil && d.Chance(w.sc.Public.LabelDeposits) {
				event := "public"
				if d.Chance(w.sc.Public.LateLabels) {
					event = "late"
				}
				add(a.address, x.name+" deposit address", "deposit_wallet", x.name, event)
				if d.Chance(200_000) { // relabelled: the customer was a swap service
					add(a.address, "instant swap service", "service", "quickswap", "late")
				}
			}
		}
	}
	return out
}
