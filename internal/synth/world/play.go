package world

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/scamtrace/scamtrace/internal/synth/dice"
	"github.com/scamtrace/scamtrace/internal/synth/scenario"
)

const (
	minute = int64(60)
	hour   = 60 * minute
	day    = 24 * hour
)

// World is one play.
type World struct {
	sc    scenario.Scenario
	rows  int64
	seed  uint64
	start int64
	end   int64 // nothing new is begun after it

	holidays [12]int64

	now     int64
	queue   queue
	sink    Sink
	err     error
	written int64 // rows so far
	scam    int64 // of them the scam's

	parties  Parties
	entities Entity
	eth      *ethereum
	btc      *bitcoin

	exchanges []*exchange
	places    places
	teams     []*team
	paying    []*victim // whose story is not over, and some whose is
	crowd     *crowd
	poison    *poison
	public    reports
	desks     map[Party]*depositor // accounts of OTC desks
	ice       map[Party]bool       // wallets that cannot send USDT
}

// New sets the stage for a number of rows. The scenario was checked and sized.
func New(sc scenario.Scenario, rows int64, seed uint64) *World {
	start, _ := time.Parse(time.DateOnly, sc.Start) // Check has read it
	w := &World{sc: sc, rows: rows, seed: seed, start: start.Unix()}
	w.holidays = newYears()
	w.now, w.end = w.start, w.start+sc.Days*day
	w.parties.add(false, NoRole, 0, 0) // the null address
	w.eth = &ethereum{w: w, ledger: newBooks(w), gas: slices.Contains(sc.Tables, "transactions")}
	w.btc = newBitcoin(w)
	return w
}

// On lets the Ethereum side happen on another ledger, such as a real node's. It
// is called before Play.
func (w *World) On(l Ledger) { w.eth.ledger = l }

// Play lets everything happen. A set ends with the transaction that reaches the
// number of rows.
func (w *World) Play(ctx context.Context, sink Sink) error {
	w.sink = sink
	w.openPlaces()
	w.openExchanges()
	w.openTeams()
	w.openCrowd()
	w.openNoise()
	w.inviteVictims()
	for n := 0; w.err == nil && w.written < w.rows; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if len(w.queue.events) > 0 && (w.crowd.next >= w.queue.events[0].at) {
			e := w.queue.pop()
			w.now = max(w.now, e.at)
			e.do()
			continue
		}
		w.now = max(w.now, w.crowd.next)
		w.crowd.act()
		if w.crowd.acts > 1000*(w.written+1_000) {
			return errors.New("the play stands still: nobody in the crowd can do anything")
		}
	}
	if w.err == nil {
		w.closeBooks()
	}
	return w.err
}

// closeBooks tells what is still open when time stops.
func (w *World) closeBooks() {
	for _, x := range w.exchanges {
		x.close()
	}
	for _, v := range w.paying {
		v.tell()
	}
}

// Parties are the addresses so far.
func (w *World) Parties() *Parties { return &w.parties }

// Written are the rows so far, and how many of them are the scam's.
func (w *World) Written() (rows, scam int64) { return w.written, w.scam }

// Span is the first and the last second of the play so far, since 1970.
func (w *World) Span() (first, last int64) { return w.start, w.now }

func (w *World) dice(kind string, number uint64) dice.Dice { return dice.New(w.seed, kind, number) }

// entity introduces somebody.
func (w *World) entity(kind, name string, parent Entity) Entity {
	w.entities++
	w.tell(w.sink.Entity(EntityFact{w.entities, name, kind, parent}))
	return w.entities
}

func (w *World) tell(err error) {
	if w.err == nil {
		w.err = err
	}
}

// account opens an Ethereum address, contract one that has code.
func (w *World) account(r Role, controller, exchange Entity) Party {
	return w.parties.add(false, r, controller, exchange)
}

func (w *World) contract(r Role, controller Entity) Party {
	p := w.account(r, controller, 0)
	if w.parties.contract == nil {
		w.parties.contract = map[Party]bool{}
	}
	w.parties.contract[p] = true
	return p
}

// Nights is into how many nights a play is cut.
const Nights = 30

// night is the number of the night after a time, from 1 to Nights.
func (w *World) night(t int64) int64 { return min(Nights, (t-w.start)*Nights/(w.end-w.start)+1) }

// alert tells what the transaction that was just sent should raise, in the night
// after its block: that comes a little later than who pays.
func (w *World) alert(what string, p Party, t Token, amount, tx int64) {
	f := NightFact{Night: w.eth.tx.Night, Type: what, Bitcoin: w.parties.Bitcoin(p), Address: p, Asset: t, Amount: amount, Tx: tx}
	if f.Bitcoin {
		f.Night = w.btc.tx.Night
	}
	w.tell(w.sink.Night(f))
}
