package etherscan

import (
	"context"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// noRewards is why rewards are a gap: explorers list mined blocks and
// withdrawals elsewhere, and not with what a transfer needs.
const noRewards = "this interface does not list what blocks create"

// plan is a question under way.
type plan struct {
	server *Server
	pin    string
	span   chain.Span
	limit  int
	kinds  kinds
	lists  []listing
	states map[chain.Address]*state // of all asked addresses; the map stays as it is
}

// state is how far an address has come. The lock is held while its lists are
// asked for, so that nobody else asks for the same.
type state struct {
	lock  chan struct{}
	known bool
	hub   bool
	// cut are the lists that are not there to the end.
	cut map[string]bool
	// shared counts the rows with asked addresses whose parts come later.
	shared map[fingerprint]int
}

// Plan implements live.Server: one part an address, by address, and before them
// one that declares what no address can have. What moved between two asked
// addresses is told by the part of the first of them, unless that one cannot.
func (s *Server) Plan(_ context.Context, q chain.Question, pin chain.Block) ([]chain.Part, error) {
	p := &plan{
		server: s, pin: pin.Hash.Text(chain.Account), span: q.Span, limit: q.Limit, kinds: kindsOf(q.Kinds),
		states: make(map[chain.Address]*state, len(q.Addresses)),
	}
	p.lists = wanted(p.kinds)
	var parts []chain.Part
	if gaps := s.declared(p.kinds, q.Span); len(gaps) > 0 {
		parts = append(parts, declaration(gaps))
	}
	if len(p.lists) == 0 {
		return parts, nil
	}
	addresses := make([]chain.Address, 0, len(q.Addresses))
	for a := range q.Addresses {
		addresses = append(addresses, a)
		p.states[a] = &state{lock: make(chan struct{}, 1)}
	}
	slices.Sort(addresses)
	for _, a := range addresses {
		parts = append(parts, &part{plan: p, address: a})
	}
	return parts, nil
}

// hold takes the lock of an address.
func (p *plan) hold(ctx context.Context, a chain.Address) (*state, error) {
	s := p.states[a]
	select {
	case s.lock <- struct{}{}:
		return s, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *state) release() { <-s.lock }

// declared are the gaps that are known without asking.
func (s *Server) declared(k kinds, span chain.Span) []chain.Gap {
	var gaps []chain.Gap
	if k.has(chain.Reward) {
		gaps = append(gaps, chain.Gap{Kind: chain.Reward, Span: span, Reason: noRewards})
	}
	if k.has(chain.Fee) && !paysWhole(s.chain.ID) {
		gaps = append(gaps, chain.Gap{
			Kind: chain.Fee, Span: span, Effect: chain.Unproved,
			Reason: "gas used times gas price may lack what the chain below charges",
		})
	}
	return gaps
}

// paysWhole reports whether gas used times gas price is all that a transaction
// costs on a chain, blobs aside: on layers of their own, and on Arbitrum, whose
// gas used includes the gas for the layer below.
func paysWhole(id chain.ID) bool {
	switch id {
	case "eip155:1", "eip155:11155111", "eip155:17000", "eip155:560048", // Ethereum and its test networks
		"eip155:1337", "eip155:31337", // development chains
		"eip155:56", "eip155:100", "eip155:137", "eip155:43114", "eip155:42161":
		return true
	}
	return false
}

// declaration is a part that tells gaps and nothing else.
type declaration []chain.Gap

// Ask implements chain.Part.
func (d declaration) Ask(ctx context.Context, _ func(*chain.Transfer) error) ([]chain.Gap, error) {
	return d, ctx.Err()
}
