package etherscan

import (
	"context"
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// noRewards is why rewards are a gap: explorers list mined blocks and
// withdrawals elsewhere, and not with what a transfer needs.
const noRewards = "this interface does not list what blocks create"

// Plan implements live.Server: one part an address, by address, and before them
// one that declares what no address can have.
func (s *Server) Plan(_ context.Context, q chain.Question, pin chain.Block) ([]chain.Part, error) {
	wantedKinds := kindsOf(q.Kinds)
	var parts []chain.Part
	if gaps := s.declared(wantedKinds, q.Span); len(gaps) > 0 {
		parts = append(parts, declaration(gaps))
	}
	addresses := make([]chain.Address, 0, len(q.Addresses))
	for a := range q.Addresses {
		addresses = append(addresses, a)
	}
	slices.Sort(addresses)
	lists := wanted(wantedKinds)
	if len(lists) == 0 {
		return parts, nil
	}
	for _, a := range addresses {
		parts = append(parts, &part{
			server: s, pin: pin.Hash.Text(chain.Account), address: a,
			span: q.Span, limit: q.Limit, kinds: wantedKinds, lists: lists,
		})
	}
	return parts, nil
}

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
