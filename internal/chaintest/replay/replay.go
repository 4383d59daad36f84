package replay

import (
	"context"
	"fmt"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chaintest/btcnode"
	"github.com/scamtrace/scamtrace/internal/chaintest/evmnode"
	"github.com/scamtrace/scamtrace/internal/synth/scenario"
	"github.com/scamtrace/scamtrace/internal/synth/world"
)

// Replay is a play that happened on nodes.
type Replay struct {
	World *world.World
	// Ethereum and Bitcoin are the chains, to be served by nodes. Bitcoin's is
	// regtest.
	Ethereum *evmnode.Story
	Bitcoin  *btcnode.Story
	// Names are those of parties, tokens and transactions on the chains.
	Names Names

	told []func(world.Sink) error
}

// Tell plays a scenario on the nodes. It is a function of its arguments.
func Tell(ctx context.Context, sc scenario.Scenario, rows int64, seed uint64) (*Replay, error) {
	w := world.New(sc.Sized(rows), rows, seed)
	ethereum, err := newEthereum(w, rows, seed, int(world.Counterfeit)+1+int(sc.Noise.Airdrops))
	if err != nil {
		return nil, err
	}
	start, _ := w.Span()
	bitcoin := newBitcoin(start, seed)
	r := &Replay{World: w, Ethereum: ethereum.story, Bitcoin: bitcoin.story, Names: Names{ethereum, bitcoin}}
	w.On(ethereum)
	if err := w.Play(ctx, r.recorder()); err != nil {
		return nil, err
	}
	bitcoin.finish()
	if err := ethereum.finish(); err != nil {
		return nil, fmt.Errorf("Ethereum: %w", err)
	}
	return r, nil
}

// Retell tells somebody the whole play once more, as it happened on the chains:
// transactions have the heights, places, fees and names that they have there.
func (r *Replay) Retell(to world.Sink) error {
	for _, tell := range r.told {
		if err := tell(to); err != nil {
			return err
		}
	}
	return nil
}

// recorder makes the Bitcoin chain and remembers everything.
func (r *Replay) recorder() world.Sink { return recorder{r} }

type recorder struct{ *Replay }

func (r recorder) note(tell func(world.Sink) error) error {
	r.told = append(r.told, tell)
	return nil
}

func (r recorder) Ethereum(tx *world.EthereumTx) error {
	x := *tx
	x.Calls, x.Logs = slices.Clone(x.Calls), slices.Clone(x.Logs)
	return r.note(func(s world.Sink) error { return s.Ethereum(&x) })
}

func (r recorder) Bitcoin(tx *world.BitcoinTx) error {
	x := *tx
	x.In, x.Out = slices.Clone(x.In), slices.Clone(x.Out)
	if err := r.Names.bitcoin.Execute(&x); err != nil {
		return err
	}
	return r.note(func(s world.Sink) error { return s.Bitcoin(&x) })
}

func (r recorder) Entity(f world.EntityFact) error {
	return r.note(func(s world.Sink) error { return s.Entity(f) })
}

func (r recorder) Link(f world.LinkFact) error {
	return r.note(func(s world.Sink) error { return s.Link(f) })
}

func (r recorder) Victim(f world.VictimFact) error {
	return r.note(func(s world.Sink) error { return s.Victim(f) })
}

func (r recorder) Deposit(f world.DepositFact) error {
	return r.note(func(s world.Sink) error { return s.Deposit(f) })
}

func (r recorder) Night(f world.NightFact) error {
	return r.note(func(s world.Sink) error { return s.Night(f) })
}
